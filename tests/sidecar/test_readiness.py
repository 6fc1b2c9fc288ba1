"""Silence and gaps are visible: what /readyz tells in its details, and the gauges."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sidecar.calls.conversation.caller_log import OpenRow
from sidecar.store.calls import outbox
from tests.service import Service, serving, until_ready
from tests.sidecar.delivery.filled_outbox import fill
from tests.waiting import until
from tests.whole_service.reliability.watching import Clock, simulated
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Simulator:
    return simulated(clock)


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


async def details(service: Service) -> dict[str, object]:
    return (await service.client.get("/readyz")).json()["details"]  # type: ignore[no-any-return] # JSON


async def gauges(service: Service) -> dict[str, float]:
    await service.sidecar._gauges.refresh()
    lines = (await service.client.get("/metrics")).text.splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


async def test_nothing_heard_yet_is_said_so(sim: Simulator, url: str, clock: Clock, sqlite_url: str) -> None:
    async with serving(url, sqlite_url, sim, clock=clock) as service:
        await until_ready(service)
        told = await details(service)
        assert told["last_hook_seconds"] is None
        assert told["unreadable_hooks"] == 0
        assert told["outbox"] == {"pending": 0, "dead": 0, "oldest_seconds": 0.0}
        assert (await gauges(service))["sidecar_last_hook_timestamp_seconds"] == 0


async def test_the_last_hook_and_unreadable_ones_are_told(
    sim: Simulator, url: str, clock: Clock, sqlite_url: str
) -> None:
    async with serving(url, sqlite_url, sim, clock=clock) as service:
        await until_ready(service)
        await service.hook(event="hold", callId="c-1")
        heard_at = clock()
        clock.jump(90.0)
        told = await details(service)
        assert told["last_hook_seconds"] == 90.0
        assert told["unreadable_hooks"] == 1
        shown = await gauges(service)
        assert shown["sidecar_last_hook_timestamp_seconds"] == heard_at
        assert shown['sidecar_hooks_total{direction="in",event="none",outcome="unreadable"}'] == 1


async def test_what_waits_for_zammad_is_told_with_its_age(
    sim: Simulator, url: str, clock: Clock, database_url: str
) -> None:
    async with serving(url, database_url, sim, clock=clock) as service:
        await until_ready(service)
        sim.faults.refuse()
        await service.hook(**{"event": "newCall", "callId": "c-1", "from": "49301234567", "to": "4930600001"})
        await until(lambda: service.sidecar._delivery.courier._breaker._failures > 0)
        clock.jump(300.0)
        told = await details(service)
        waited = 300.0
        assert told["outbox"] == {"pending": 1, "dead": 0, "oldest_seconds": waited}
        assert (await service.client.get("/readyz")).status_code == 200, "Zammad being down makes nothing unready"
        shown = await gauges(service)
        assert [shown["sidecar_outbox_pending"], shown["sidecar_outbox_oldest_seconds"]] == [1, waited]


async def test_dead_letters_are_told(sim: Simulator, url: str, clock: Clock, database_url: str) -> None:
    async with serving(url, database_url, sim, clock=clock) as service:
        await until_ready(service)
        database = service.sidecar.database
        impossible = OpenRow(call_id="c-1", direction="sideways", caller="4930", callee="4930")
        fill(database, "c-1")
        with database.writing() as connection:
            outbox.discard(connection, [1, 2, 3], now=clock())
            outbox.put(connection, [(1, impossible)], now=clock())
        await until(lambda: _dead(service))
        assert (await details(service))["outbox"] == {"pending": 0, "dead": 1, "oldest_seconds": 0.0}
        assert (await gauges(service))["sidecar_dead_letters"] == 1


def _dead(service: Service) -> int:
    with service.sidecar.database.reading() as connection:
        return outbox.backlog(connection).dead


async def test_a_job_that_has_stopped_makes_the_process_unready_and_is_named(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    async with serving(url, sqlite_url, sim) as service:
        await until_ready(service)
        for job, record in service.sidecar._timetable._records.items():
            if job.name == "retention":
                record.began_at -= 4 * job.every
        answer = await service.client.get("/readyz")
        assert (answer.status_code, answer.json()["checks"]["jobs"]) == (503, "stuck: retention")
        assert (await gauges(service))["sidecar_stuck_jobs"] == 1
