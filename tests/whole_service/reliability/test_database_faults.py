"""Disk full, database locked, slow disk, clock set: the phone is answered in time, and nothing is left half done."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, text

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.clock import SteadyClock
from sidecar.store.calls import outbox
from sidecar.store.database import Database
from tests.process import ServedProcess, served
from tests.service import Service, environ_of, serving, until_ready
from tests.sidecar.calls.conversation.traces import SIMPLE, VOICEMAIL
from tests.sidecar.calls.sipgate.forms import body_of
from tests.swallowing_proxy import swallowing_proxy
from tests.waiting import PATIENCE, until
from tests.whole_service.reliability.calls import SEED, as_call
from tests.whole_service.reliability.phone import Phone
from tests.whole_service.reliability.watching import (
    Clock,
    all_is_over,
    ended_calls,
    journalled,
    nothing_left_to_do,
    rows_by_call,
    simulated,
    until_in,
)
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
LOCKED = 5.0  # seconds that SQLite waits for a lock, and PostgreSQL twice as long: so would a hook that waited, too
SLOW_COMMITS = """
CREATE FUNCTION wait_for_disk() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON hooks DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait_for_disk()
"""


@pytest.fixture
def sim() -> Simulator:
    return simulated()


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


async def call(service: Service, name: str) -> None:
    """A whole call; every hook is answered with 200, and sooner than the database gives up."""
    for said in as_call(SIMPLE.events, name):
        started = time.monotonic()
        assert (await service.post(body_of(said))).status_code == 200
        assert time.monotonic() - started < LOCKED


async def assert_made_up_for(service: Service, sim: Simulator, *names: str) -> None:
    database = service.sidecar.database
    said = {(f"{name}/A", said): 1 for name in names for said in ("newCall", "answer", "hangup")}
    await until_in(database, lambda connection: journalled(connection).keys() == said.keys())
    await until_in(database, all_is_over)
    assert await database.read(journalled) == said
    assert {name: [state for state, _ in rows] for name, rows in rows_by_call(sim).items()} == {
        name: ["hangup"] for name in names
    }


def size_of_database(directory: Path) -> int:
    return max((directory / name).stat().st_size for name in ("sidecar.db", "sidecar.db-wal"))


@contextmanager
def locked_file(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """By another connection, as a backup or a curious admin might."""
    if database_url.startswith("sqlite"):
        file = Path(database_url.partition(":///")[2])
        with locked_file(file), locked_file(file.with_name("journal.db")):
            yield
        return
    with closing(Database(database_url)) as other, other.writing() as connection:
        connection.execute(text("LOCK TABLE hooks, conversations, outbox IN ACCESS EXCLUSIVE MODE"))
        yield


async def test_a_locked_database_delays_no_answer_and_its_hooks_are_on_disk_meanwhile(
    sim: Simulator, url: str, database_url: str
) -> None:
    async with serving(url, database_url, sim) as service:
        await until_ready(service)
        await call(service, "before")
        aside = service.sidecar.database.overflow
        with locked(database_url):
            await call(service, "meanwhile")
            await until(lambda: hooks_in(aside) == 3)
            journal = (await service.client.get("/readyz")).json()["details"]["journal"]
            assert (journal["waiting"], journal["aside"], journal["dropped"]) == (0, 3, 0)
        await assert_made_up_for(service, sim, "before", "meanwhile")
        await until(lambda: hooks_in(aside) == 0)


def hooks_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM hooks").fetchone()[0])


async def test_on_sqlite_nobody_waits_for_a_database_that_others_write_to(
    sim: Simulator, url: str, sqlite_url: str, tmp_path: Path
) -> None:
    async with serving(url, sqlite_url, sim) as service:
        await until_ready(service)
        with locked_file(tmp_path / "sidecar.db"):
            await call(service, "meanwhile")
            await until(lambda: service.sidecar._hook_path.waiting == 0)
        await assert_made_up_for(service, sim, "meanwhile")


@contextmanager
def hooks_committed_slowly(postgres_url: str) -> Iterator[None]:
    """Whoever commits hooks waits, as for a slow disk, until the block is left."""
    with closing(Database(postgres_url)) as other:
        with other.writing() as connection:
            connection.execute(text(SLOW_COMMITS))
        try:
            with other.writing() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(1)"))
                yield
        finally:
            with other.writing() as connection:
                connection.execute(text("DROP FUNCTION wait_for_disk CASCADE"))


async def test_a_slow_disk_delays_no_answer_and_loses_no_hook(sim: Simulator, url: str, postgres_url: str) -> None:
    async with serving(url, postgres_url, sim) as service:
        await until_ready(service)
        with hooks_committed_slowly(postgres_url):
            await call(service, "slow")
            await until(lambda: hooks_in(service.sidecar.database.overflow) == 3)
        await assert_made_up_for(service, sim, "slow")


async def test_a_full_disk_costs_no_answer_and_what_was_said_meanwhile_is_made_up_for(
    sim: Simulator, url: str, sqlite_url: str, tmp_path: Path
) -> None:
    with served(environ_of(sim, url, sqlite_url), tmp_path) as process, closing(Database(sqlite_url)) as database:
        phone = Phone(url=process.url, token=sim.sipgate_token, chance=random.Random(SEED))
        await phone.calls(5, at_once=2)
        process.limit_files_to(size_of_database(tmp_path))
        async with httpx.AsyncClient(trust_env=False) as client:
            while "sidecar_journal_failures_total 0.0" in (await client.get(f"{process.url}/metrics")).text:
                await phone.calls(40, at_once=4)
        assert phone.statuses == {200}
        with closing(sqlite3.connect(tmp_path / "sidecar.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        process.limit_files_to(None)
        await phone.calls(5, at_once=2)
        await until_in(database, lambda connection: set(phone.promised) <= set(journalled(connection)))
        await until_in(database, nothing_left_to_do)
        kept = await database.read(journalled)
        assert process.stop() == 0
    assert {count for said, count in kept.items() if said in set(phone.promised)} == {1}
    assert len(rows_by_call(sim)) >= len(phone.told)


@pytest.mark.parametrize("jump", [-3600.0, -30.0, 90.0, 3600.0])
async def test_calls_during_which_the_clock_is_set_end_as_ever(
    sim: Simulator, url: str, sqlite_url: str, jump: float
) -> None:
    clock = Clock(speed=1.0)
    async with serving(url, sqlite_url, sim, clock=SteadyClock(clock)) as service:
        await until_ready(service)
        calls = {"simple": SIMPLE, "voicemail": VOICEMAIL}
        events = [as_call(trace.events, name) for name, trace in calls.items()]
        for said in (said for call in events for said in call[:2]):
            assert (await service.post(body_of(said))).status_code == 200
        clock.jump(jump)
        for said in (said for call in events for said in call[2:]):
            assert (await service.post(body_of(said))).status_code == 200
        await until_in(service.sidecar.database, all_is_over)
        ended = await service.sidecar.database.read(ended_calls)
    assert ended == {name: trace.state for name, trace in calls.items()}
    rows = rows_by_call(sim)
    assert rows["simple"] == [("hangup", True)]
    assert rows["voicemail"][0] == ("hangup", False)


def was_tried(connection: Connection) -> bool:
    return any(parcel.note for parcel in outbox.parcels(connection, states=[ParcelState.PENDING]))


async def test_a_clock_set_back_while_parcels_wait_holds_none_of_them_up(
    sim: Simulator, url: str, sqlite_url: str
) -> None:
    clock = Clock(speed=1.0)
    async with serving(url, sqlite_url, sim, clock=SteadyClock(clock)) as service:
        await until_ready(service)
        sim.faults.refuse()
        await call(service, "waits")
        await until_in(service.sidecar.database, was_tried)
        clock.jump(-7200.0)
        sim.faults.clear()
        await until_in(service.sidecar.database, all_is_over)
    assert rows_by_call(sim) == {"waits": [("hangup", True)]}


def post(client: httpx.Client, process: ServedProcess, sim: Simulator, hook: dict[str, str]) -> int:
    return client.post(f"{process.url}/api/v1/sipgate/{sim.sipgate_token}/in", data=hook).status_code


def database_check(client: httpx.Client, process: ServedProcess) -> str:
    return str(client.get(f"{process.url}/readyz").json()["checks"]["database"])


async def test_after_a_connection_that_swallows_everything_another_one_takes_what_was_queued(
    sim: Simulator, url: str, postgres_url: str, tmp_path: Path
) -> None:
    with (
        swallowing_proxy(postgres_url) as (proxy, behind),
        served(environ_of(sim, url, behind), tmp_path) as process,
        closing(Database(postgres_url)) as database,
        httpx.Client(trust_env=False, timeout=PATIENCE) as client,
    ):
        proxy.swallow()
        for number in range(20):
            body = {"event": "newCall", "callId": f"c-{number}", "from": "49301234567", "to": "4930600001"}
            assert post(client, process, sim, body) == 200
        await until_in(database, lambda connection: sum(journalled(connection).values()) == 20)
        assert process.stop() in {0, 1}


async def test_a_service_whose_database_never_answers_any_more_says_so_and_ends_when_told(
    sim: Simulator, url: str, postgres_url: str, tmp_path: Path
) -> None:
    with (
        swallowing_proxy(postgres_url) as (proxy, behind),
        served(environ_of(sim, url, behind), tmp_path) as process,
        httpx.Client(trust_env=False, timeout=PATIENCE) as client,
    ):
        proxy.swallows_new_ones = True
        proxy.swallow()
        body = {"event": "newCall", "callId": "c-1", "from": "49301234567", "to": "4930600001"}
        assert post(client, process, sim, body) == 200
        await until(lambda: database_check(client, process) != "ok")
        assert process.stop() == 0, process.log.read_text()
