"""Routes for those who watch the process: alive, ready, counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidecar.readiness import Readiness


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
    body = {"status": status, "checks": dict(state.checks), "details": dict(state.details)}
    return JSONResponse(body, status_code=200 if state.ready else 503)
