"""Routes for those who watch the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette

from sidecar.calls.reasons import Reason, as_written, because
from sidecar.codes.readiness import Lacking
from sidecar.health import health_routes
from sidecar.metrics import Metrics
from sidecar.readiness import Readiness

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.anyio


async def answer_to(path: str, *, readiness: Callable[[], Awaitable[Readiness]], method: str = "GET") -> httpx.Response:
    app = Starlette(routes=health_routes(readiness=readiness, exposition=Metrics().exposition))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sidecar") as client:
        return await client.request(method, path)


async def broken() -> Readiness:
    raise AssertionError("asked although nobody may")


def readiness_of(**checks: Reason | None) -> Callable[[], Awaitable[Readiness]]:
    async def readiness() -> Readiness:
        return Readiness(checks=checks, zammad=as_written("unreachable"), details={"unreadable_hooks": 1})

    return readiness


async def test_healthz_lives_while_nothing_else_does() -> None:
    response = await answer_to("/healthz", readiness=broken)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_readyz_is_ready_when_every_check_is_ok_whatever_the_details_say() -> None:
    response = await answer_to("/readyz", readiness=readiness_of(database=None, rules=None, agents=None))
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "checks": {"database": "ok", "rules": "ok", "agents": "ok"},
        "details": {"zammad": "unreachable", "unreadable_hooks": 1},
    }


async def test_readyz_says_which_part_is_not_ready_and_why() -> None:
    response = await answer_to(
        "/readyz", readiness=readiness_of(database=None, rules=because(Lacking.NO_ANSWER, within=2.0))
    )
    assert response.status_code == 503
    assert response.json()["status"] == "not ready"
    assert response.json()["checks"] == {"database": "ok", "rules": "no answer within 2 secs"}


async def test_metrics_are_prometheus_text() -> None:
    response = await answer_to("/metrics", readiness=broken)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"sidecar_build_info" in response.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_watching_is_only_reading(path: str) -> None:
    response = await answer_to(path, readiness=broken, method="POST")
    assert response.status_code == 405
