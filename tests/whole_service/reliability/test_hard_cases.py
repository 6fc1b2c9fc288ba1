"""Cases for the fold that no telephone system should cause: floods, endless calls, poison, hooks long deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from sidecar.calls.conversation.caller_log import CloseRow, OpenRow, ShowAnswer
from sidecar.calls.reasons import as_written
from sidecar.calls.sipgate.events import HungUp, NewCall
from sidecar.follow_up.callers import Call
from sidecar.follow_up.cases import MOST_OF_A_KIND
from sidecar.follow_up.fold import FollowUp
from sidecar.follow_up.office import Office
from sidecar.store.calls import outbox
from sidecar.store.calls.conversations import Caller
from sidecar.store.calls.tables import call_keys, conversations
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import NO_CONVERSATION, hooks_of, recent_hooks, waiting_hooks
from tests.sidecar.calls.conversation.switchboard import DESK, HABITS
from tests.sidecar.calls.conversation.traces import FORWARD, MISSED, SIMPLE, TRANSFER
from tests.sidecar.follow_up.folding import OFFICE, START, effects, fold, hook, nobody, states, take_down
from tests.sidecar.store.journal.hook_rows import delete_hooks
from tests.whole_service.reliability.calls import as_call

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Kept: tracebacks in colours take seconds."""
    with capture_logs():
        yield


def fold_all(database: Database, *, now: float) -> None:
    while fold(database, now=now).hooks:
        pass


def test_of_ten_thousand_repetitions_only_the_first_few_are_read_again(database: Database) -> None:
    """Otherwise every further one would cost more. The hangup behind them still counts."""
    ring, hangup = MISSED.events
    take_down(database, *[hook(ring, at=START)] * 10_000)
    fold_all(database, now=START)
    take_down(database, hook(hangup, at=START + 1))
    fold_all(database, now=START + 10)
    assert states(database) == ["missed"]
    with database.reading() as connection:
        assert len(hooks_of(connection, [1])[1]) == MOST_OF_A_KIND + 1


def test_a_call_of_two_hundred_legs_is_one_conversation_with_one_row(database: Database) -> None:
    caller, callee = "491713920010", "493023125010"
    rows = []
    for number in range(200):
        origin = f"leg {number - 1}" if number else None
        ring = NewCall(
            call_id=f"leg {number}", orig_call_id=origin, direction=SIMPLE.direction, caller=caller, callee=callee
        )
        cause = "forwarded" if number < 199 else "normalClearing"
        rows += [
            hook(ring, at=START + number),
            hook(HungUp(call_id=ring.call_id, cause=cause), at=START + number + 0.9),
        ]
    for first in range(0, len(rows), 50):
        take_down(database, *rows[first : first + 50])
        fold_all(database, now=rows[first : first + 50][-1].received_at)
    fold(database, now=START + 300)
    assert states(database) == ["missed"]
    assert [type(effect) for effect in effects(database)] == [OpenRow, CloseRow]


def test_a_thousand_conversations_woken_at_once_are_all_closed(database: Database) -> None:
    calls = [as_call(SIMPLE.events[:1], str(number)) for number in range(1000)]
    take_down(database, *[hook(ring, at=START) for (ring,) in calls])
    fold_all(database, now=START)
    late = START + HABITS.missing_hangup_after + 1
    fold(database, now=late)
    fold(database, now=late)
    assert states(database) == ["unknown"] * 1000


def test_a_conversation_whose_hooks_were_deleted_stays_as_it_is(database: Database) -> None:
    take_down(database, *[hook(event, at=START + place) for place, event in enumerate(SIMPLE.events)])
    fold(database, now=START + 100)
    delete_hooks(database)
    with database.writing() as connection:
        connection.execute(update(conversations).values(wake_at=START + 200))
    assert fold(database, now=START + 300).wake_at is None, "it must not be woken for ever"
    take_down(database, hook(SIMPLE.events[2], at=START + 400))
    fold(database, now=START + 400)
    assert states(database) == ["ended"]
    with database.reading() as connection:
        (late,) = recent_hooks(connection)
        assert late.conversation_id == 1
        assert connection.execute(select(conversations.c.agent)).scalar_one() == "Agent w1"


def test_a_link_to_a_conversation_whose_hooks_were_deleted_leaves_both_as_they_are(database: Database) -> None:
    take_down(database, *[hook(event, at=START) for event in as_call(SIMPLE.events, "old")])
    fold(database, now=START + 100)
    delete_hooks(database)
    young = NewCall(call_id="young", direction=SIMPLE.direction, caller="49301111111")
    take_down(database, hook(young, at=START + 200))
    fold(database, now=START + 200)
    take_down(database, hook(HungUp(call_id="young", orig_call_id="old/A"), at=START + 201))
    fold(database, now=START + 300)
    assert states(database)[0] == "ended"
    with database.reading() as connection:
        assert not waiting_hooks(connection, 10)


async def test_a_conversation_that_cannot_be_folded_any_more_costs_no_other_call_a_hook(database: Database) -> None:
    take_down(database, hook(SIMPLE.events[0]))
    fold(database)

    def office() -> Office:
        def identify(_connection: Connection, calls: Sequence[Call]) -> Sequence[Caller | None]:
            if any(conversation.root.call_id == "A" for conversation, _ in calls):
                msg = "the look-up has a fault"
                raise ValueError(msg)
            return [known or Caller() for _, known in calls]

        return Office(habits=HABITS, desk=DESK, identify=identify)

    late = START + HABITS.missing_hangup_after + 1
    worker = FollowUp(database=database, office=office, clock=lambda: late, on_folded=lambda _folded: None)
    others = [as_call(SIMPLE.events[:1], str(number)) for number in range(3)]
    take_down(database, *[hook(ring, at=late) for (ring,) in others])
    for _ in range(3):
        await worker.fold()
    assert states(database) == ["ringing"] * 4
    with database.reading() as connection:
        assert not waiting_hooks(connection, 10)
        assert all(kept.conversation_id != NO_CONVERSATION for kept in recent_hooks(connection))


async def test_a_hook_that_the_database_refuses_holds_up_no_other(database: Database) -> None:
    bad, good = (as_call(SIMPLE.events[:1], name)[0] for name in ("bad", "good"))
    take_down(database, hook(bad), hook(good))

    def office() -> Office:
        def identify(connection: Connection, calls: Sequence[Call]) -> Sequence[Caller | None]:
            if any(conversation.root.call_id == "bad/A" for conversation, _ in calls):
                connection.execute(conversations.insert().values(id=1))  # lacks what must not be null
            return nobody(connection, calls)

        return Office(habits=HABITS, desk=DESK, identify=identify)

    worker = FollowUp(database=database, office=office, clock=lambda: START, on_folded=lambda _folded: None)
    for _ in range(3):
        await worker.fold()
    assert states(database) == ["ringing"]
    with database.reading() as connection:
        assert set(connection.execute(select(call_keys.c.key)).scalars()) == {"good/A", "x:good/aa01"}


def test_a_younger_row_that_may_have_reached_zammad_is_ended_and_not_withdrawn(database: Database) -> None:
    """Its request timed out, nobody knows what came of it."""
    elder = NewCall(call_id="A", direction=SIMPLE.direction, caller="491713920010", callee="493023125010")
    younger = replace(elder, call_id="B")
    take_down(database, hook(elder), hook(younger))
    fold(database)
    with database.writing() as connection:
        for parcel in outbox.claim(connection, now=START, lease=30, limit=10):
            outbox.postpone(
                connection, parcel, due_at=START, uncertain=True, counts=False, note=as_written("timed out")
            )
    take_down(database, hook(HungUp(call_id="B", orig_call_id="A", cause="cancel"), at=START + 1))
    fold(database, now=START + 1)
    told = [(type(effect), effect.call_id) for effect in effects(database)]  # type: ignore[attr-defined] # all have it
    assert told == [(OpenRow, "A"), (OpenRow, "B"), (CloseRow, "B")]


def test_a_leg_received_before_its_row_was_closed_but_folded_after_it_gets_its_dialog(database: Database) -> None:
    """The journal of another replica was late with it."""
    ring, forwarded = as_call(TRANSFER.events[:1], "c")[0], HungUp(call_id="c/A", cause="forwarded", xcid="c/aa01")
    take_down(database, hook(ring, at=START), hook(forwarded, at=START + 1))
    fold(database, now=START + 1)
    fold(database, now=START + 3.1)
    assert isinstance(effects(database)[-1], CloseRow)
    ring_b, answer_b = as_call(TRANSFER.events[2:4], "c")
    take_down(database, hook(ring_b, at=START + 3.05), hook(answer_b, at=START + 3.07))
    fold(database, now=START + 3.2)
    assert [effect.agent_id for effect in effects(database) if isinstance(effect, ShowAnswer)] == [2]


def test_a_row_that_lives_on_is_not_ended_because_its_elder_was_closed_already(database: Database) -> None:
    ring_a, ring_b = (
        NewCall(call_id=name, direction=SIMPLE.direction, caller="491713920010", callee="4930") for name in ("A", "B")
    )
    take_down(database, hook(ring_a), hook(HungUp(call_id="A", cause="forwarded"), at=START + 1))
    fold(database, now=START + 1)
    fold(database, now=START + 10)
    take_down(database, hook(ring_b, at=START + 11))
    fold(database, now=START + 11)
    take_down(database, hook(replace(ring_b, orig_call_id="A"), at=START + 12))
    fold(database, now=START + 12)
    closed = [effect.call_id for effect in effects(database) if isinstance(effect, CloseRow)]
    assert (states(database), closed) == (["ringing"], ["A"])


async def test_no_row_is_closed_while_hooks_from_before_are_on_their_way(database: Database) -> None:
    """The disk is slow: the next leg came in time, but is not in the database when the row could be closed."""
    ring, forwarded, ring_b, answer_b, hangup_b = as_call(FORWARD.events, "c")
    take_down(database, hook(ring, at=START), hook(forwarded, at=START + 1))
    unheard: list[float] = [START + 1.1]
    worker = FollowUp(
        database=database,
        office=lambda: OFFICE,
        clock=lambda: START + 60,
        on_folded=lambda _folded: None,
        unheard_since=lambda: unheard[0] if unheard else None,
    )
    await worker.fold()
    assert [type(effect) for effect in effects(database)] == [OpenRow]
    unheard.clear()
    take_down(database, *[hook(event, at=START + 1.1) for event in (ring_b, answer_b, hangup_b)])
    await worker.fold()
    assert states(database) == ["ended"]
    assert [type(effect) for effect in effects(database)] == [OpenRow, ShowAnswer, CloseRow]
