"""The courier: order within a call, calls side by side, postponed and dead parcels, crashes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import anyio
import pytest
from sqlalchemy import update

from sidecar.calls.conversation.caller_log import CloseRow
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import as_written
from sidecar.delivery.comeback import Comeback
from sidecar.delivery.courier import Courier, CourierLimits
from sidecar.delivery.outcomes import Delivered, Failed, Outcome, Postponed
from sidecar.delivery.pace import Breaker, Pace
from sidecar.delivery.right_of_way import RightOfWay
from sidecar.errors import StoreError
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Parcel
from sidecar.store.calls.tables import outbox as outbox_table
from sidecar.store.database import Connection, Database
from tests.sidecar.delivery.filled_outbox import NOW, fill
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.anyio
TIMED_OUT, REFUSED, INVALID = map(as_written, ("timed out", "connection refused", "Invalid 'direction'!"))


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


async def sleep_at_once(_seconds: float) -> None:
    await anyio.lowlevel.checkpoint()


def courier(
    database: Database,
    deliver: Callable[[Parcel], Awaitable[Outcome]],
    *,
    clock: Clock,
    parallel: int = 4,
    way: RightOfWay | None = None,
) -> Courier:
    return Courier(
        database=database,
        deliver=deliver,
        pace=Pace(rate=1000.0, clock=clock, sleep=sleep_at_once),
        breaker=Breaker(clock=clock, jitter=lambda: 1.0),
        comeback=Comeback(clock),
        way=way or RightOfWay(),
        habits=CourierLimits(parallel=parallel, lease=30.0),
        clock=clock,
        count=lambda _kind, _outcome: None,
    )


async def run_until(worker: Courier, done: Callable[[], bool]) -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(worker.run)
        await until(done)
        await worker.stop()


def left(database: Database, *states: ParcelState) -> list[Parcel]:
    with database.reading() as connection:
        return outbox.parcels(connection, states=states or [ParcelState.PENDING], limit=100)


async def test_a_call_in_order_and_calls_side_by_side(database: Database) -> None:
    fill(database, "a", "b", "c")
    told: list[tuple[str, str]] = []

    async def deliver(parcel: Parcel) -> Outcome:
        await anyio.sleep(0.01)
        told.append((parcel.effect.call_id, parcel.kind))
        return Delivered()

    await run_until(courier(database, deliver, clock=Clock()), lambda: not left(database))
    for call_id in ("a", "b", "c"):
        assert [kind for call, kind in told if call == call_id] == ["open row", "show answer", "close row"]
    assert len({call for call, _ in told[:3]}) == 3, "three calls were to go at once"


async def test_the_newest_call_goes_first(database: Database) -> None:
    fill(database, "old", "new")
    told: list[str] = []

    async def deliver(parcel: Parcel) -> Outcome:
        told.append(parcel.effect.call_id)
        return Delivered()

    await run_until(courier(database, deliver, clock=Clock(), parallel=1), lambda: not left(database))
    assert told == ["new"] * 3 + ["old"] * 3


async def test_what_is_next_is_claimed_with_the_outcome_before(database: Database) -> None:
    """With a backlog, nobody has to look for more between two calls."""
    fill(database, "a", "b", "c")
    sent: list[str] = []
    found: list[object] = []

    async def look(answer: object) -> None:
        if isinstance(answer, list) and answer:
            found.append(answer)

    async def deliver(parcel: Parcel) -> Outcome:
        sent.append(parcel.effect.call_id)
        return Delivered()

    watched = cast("Database", NewsTravelsSlowly(database, look))
    await run_until(
        courier(watched, deliver, clock=Clock(), parallel=1), lambda: not left(database, ParcelState.PENDING)
    )
    assert sent == ["c"] * 3 + ["b"] * 3 + ["a"] * 3
    assert len(found) == 1


async def test_an_outage_holds_all_and_loses_nothing(database: Database) -> None:
    fill(database, "a", "b")
    clock = Clock()
    attempts, away = 0, True

    async def deliver(_parcel: Parcel) -> Outcome:
        nonlocal attempts
        attempts += 1
        return Postponed(note=REFUSED, outage=True) if away else Delivered()

    held_back = courier(database, deliver, clock=clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(held_back.run)
        await until(lambda: held_back._breaker.is_open and not held_back._under_way)
        seen = attempts
        for _ in range(5):
            held_back.wake()
            await anyio.sleep(0.01)
        await held_back.stop()
    assert attempts <= seen + 4, "what was claimed before the breaker opened, and no more"
    assert len(left(database)) == 6
    away = False
    clock.now += 60
    await run_until(courier(database, deliver, clock=clock), lambda: not left(database))


async def test_one_refused_parcel_is_a_dead_letter_and_the_next_goes_on(database: Database) -> None:
    fill(database, "a")

    async def deliver(parcel: Parcel) -> Outcome:
        return Failed(reason=INVALID) if parcel.kind == "show answer" else Delivered()

    await run_until(courier(database, deliver, clock=Clock()), lambda: not left(database))
    (dead,) = left(database, ParcelState.DEAD)
    assert (dead.kind, dead.note) == ("show answer", INVALID)
    with database.writing() as connection:
        assert outbox.retry(connection, None, now=NOW) == 1
    assert [parcel.kind for parcel in left(database)] == ["show answer"]


async def test_what_a_crash_left_claimed_is_tried_again_as_uncertain(database: Database) -> None:
    fill(database, "a")

    def claim(at: float) -> list[Parcel]:
        with database.writing() as connection:
            return outbox.claim(connection, now=at, lease=30.0, limit=5)

    assert [parcel.uncertain for parcel in claim(NOW)] == [False]
    assert claim(NOW + 1) == []
    (again,) = claim(NOW + 31)
    assert (again.kind, again.uncertain) == ("open row", True)


async def test_uncertainty_outlives_a_later_attempt_that_surely_failed(database: Database) -> None:
    fill(database, "a")
    clock = Clock()
    outcomes: list[Outcome] = [
        Postponed(note=TIMED_OUT, uncertain=True, outage=True),
        Postponed(note=REFUSED, outage=True),
        Delivered(),
    ]
    seen: list[bool] = []

    async def deliver(parcel: Parcel) -> Outcome:
        clock.now += 30
        if parcel.kind != "open row":
            return Delivered()
        seen.append(parcel.uncertain)
        return outcomes[len(seen) - 1]

    await run_until(courier(database, deliver, clock=clock), lambda: not left(database))
    assert seen == [False, True, True]


class NewsTravelsSlowly:
    """A database whose answers to `write` reach the loop late, after whatever `meanwhile` brings about."""

    def __init__(self, database: Database, meanwhile: Callable[[object], Awaitable[None]]) -> None:
        self._database = database
        self._meanwhile = meanwhile

    async def write(self, work: Callable[[Connection], object]) -> object:
        answer = await self._database.write(work)
        await self._meanwhile(answer)
        return answer


async def test_what_a_thread_has_claimed_is_not_claimed_again_before_the_loop_learns_of_it(database: Database) -> None:
    """The next call is claimed where the last outcome of one is written down; then the clock jumps."""
    fill(database, "a")
    clock, told, looks = Clock(), list[tuple[str, str, bool]](), list[object]()

    async def meanwhile(answer: object) -> None:
        if isinstance(answer, Parcel) and answer.effect.call_id == "b":
            clock.now += 1000.0  # its claim seems to have expired
            seen = len(looks)
            with anyio.fail_after(PATIENCE):
                while len(looks) == seen:
                    worker.wake()
                    await anyio.sleep(0.01)
        elif isinstance(answer, list):
            looks.append(answer)

    async def deliver(parcel: Parcel) -> Outcome:
        if parcel.kind == "close row" and parcel.effect.call_id == "a":
            fill(database, "b", first=2)
        told.append((parcel.effect.call_id, parcel.kind, parcel.uncertain))
        return Delivered()

    slow = cast("Database", NewsTravelsSlowly(database, meanwhile))
    worker = courier(slow, deliver, clock=clock, parallel=3)
    await run_until(worker, lambda: not left(database) and len(told) >= 6)
    assert told == [(call, kind, False) for call in ("a", "b") for kind in ("open row", "show answer", "close row")]


async def test_what_could_not_be_claimed_is_free_again(database: Database) -> None:
    fill(database, "a")
    told: list[str] = []
    faults = iter([StoreError("the commit failed")])

    async def meanwhile(_answer: object) -> None:
        if fault := next(faults, None):
            with database.writing() as connection:
                outbox.release_claims(connection)
            raise fault

    async def deliver(parcel: Parcel) -> Outcome:
        told.append(parcel.kind)
        return Delivered()

    slow = cast("Database", NewsTravelsSlowly(database, meanwhile))
    await run_until(courier(slow, deliver, clock=Clock()), lambda: not left(database))
    assert told == ["open row", "show answer", "close row"]


async def test_two_replicas_never_hold_the_same_parcel(database: Database, other_database: Database) -> None:
    fill(database, *(f"call {number}" for number in range(20)))
    held: list[int] = []

    def claim(source: Database) -> None:
        def work(connection: Connection) -> list[Parcel]:
            return outbox.claim(connection, now=NOW, lease=30.0, limit=4)

        for _ in range(5):
            with source.writing() as connection:
                held.extend(parcel.id for parcel in work(connection))

    async with anyio.create_task_group() as group:
        for source in (database, other_database):
            group.start_soon(anyio.to_thread.run_sync, claim, source)
    assert len(held) == len(set(held)) == 20


async def test_what_may_have_reached_zammad_is_looked_at_first(database: Database) -> None:
    fill(database, "old", "new")
    with database.writing() as connection:
        doubtful = next(p for p in outbox.claim(connection, now=NOW, lease=5.0, limit=9) if p.effect.call_id == "old")
        outbox.postpone(connection, doubtful, due_at=NOW, uncertain=True, counts=False, note=TIMED_OUT)
        outbox.release_claims(connection)
        connection.execute(update(outbox_table).where(outbox_table.c.id != doubtful.id).values(uncertain=False))
    told: list[str] = []

    async def deliver(parcel: Parcel) -> Outcome:
        told.append(parcel.effect.call_id)
        return Delivered()

    await run_until(courier(database, deliver, clock=Clock(), parallel=1), lambda: not left(database))
    assert told[0] == "old"


async def test_a_parcel_that_always_fails_holds_up_no_other_call(database: Database) -> None:
    fill(database, "a", "poison", "c")
    clock = Clock()
    told: list[str] = []

    async def deliver(parcel: Parcel) -> Outcome:
        clock.now += 1.0
        if parcel.effect.call_id == "poison":
            return Postponed(note=TIMED_OUT, uncertain=True, outage=True, faulty=True)
        told.append(parcel.effect.call_id)
        return Delivered()

    await run_until(courier(database, deliver, clock=clock), lambda: len(told) == 6)
    assert {parcel.effect.call_id for parcel in left(database)} == {"poison"}


async def test_a_hangup_in_doubt_is_left_alone_until_zammad_must_have_done_it(database: Database) -> None:
    fill(database, "a")
    clock = Clock()

    async def deliver(parcel: Parcel) -> Outcome:
        hangup = isinstance(parcel.effect, CloseRow)
        return Postponed(note=TIMED_OUT, uncertain=True, outage=True, faulty=True) if hangup else Delivered()

    await run_until(courier(database, deliver, clock=clock), lambda: [p.note for p in left(database)] == [TIMED_OUT])
    (waiting,) = left(database)
    assert (waiting.uncertain, waiting.due_at) == (True, NOW + CourierLimits().doubt)


async def test_parcels_of_a_newer_version_wait_for_it_and_block_nobody(database: Database) -> None:
    fill(database, "a", "b")
    with database.writing() as connection:
        newer = update(outbox_table).where(outbox_table.c.conversation_id == 1).values(kind="invented")
        connection.execute(newer)
    told: list[str] = []

    async def deliver(parcel: Parcel) -> Outcome:
        told.append(parcel.effect.call_id)
        return Delivered()

    await run_until(courier(database, deliver, clock=Clock()), lambda: len(told) == 3)
    assert set(told) == {"b"}
    with database.reading() as connection:
        assert {parcel.effect.call_id for parcel in outbox.parcels(connection, states=list(ParcelState))} == {"b"}
        assert outbox.parcels_of(connection, 1) == []


async def test_a_database_fault_before_sending_leaves_no_doubt(database: Database) -> None:
    fill(database, "a")
    clock = Clock()
    seen: list[bool] = []

    async def deliver(parcel: Parcel) -> Outcome:
        seen.append(parcel.uncertain)
        if len(seen) == 1:
            raise StoreError("database is locked")
        return Delivered()

    def done() -> bool:
        clock.now += 0.5
        return not left(database)

    await run_until(courier(database, deliver, clock=clock), done)
    assert seen == [False] * 4


async def test_a_zammad_that_is_back_is_told_at_once(database: Database) -> None:
    fill(database, "a")
    away = True

    async def deliver(_parcel: Parcel) -> Outcome:
        return Postponed(note=REFUSED, outage=True) if away else Delivered()

    waiting = courier(database, deliver, clock=Clock())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(waiting.run)
        await until(lambda: waiting._breaker.is_open)
        away = False
        with anyio.fail_after(PATIENCE):
            while left(database):  # the clock stands still: nothing but the news lets anything through
                waiting.zammad_answers()
                await anyio.sleep(0.01)
        await waiting.stop()


async def test_while_a_dialog_is_on_its_way_no_other_call_is_told_of(database: Database) -> None:
    """Not even where all places are taken: the dialog has a place of its own, and the row it needs goes before it."""
    fill(database, "dialog", "other")
    way, told = RightOfWay(patience=60.0), list[str]()
    waiting, finished = anyio.Event(), anyio.Event()

    async def deliver(parcel: Parcel) -> Outcome:
        told.append(f"{parcel.effect.call_id}: {parcel.kind}")
        if told == ["other: open row"]:
            waiting.set()
            await finished.wait()
        return Delivered()

    worker = courier(database, deliver, clock=Clock(), parallel=1, way=way)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(worker.run)
        await waiting.wait()
        way.folded(NOW, [1])
        worker.wake()
        await until(lambda: len(told) >= 3)
        finished.set()
        await until(lambda: not left(database))
        await worker.stop()
    assert told[:3] == ["other: open row", "dialog: open row", "dialog: show answer"]


async def test_a_dialog_that_is_not_here_to_be_sent_has_no_right_of_way(database: Database) -> None:
    """Another replica has claimed it."""
    fill(database, "elsewhere", "here")
    with database.writing() as connection:
        outbox.claim(connection, now=NOW, lease=1000.0, limit=1, only=[1])
    way, told = RightOfWay(patience=60.0), list[str]()
    way.folded(NOW, [1])

    async def deliver(parcel: Parcel) -> Outcome:
        told.append(parcel.effect.call_id)
        return Delivered()

    await run_until(courier(database, deliver, clock=Clock(), way=way), lambda: len(told) == 3)
    assert told == ["here"] * 3


async def test_a_dialog_that_is_repeated_without_one_has_no_right_of_way(database: Database) -> None:
    fill(database, "a")
    way = RightOfWay(patience=60.0)
    held: list[tuple[str, bool, bool]] = []

    async def deliver(parcel: Parcel) -> Outcome:
        held.append((parcel.kind, parcel.uncertain, bool(way.dialogs)))
        lost = parcel.kind == "show answer" and not parcel.uncertain
        return Postponed(note=TIMED_OUT, uncertain=True) if lost else Delivered()

    await run_until(courier(database, deliver, clock=Clock(), way=way), lambda: not left(database))
    assert held == [
        ("open row", False, False),
        ("show answer", False, True),
        ("show answer", True, False),
        ("close row", False, False),
    ]
