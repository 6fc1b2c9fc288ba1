"""Routes for those who watch the process: alive, ready, counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidecar.calls.reasons import Reason
from sidecar.readiness import Readiness
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words

ENGLISH = Words()  # for machines


def health_routes(
    *, readiness: Callable[[], Awaitable[Readiness]], exposition: Callable[[], tuple[bytes, str]]
) -> list[Route]:
    """`/healthz` touches nothing; `/readyz` asks `readiness`; `/metrics` shows `exposition`."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        return _readiness_response(await readiness())

    async def metrics(_request: Request) -> Response:
        body, content_type = exposition()
        return Response(body, headers={"content-type": content_type})

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def _readiness_response(state: Readiness) -> Response:
    status = "ready" if state.ready else "not ready"
    body = {
        "status": status,
        "checks": {name: _in_english(lacking) for name, lacking in state.checks.items()},
        "details": {"zammad": _in_english(state.zammad), **state.details},
    }
    return JSONResponse(body, status_code=200 if state.ready else 503)


def _in_english(lacking: Reason | None) -> str:
    return "ok" if lacking is None else sentence(lacking, ENGLISH)
