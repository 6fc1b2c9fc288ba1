"""A new token in Zammad while calls come in: none is lost, and the old token ends when it should."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from sqlalchemy import func, select

from sidecar.store.journal.tables import hooks
from tests.service import Service, prepared, serving, until_ready
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
NEW = "a-new-token-of-the-page"


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


async def calls(service: Service, name: str, over: anyio.Event, statuses: list[int]) -> None:
    """One caller after the other, until it is over; sipgate keeps a call's URLs to its end."""
    number = 0
    while not over.is_set():
        number += 1
        for event in ("newCall", "answer", "hangup"):
            form = {"event": event, "callId": f"{name}-{number}", "from": "49301234567", "to": "4930600001"}
            statuses.append((await service.hook(**form)).status_code)


def with_token(service: Service, token: str) -> Service:
    return Service(sidecar=service.sidecar, client=service.client, token=token)


async def test_rotation_under_load_loses_nothing(sim: Simulator, url: str, database_url: str) -> None:
    statuses: list[int] = []
    over = anyio.Event()
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
        renewed = with_token(service, NEW)
        async with anyio.create_task_group() as tasks:
            for name in "abcd":
                tasks.start_soon(calls, service, name, over, statuses)
            await until(lambda: len(statuses) > 50)
            sim.settings["sipgate_token"] = NEW
            await until(lambda: service.sidecar.rules.tokens.current == NEW)
            for name in "efgh":
                tasks.start_soon(calls, renewed, name, over, statuses)
            rotated_at = len(statuses)
            await until(lambda: len(statuses) > rotated_at + 100)
            over.set()
        await until(lambda: not service.sidecar._hook_path.waiting)
        with service.sidecar.database.reading() as connection:
            kept = connection.execute(select(func.count()).select_from(hooks)).scalar_one()
    assert set(statuses) == {200}
    assert kept == len(statuses)


async def test_the_old_token_ends_with_the_overlap(sim: Simulator, url: str, sqlite_url: str) -> None:
    async with serving(url, sqlite_url, sim, {"SIDECAR_SIPGATE__TOKEN_OVERLAP": "0"}) as service:
        await until_ready(service)
        sim.settings["sipgate_token"] = NEW
        await until(lambda: service.sidecar.rules.tokens.current == NEW)
        assert (await service.hook(event="newCall", callId="c-1")).status_code == 401
        assert (await with_token(service, NEW).hook(event="newCall", callId="c-1")).status_code == 200


async def test_the_overlap_outlives_a_restart(sim: Simulator, url: str, sqlite_url: str) -> None:
    async with serving(url, sqlite_url, sim) as service:
        await until_ready(service)
        sim.settings["sipgate_token"] = NEW
        await until(lambda: service.sidecar.rules.tokens.current == NEW)
    sim.faults.refuse()
    async with serving(url, sqlite_url, sim) as service:
        for token in (NEW, sim.sipgate_token):
            assert (await with_token(service, token).hook(event="newCall", callId="c-1")).status_code == 200
