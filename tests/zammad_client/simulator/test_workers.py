"""A Zammad that is busy: requests wait for a worker."""

from __future__ import annotations

import asyncio
from itertools import count

import httpx
import pytest

from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app
from zammad_client.simulator.workers import Workers

pytestmark = pytest.mark.anyio


async def test_so_many_requests_are_worked_on_at_once_and_the_others_in_the_order_they_came(sim: Simulator) -> None:
    ticks = count(1.0)
    workers = Workers(create_app(sim), count=2, seconds=lambda _method, _path: 0.01, clock=lambda: next(ticks))
    at_once: list[int] = []

    headers = {"Authorization": f"Token token={sim.tokens.service}"}
    transport = httpx.ASGITransport(app=workers)
    async with httpx.AsyncClient(transport=transport, base_url="http://zammad.test", headers=headers) as client:
        asked = [asyncio.ensure_future(client.get(f"/api/v1/users/{number}")) for number in (4, 5, 6, 7)]
        while not all(each.done() for each in asked):
            at_once.append(len(workers.begun) - sum(each.done() for each in asked))
            await asyncio.sleep(0)
    assert max(at_once) == 2
    assert [each.path for each in workers.begun] == [f"/api/v1/users/{number}" for number in (4, 5, 6, 7)]
    assert [each.at for each in workers.begun] == [1.0, 2.0, 3.0, 4.0]
    assert [each.result().status_code for each in asked] == [200, 200, 200, 200]
