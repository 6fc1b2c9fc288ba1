"""A simulated Zammad that ends itself after a migration."""

from __future__ import annotations

import httpx
import pytest

from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app

pytestmark = pytest.mark.anyio


class SettableClock:
    def __init__(self) -> None:
        self._now = 1_800_000_000.0

    def now(self) -> float:
        return self._now

    def pass_seconds(self, seconds: float) -> None:
        self._now += seconds


ATTRIBUTE = {"object": "User", "name": "cti_blocked", "display": "Block", "data_type": "boolean"}
MIGRATE = "/api/v1/object_manager_attributes_execute_migrations"


async def _migrated(version: str, clock: SettableClock) -> tuple[Simulator, httpx.AsyncClient]:
    sim = Simulator(version=version, attributes=False, clock=clock.now)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(sim)),
        base_url="http://zammad.example",
        headers={"Authorization": f"Token token={sim.tokens.service}"},
    )
    assert (await client.post(MIGRATE)).status_code == 200
    assert sim.restarts.begun == 0  # nothing was pending
    assert (await client.post("/api/v1/object_manager_attributes", json=ATTRIBUTE)).status_code == 201
    assert (await client.post(MIGRATE)).status_code == 200
    return sim, client


@pytest.mark.parametrize(("version", "statuses"), [("5.5", [200, 200, 200]), ("6.5", [200, 502, 200])])
async def test_it_is_gone_for_a_while_since_6_5(version: str, statuses: list[int]) -> None:
    clock = SettableClock()
    sim, client = await _migrated(version, clock)
    seen = [(await client.get("/api/v1/users/me")).status_code]
    for passed in (sim.restarts.after, sim.restarts.away):
        clock.pass_seconds(passed)
        seen.append((await client.get("/api/v1/users/me")).status_code)
    assert seen == statuses


async def test_without_a_supervisor_it_stays_away_until_somebody_starts_it() -> None:
    clock = SettableClock()
    sim, client = await _migrated("6.5", clock)
    sim.restarts.supervised = False
    clock.pass_seconds(3600)
    assert (await client.get("/api/v1/users/me")).status_code == 502
    sim.restarts.start()
    assert (await client.get("/api/v1/users/me")).status_code == 200


@pytest.mark.parametrize(("version", "shown"), [("5.5", False), ("6.5", True)])
async def test_whose_records_have_the_new_keys(version: str, *, shown: bool) -> None:
    _, client = await _migrated(version, SettableClock())
    assert ("cti_blocked" in (await client.get("/api/v1/users/7")).json()) is shown
