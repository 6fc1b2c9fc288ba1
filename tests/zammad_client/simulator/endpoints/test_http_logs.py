"""Rows of "Recent Logs" are cut and refused as by Zammad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_http_logs_are_cut_and_refused_as_zammad_does(sim: Simulator, service: httpx.AsyncClient) -> None:
    entry = {"facility": "sipgate.io", "url": "u" * 300, "request": {"content": "x" * 8000}}
    await service.post("/api/v1/http_logs", json=entry)
    assert len(sim.http_logs[0]["url"]) == 255
    listed = (await service.get("/api/v1/http_logs/sipgate.io", params={"limit": 1})).json()
    assert listed == sim.http_logs
