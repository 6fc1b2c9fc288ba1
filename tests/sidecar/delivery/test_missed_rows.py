"""The rows of Zammad's own log follow the missed calls, as far as they are listed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import anyio
import pytest
from sqlalchemy import insert

from sidecar.calls.pages.missed import ClosedBecause
from sidecar.delivery.missed_rows import MissedRows
from sidecar.store.calls.tables import outbox
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed.entries import MissedCall, closed_missed, open_missed
from tests.sidecar.store.calls.saved_calls import NOON, Seed, add_calls, missed, talked
from zammad_client import Zammad
from zammad_client.errors import ZammadUnavailableError
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio


@contextmanager
def zammad_with_rows(*call_ids: str) -> Iterator[tuple[Simulator, Zammad]]:
    """Missed calls in its log."""
    sim = Simulator()
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)

        async def ring() -> None:
            for call_id in call_ids:
                numbers = {"direction": "in", "callId": call_id, "from": "491713920010", "to": "4930"}
                await zammad.call_event(sim.cti_token, {"event": "newCall", **numbers})
                await zammad.call_event(sim.cti_token, {"event": "hangup", "cause": "cancel", **numbers})

        anyio.run(ring)
        yield sim, zammad
        anyio.run(zammad.aclose)


def row_of(call_id: str, **changes: object) -> Seed:
    return missed(extra={"told": {"call_id": call_id}}, **changes)


def the_closed(connection: Connection) -> MissedCall:
    (entry,) = closed_missed(connection, Viewer(user_id=1))
    return entry


@pytest.fixture
def marked() -> Iterator[tuple[Simulator, Zammad]]:
    with zammad_with_rows("a", "b") as both:
        yield both


async def test_rows_are_marked_done_and_what_is_not_listed_is_counted(
    marked: tuple[Simulator, Zammad], database: Database
) -> None:
    sim, zammad = marked
    with database.writing() as connection:
        add_calls(connection, row_of("a"), row_of("b", started_at=NOON + 9), row_of("long gone", started_at=NOON + 20))
        add_calls(connection, talked(started_at=NOON + 600))
    job = MissedRows(zammad=zammad, database=database, clock=time.time)
    await job.follow()
    with database.reading() as connection:
        entry = the_closed(connection)
    assert (entry.rows_marked, entry.rows_gone) == (2, 1)
    assert [row["done"] for row in sim.call_log] == [True, True]
    sim.requests.clear()
    await job.follow()
    assert not sim.requests  # nothing is asked twice


async def test_open_entries_leave_zammads_rows_alone(marked: tuple[Simulator, Zammad], database: Database) -> None:
    sim, zammad = marked
    with database.writing() as connection:
        add_calls(connection, row_of("a"))
    await MissedRows(zammad=zammad, database=database, clock=time.time).follow()
    assert [row["done"] for row in sim.call_log] == [False, False]


async def test_an_entry_waits_for_the_hangup_that_would_undo_its_mark(
    marked: tuple[Simulator, Zammad], database: Database
) -> None:
    sim, zammad = marked
    with database.writing() as connection:
        call, _ = add_calls(connection, row_of("a"), talked(started_at=NOON + 600))
        parcel = {"conversation_id": call, "kind": "close row", "payload": {}, "state": "pending", "uncertain": False}
        connection.execute(insert(outbox).values(**parcel, created_at=NOON, due_at=NOON, attempts=0))
    job = MissedRows(zammad=zammad, database=database, clock=time.time)
    await job.follow()
    assert [row["done"] for row in sim.call_log] == [False, False]
    with database.writing() as connection:
        connection.execute(outbox.update().values(state="done"))
    await job.follow()
    assert sorted(row["done"] for row in sim.call_log) == [False, True]


async def test_while_zammad_is_down_the_marks_wait(marked: tuple[Simulator, Zammad], database: Database) -> None:
    sim, zammad = marked
    with database.writing() as connection:
        add_calls(connection, row_of("a"), talked(started_at=NOON + 600))
    job = MissedRows(zammad=zammad, database=database, clock=time.time)
    sim.faults.next(20).fail(503, path="/api/v1/cti/log")
    with pytest.raises(ZammadUnavailableError):
        await job.follow()
    sim.faults.clear()
    await job.follow()
    with database.reading() as connection:
        assert the_closed(connection).rows_marked == 1


def closing(connection: Connection, call: int, *, state: str = "done", attempts: int = 1) -> None:
    """The hangup as it was sent to Zammad."""
    parcel = {"conversation_id": call, "kind": "close row", "payload": {}, "uncertain": False}
    connection.execute(insert(outbox).values(**parcel, state=state, attempts=attempts, created_at=NOON, due_at=NOON))


async def tick(zammad: Zammad, sim: Simulator, call_id: str) -> None:
    """As somebody does in Zammad's own log."""
    (row,) = [row for row in sim.call_log if row["call_id"] == call_id]
    await zammad.mark_done(row["id"])


async def test_an_entry_whose_newest_row_is_ticked_in_zammad_is_closed(
    marked: tuple[Simulator, Zammad], database: Database
) -> None:
    sim, zammad = marked
    now = NOON
    job = MissedRows(zammad=zammad, database=database, clock=lambda: now)
    with database.writing() as connection:
        for call in add_calls(connection, row_of("a"), row_of("b", started_at=NOON + 9)):
            closing(connection, call)
    await tick(zammad, sim, "a")  # not the newest: nothing says that the second call was seen
    await job.follow()
    with database.reading() as connection:
        assert len(open_missed(connection, Viewer(user_id=1))) == 1
    await tick(zammad, sim, "b")
    now += 30.0
    await job.follow()
    with database.reading() as connection:
        entry = the_closed(connection)
    assert (entry.closed_because, entry.closed_by, entry.closed_at) == (ClosedBecause.TICKED, None, now)


@pytest.mark.parametrize(("state", "attempts"), [("done", 2), ("pending", 1), ("dead", 10)])
async def test_a_row_that_we_may_have_ticked_ourselves_closes_nothing(
    marked: tuple[Simulator, Zammad], database: Database, state: str, attempts: int
) -> None:
    sim, zammad = marked
    with database.writing() as connection:
        (call,) = add_calls(connection, row_of("a"))
        closing(connection, call, state=state, attempts=attempts)
    await tick(zammad, sim, "a")
    await MissedRows(zammad=zammad, database=database, clock=time.time).follow()
    with database.reading() as connection:
        assert len(open_missed(connection, Viewer(user_id=1))) == 1


async def test_a_row_that_is_not_listed_any_more_says_nothing(
    marked: tuple[Simulator, Zammad], database: Database
) -> None:
    _, zammad = marked
    with database.writing() as connection:
        (call,) = add_calls(connection, row_of("long gone"))
        closing(connection, call)
    await MissedRows(zammad=zammad, database=database, clock=time.time).follow()
    with database.reading() as connection:
        assert len(open_missed(connection, Viewer(user_id=1))) == 1


async def test_without_open_entries_zammad_is_not_asked(marked: tuple[Simulator, Zammad], database: Database) -> None:
    sim, zammad = marked
    sim.requests.clear()
    await MissedRows(zammad=zammad, database=database, clock=time.time).follow()
    assert not sim.requests
