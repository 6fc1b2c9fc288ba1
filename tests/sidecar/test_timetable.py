"""Jobs by one replica at a time, and what becomes of them when it stops or dies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, tzinfo
from functools import partial
from math import inf

import anyio
import pytest

from sidecar.store.database import Database
from sidecar.store.replicas.leases import take_lease
from sidecar.timetable import GRACE, Job, Timetable, for_ever
from tests.waiting import until

pytestmark = pytest.mark.anyio
NOW = 1_000_000.0
EVERY = 0.02


class Clock:
    """A clock of the machine that can be set, and what APScheduler has in its place."""

    def __init__(self) -> None:
        self.set_by = 0.0

    def __call__(self) -> float:
        return time.time() + self.set_by

    def as_datetime(self) -> type[datetime]:
        clock = self

        class SetTime(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> SetTime:
                return cls.fromtimestamp(clock(), tz)

        return SetTime


class Work:
    """A job that takes a while, and how many did it at a time."""

    def __init__(self) -> None:
        self.times = 0
        self.most_at_once = 0
        self._at_once = 0

    async def __call__(self) -> None:
        self.times += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await anyio.sleep(2 * EVERY)
        self._at_once -= 1

    async def until_done(self, times: int) -> None:
        await until(lambda: self.times >= times)


@pytest.fixture
def replicas(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    with closing(Database(postgres_url)) as one, closing(Database(postgres_url)) as other:
        yield one, other


def timetable(database: Database, holder: str, now: float = NOW) -> Timetable:
    return Timetable(database=database, holder=holder, clock=lambda: now)


async def test_two_replicas_never_do_a_job_at_a_time(replicas: tuple[Database, Database]) -> None:
    work = Work()
    tables = [timetable(database, f"replica {number}") for number, database in enumerate(replicas)]
    for table in tables:
        table.start([Job(name="settings", every=EVERY, work=work)])
    await work.until_done(5)
    for table in tables:
        await table.stop()
    assert work.most_at_once == 1


async def test_what_is_no_job_for_one_is_done_by_all(replicas: tuple[Database, Database]) -> None:
    works = [Work(), Work()]
    tables = [timetable(database, f"replica {number}") for number, database in enumerate(replicas)]
    for table, work in zip(tables, works, strict=True):
        table.start([Job(name="gauges", every=EVERY, work=work, alone=False)])
    for table, work in zip(tables, works, strict=True):
        await work.until_done(2)
        await table.stop()


async def test_a_replica_that_stops_hands_its_jobs_over_at_once(replicas: tuple[Database, Database]) -> None:
    """Also where it is stopped while it takes a lease."""
    one, other = replicas
    work = Work()
    for number in range(10):
        table = timetable(one, f"replica {number}")
        table.start([Job(name="settings", every=EVERY, work=work)])
        await anyio.sleep(number * EVERY / 5)
        await table.stop()
        assert await other.write(partial(take_lease, name="settings", holder="other", now=NOW, seconds=-1.0))


async def test_a_dead_replicas_job_goes_on_when_its_lease_has_expired(replicas: tuple[Database, Database]) -> None:
    one, other = replicas
    lease = partial(take_lease, name="settings", holder="dead", now=NOW, seconds=EVERY + GRACE)
    assert await one.write(lease)
    work = Work()
    early = timetable(other, "heir", NOW + 1.0)
    early.start([Job(name="settings", every=EVERY, work=work)])
    await anyio.sleep(5 * EVERY)
    await early.stop()
    assert work.times == 0
    late = timetable(other, "heir", NOW + GRACE + 1.0)
    late.start([Job(name="settings", every=EVERY, work=work)])
    await work.until_done(1)
    await late.stop()


@pytest.mark.parametrize("seconds", [-3600.0, 3 * 86_400.0, -3 * 86_400.0])
async def test_jobs_go_on_when_the_clock_is_set(
    seconds: float, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, work = Clock(), Work()
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", clock.as_datetime())  # where it takes the time from
    table = Timetable(database=database, holder="replica", clock=clock, wall=clock)
    table.start([Job(name="settings", every=EVERY, work=work)])
    await work.until_done(2)
    clock.set_by = seconds
    await work.until_done(work.times + 5)
    await table.stop()


async def test_a_job_that_does_not_run_or_never_ends_is_named(replicas: tuple[Database, Database]) -> None:
    now = 0.0
    never = anyio.Event()

    async def fail() -> None:
        raise LookupError

    table = Timetable(database=replicas[0], holder="replica", clock=lambda: NOW, elapsed=lambda: now)
    patient = Job(name="passes", every=EVERY, work=never.wait, alone=False, longest=inf)
    table.start(
        [
            Job(name="settings", every=3600.0, work=never.wait, alone=False, longest=60.0),
            Job(name="repairs", every=3600.0, work=fail, alone=False),
            patient,
        ]
    )
    await until(lambda: table.at_work() == ["settings", "passes"])
    now = 59.0
    assert table.stuck() == []
    now = 61.0
    assert table.stuck() == ["settings"]
    now = 3 * 3600.0 + 2.0
    assert table.stuck() == ["settings", "repairs"]
    await table.stop()


async def test_a_job_that_fails_is_done_again(replicas: tuple[Database, Database]) -> None:
    times = 0

    async def fail() -> None:
        nonlocal times
        times += 1
        raise LookupError

    table = timetable(replicas[0], "replica")
    table.start([Job(name="settings", every=EVERY, work=fail)])
    await until(lambda: times >= 3)
    await table.stop()


async def test_a_loop_that_fails_begins_anew() -> None:
    times = 0

    async def fail_at_first() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise LookupError

    await for_ever("delivery", fail_at_first, pause=0.0)
    assert times == 2
