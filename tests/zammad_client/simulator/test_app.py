"""What nobody has recorded is refused loudly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/api/v1/users/6"),
        ("GET", "/api/v1/taskbar"),
        ("POST", "/api/v1/placetel/simulated-token/in"),
        ("GET", "/api/v1/users?full=true"),
        ("GET", "/api/v1/users/search?query=*&sort_by=zip"),
    ],
)
async def test_what_is_not_simulated_says_so(
    sim: Simulator, service: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await service.request(method, path)
    assert answer.status_code == 501
    assert path.partition("?")[0] in answer.json()["error"]
    assert len(sim.not_simulated) == 1
