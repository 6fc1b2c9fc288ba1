"""From journal to conversation to outbox, on the real databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from sidecar.calls.conversation.caller_log import CloseRow, OpenRow, ShowAnswer
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.sipgate.events import Direction, HungUp, KeysPressed, NewCall
from sidecar.follow_up.callers import Call
from sidecar.follow_up.cases import MOST_BYTES, MOST_LEGS
from sidecar.follow_up.fold import FollowUp
from sidecar.follow_up.office import Office
from sidecar.follow_up.sheets import Folded
from sidecar.store.calls import outbox
from sidecar.store.calls.conversations import Caller, conversations_with_keys
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import NO_CONVERSATION, hooks_of, recent_hooks, waiting_hooks
from tests.sidecar.calls.conversation.switchboard import DESK, HABITS
from tests.sidecar.calls.conversation.traces import FORWARD, SIMPLE, TRACES, TRANSFER, Trace
from tests.sidecar.follow_up.folding import OFFICE, START, effects, fold, hook, states, take_down


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_a_trace_in_one_go_ends_as_it_should_with_one_row(database: Database, trace: Trace) -> None:
    take_down(database, *[hook(event, at=START + place) for place, event in enumerate(trace.events)])
    fold(database, now=START + 100)
    assert states(database) == [trace.state]
    told = effects(database)
    assert [type(effect) for effect in told if isinstance(effect, OpenRow | CloseRow)] == [OpenRow, CloseRow]


def test_each_hook_by_itself_is_told_to_zammad_as_it_comes(database: Database) -> None:
    kinds = []
    for place, event in enumerate(TRANSFER.events):
        take_down(database, hook(event, at=START + place))
        fold(database, now=START + place)
        kinds.append(len(effects(database)))
    assert kinds == [1, 2, 2, 3, 3, 3]
    fold(database, now=START + 10)
    told = effects(database)
    assert [effect.agent_id for effect in told if isinstance(effect, ShowAnswer)] == [1, 2]
    assert isinstance(told[-1], CloseRow)


def test_folding_again_and_replayed_hooks_cause_no_work(database: Database) -> None:
    rows = [hook(event, at=START + place) for place, event in enumerate(FORWARD.events)]
    take_down(database, *rows)
    fold(database, now=START + 100)
    before = effects(database)
    for row in rows:
        take_down(database, row)
    assert fold(database, now=START + 200).hooks == len(rows)
    assert effects(database) == before
    assert states(database) == ["ended"]


def test_legs_that_prove_to_be_one_call_become_one_conversation(database: Database) -> None:
    first = NewCall(call_id="A", direction=SIMPLE.direction, caller="491713920010", callee="493023125010")
    second = NewCall(call_id="B", direction=SIMPLE.direction, caller="491713920010", callee="493023125011")
    take_down(database, hook(first), hook(second))
    fold(database)
    assert len(states(database)) == 2
    take_down(database, hook(HungUp(call_id="B", orig_call_id="A", cause="cancel"), at=START + 1))
    fold(database, now=START + 1)
    assert len(states(database)) == 1
    with database.reading() as connection:
        assert {stored.conversation_id for stored in recent_hooks(connection)} == {1}
    # nothing of the younger row had been sent: it is withdrawn instead of being opened and ended
    assert [effect.call_id for effect in effects(database) if isinstance(effect, OpenRow)] == ["A"]


def test_a_younger_row_zammad_may_know_is_ended_as_forwarded(database: Database) -> None:
    first = NewCall(call_id="A", direction=SIMPLE.direction, caller="491713920010", callee="493023125010")
    second = NewCall(call_id="B", direction=SIMPLE.direction, caller="491713920010", callee="493023125011")
    take_down(database, hook(first), hook(second))
    fold(database)
    with database.writing() as connection:
        for parcel in outbox.claim(connection, now=START, lease=30, limit=10):
            outbox.settle(connection, parcel.id, state=ParcelState.DONE, note=None, now=START)
    take_down(database, hook(HungUp(call_id="B", orig_call_id="A", cause="cancel"), at=START + 1))
    fold(database, now=START + 1)
    assert [(effect.call_id, effect.cause) for effect in effects(database) if isinstance(effect, CloseRow)] == [
        ("B", "forwarded")
    ]


def test_time_alone_closes_a_call_whose_hangup_never_came(database: Database) -> None:
    take_down(database, *[hook(event) for event in SIMPLE.events[:2]])
    assert fold(database).wake_at == START + HABITS.shortest_talk
    folded = fold(database, now=START + HABITS.shortest_talk)
    assert folded.wake_at == START + HABITS.missing_hangup_after
    fold(database, now=START + HABITS.missing_hangup_after + 1)
    assert states(database) == ["unknown"]
    assert effects(database)[-1] == CloseRow(
        call_id="A", direction="in", caller="491713920010", callee="493023125010", cause="unknown"
    )


def test_keys_pressed_on_a_leg_nobody_knows_belong_to_no_conversation(database: Database) -> None:
    take_down(database, hook(KeysPressed(call_id="Z", digits="1")))
    fold(database)
    with database.reading() as connection:
        assert waiting_hooks(connection, 10) == []
        assert [stored.conversation_id for stored in recent_hooks(connection)] == [NO_CONVERSATION]
    assert states(database) == []


@pytest.mark.anyio
async def test_a_hook_that_cannot_be_folded_holds_up_no_other(database: Database) -> None:
    bad = SIMPLE.events[0]
    good = NewCall(call_id="G", direction=Direction.IN, caller="4930111111")
    take_down(database, hook(bad), hook(good))

    def office() -> Office:
        def identify(_connection: Connection, calls: Sequence[Call]) -> Sequence[Caller]:
            if any(conversation.root.call_id == "A" for conversation, _ in calls):
                msg = "the look-up has a fault"
                raise ValueError(msg)
            return [Caller() for _ in calls]

        return Office(habits=HABITS, desk=DESK, identify=identify)

    worker = FollowUp(database=database, office=office, clock=lambda: START, on_folded=lambda _folded: None)
    with capture_logs():  # a traceback in colours takes seconds
        await worker.fold()
        await worker.fold()
    assert states(database) == ["ringing"]
    with database.reading() as connection:
        assert waiting_hooks(connection, 10) == []


def test_an_xcid_that_another_call_uses_an_hour_later_leads_to_that_call_from_then_on(database: Database) -> None:
    ring, _, end = SIMPLE.events
    assert isinstance(ring, NewCall)
    take_down(database, hook(ring), hook(end, at=START + 5))
    fold(database, now=START + 10)
    later = START + 3600
    again = replace(ring, call_id="B", orig_call_id="a leg never heard of")
    take_down(database, hook(again, at=later))
    fold(database, now=later)
    take_down(database, hook(replace(again, call_id="C", orig_call_id="another"), at=later + 1))
    fold(database, now=later + 1)
    with database.reading() as connection:
        places = conversations_with_keys(connection, ["A", "B", "C", "x:aa01"])
    assert places["A"] != places["B"]
    assert places["B"] == places["C"] == places["x:aa01"]


def test_calls_that_begin_by_themselves_stay_apart_in_one_fold_and_in_several(database: Database) -> None:
    bodies = [replace(hook(SIMPLE.events[0]), body=_fresh(call_id)) for call_id in "ABC"]
    take_down(database, *bodies[:2])
    fold(database)
    take_down(database, bodies[2])
    fold(database)
    with database.reading() as connection:
        assert len(set(conversations_with_keys(connection, "ABC").values())) == 3


def _fresh(call_id: str) -> bytes:
    return f"event=newCall&direction=in&callId={call_id}&origCallId={call_id}&xcid=q&from=4930&to=4940".encode()


async def folded_by_a_service(database: Database, *, now: float, unheard_since: float | None = None) -> Folded:
    """What the parts around the fold are told."""
    told: list[Folded] = []
    follow_up = FollowUp(
        database=database,
        office=lambda: OFFICE,
        clock=lambda: now,
        on_folded=told.append,
        unheard_since=lambda: unheard_since,
    )
    await follow_up.fold()
    (folded,) = told
    return folded


@pytest.mark.anyio
async def test_a_fold_says_whose_dialogs_are_to_be_sent(database: Database) -> None:
    ring, pick_up = TRANSFER.events[:2]
    take_down(database, hook(ring))
    assert (await folded_by_a_service(database, now=START + 1)).dialogs == ()
    take_down(database, hook(pick_up, at=START + 1))
    dialogs = (await folded_by_a_service(database, now=START + 2)).dialogs
    with database.reading() as connection:
        assert dialogs == tuple(conversations_with_keys(connection, ["A"]).values())
    assert (await folded_by_a_service(database, now=START + 3)).dialogs == ()


@pytest.mark.anyio
async def test_a_fold_says_until_when_all_is_folded_even_if_nothing_was(database: Database) -> None:
    assert (await folded_by_a_service(database, now=START)).heard_until == START
    waiting = await folded_by_a_service(database, now=START + 9, unheard_since=START + 5)
    assert waiting.heard_until == START + 5


def test_of_a_call_with_a_thousand_legs_no_more_is_heard_than_a_call_can_have(database: Database) -> None:
    ring = NewCall(call_id="leg-0", direction=Direction.IN, caller="491713920010", callee="4930")
    legs = [replace(ring, call_id=f"leg-{n}", orig_call_id=f"leg-{n - 1}" if n else None) for n in range(999)]
    take_down(database, *(hook(leg, at=START + place) for place, leg in enumerate(legs)))
    while fold(database, now=START + 2000).more:
        pass
    with database.reading() as connection:
        ((story,),) = connection.execute(select(conversations.c.story))
    assert len(story) == MOST_LEGS


def test_of_a_call_with_very_long_hooks_no_more_is_heard_than_memory_bears(database: Database) -> None:
    ring = NewCall(call_id="leg-0", direction=Direction.IN, caller="491713920010", callee="4930")
    rows = [hook(replace(ring, call_id=f"leg-{n}", orig_call_id="leg-0" if n else None)) for n in range(100)]
    take_down(database, *(replace(row, body=row.body + b"&padding=" + b"x" * 50_000) for row in rows))
    fold(database)
    with database.reading() as connection:
        ((story,),) = connection.execute(select(conversations.c.story))
        ((conversation,),) = connection.execute(select(conversations.c.id))
        heard = hooks_of(connection, [conversation])[conversation]
    assert len(story) == len(heard)
    assert sum(len(each.body) for each in heard) <= MOST_BYTES
