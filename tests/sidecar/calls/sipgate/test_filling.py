"""That a filled call is the one that its hooks would have made, and that late hooks double nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.conversation.caller_log import Told, plan_row
from sidecar.calls.conversation.conversation import Conversation, Habits, State, conversation_from
from sidecar.calls.conversation.desk import desk_for
from sidecar.calls.conversation.legs import Heard
from sidecar.calls.sipgate.events import Direction, Unreadable, read_hook
from sidecar.calls.sipgate.filling import FilledHook, fill
from sidecar.calls.sipgate.history import Entry
from tests.sidecar.calls.sipgate.history_entries import CALL, KNOWN, LATER, MESSAGE, MISSED, T0


def heard(at: float, body: bytes, *, filled: bool = False) -> Heard:
    event = read_hook(body, content_type="application/x-www-form-urlencoded", path_direction=Direction.IN)
    assert not isinstance(event, Unreadable)
    return Heard(at=at, event=event, filled=filled)


def said(at: float, event: str, call_id: str = CALL.call_id, **more: str) -> Heard:
    about = {"callId": call_id, "direction": "in", "from": CALL.caller, "to": CALL.callee}
    return heard(at, urlencode({"event": event, **about, **more}).encode())


def from_hooks(hooks: Iterable[Heard], now: float = LATER) -> Conversation:
    conversation = conversation_from(hooks, now=now, habits=Habits())
    assert conversation is not None
    return conversation


def from_history(hooks: Iterable[FilledHook]) -> list[Heard]:
    return [heard(hook.at, hook.body, filled=True) for hook in hooks]


def facts(call: Conversation) -> tuple[object, ...]:
    talker = call.talker
    who = (talker.user, talker.user_id) if talker else None
    return call.direction, call.state, call.caller, call.callee, who, call.talking, call.recorded


ANSWERED_LIVE = [
    said(T0, "newCall", **{"user[]": "Nina Braun", "userId[]": "w0"}),
    said(T0 + 13.0, "answer", user="Nina Braun", userId="w0", fullUserId="1234567w0"),
    said(T0 + 205.0, "hangup", cause="normalClearing"),
]
MISSED_LIVE = [
    said(T0, "newCall", **{"user[]": "Nina Braun", "userId[]": "w0"}),
    said(T0 + 21.0, "hangup", cause="cancel"),
]


@pytest.mark.parametrize(("entry", "live"), [(CALL, ANSWERED_LIVE), (MISSED, MISSED_LIVE)])
def test_a_filled_call_is_the_same_as_with_its_hooks_but_for_the_ringing(entry: Entry, live: Sequence[Heard]) -> None:
    filled = from_hooks(from_history(fill([entry], [], "DE")))
    assert facts(filled) == facts(from_hooks(live))
    assert filled.waiting is None
    assert not any(leg.users for leg in filled.legs), "the history knows no phones that rang"


@pytest.mark.parametrize(
    ("outcome", "state", "cause"),
    [
        ("BUSY", State.MISSED, "busy"),
        ("REJECTED_DND", State.MISSED, "noAnswer"),
        ("VOICEMAIL_NO_MESSAGE", State.MISSED, "cancel"),
        ("FAILURE", State.MISSED, "unknown"),
    ],
)
def test_what_became_of_a_call_is_its_cause(outcome: str, state: State, cause: str) -> None:
    call = from_hooks(from_history(fill([replace(MISSED, outcome=outcome)], [], "DE")))
    assert (call.state, call.cause) == (state, cause)


def test_a_call_whose_end_was_never_told_is_completed_with_what_the_history_knows() -> None:
    begun = ANSWERED_LIVE[:1]
    known = replace(KNOWN, call_ids=frozenset({CALL.call_id}), root=CALL.call_id, started_at=T0)
    call = from_hooks([*begun, *from_history(fill([CALL], [known], "DE"))])
    assert (call.state, call.talking, call.waiting) == (State.ENDED, 192.0, None)


def test_what_hooks_have_told_is_not_told_again() -> None:
    known = replace(KNOWN, call_ids=frozenset({CALL.call_id}), is_over=True)
    assert list(fill([CALL], [known], "DE")) == []


def test_a_message_joins_the_call_it_was_left_in_and_makes_no_second_one() -> None:
    hooks = list(fill([MESSAGE, MISSED], [], "DE"))
    assert {hook.call_id for hook in hooks} == {MISSED.key}
    alone = from_hooks(from_history(fill([MESSAGE], [], "DE")))
    assert (alone.state, alone.recorded) == (State.MISSED, True)


def test_of_two_entries_only_one_is_the_call_that_is_known() -> None:
    second = replace(CALL, id="9000000009", call_id="C3D4", started_at=T0 + 30.0)
    assert {hook.call_id for hook in fill([CALL, second], [KNOWN], "DE")} == {"other", "C3D4"}


@given(st.permutations([*ANSWERED_LIVE, *from_history(fill([CALL], [], "DE"))]), st.integers(0, 6))
def test_late_hooks_double_nothing_in_whatever_order_they_come(order: list[Heard], count: int) -> None:
    """What is from the history is always there; of the others some have come by now."""
    filled = [hook for hook in order if hook.filled]
    call = from_hooks([*filled, *(hook for hook in order if not hook.filled)][: len(filled) + count])
    assert (call.state, len(call.legs), len(call.talkers)) == (State.ENDED, 1, 1)
    assert call.talking == 192.0
    assert call.waiting is None


WAY_OUT = replace(CALL, incoming=False, caller="493023125000", callee="491713920010")
KINDS = {
    "answered": [CALL],
    "missed": [MISSED],
    "busy": [replace(MISSED, outcome="BUSY")],
    "answered in a group by an unknown phone": [replace(CALL, user="e9", user_id="", full_user_id="")],
    "withheld": [replace(CALL, caller="anonymous")],
    "withheld and missed": [replace(MISSED, caller="anonymous")],
    "on the mailbox": [MISSED, MESSAGE],
    "outbound": [WAY_OUT],
    "outbound, nobody there": [replace(WAY_OUT, outcome="MISSED", talk=0.0)],
}


def live(entries: Sequence[Entry]) -> list[Heard]:
    """The hooks of the same call, had they come."""
    call, message = entries[0], entries[1] if len(entries) > 1 else None
    named = {"user": call.user, "userId": call.user_id, "fullUserId": call.full_user_id}
    named = {name: value for name, value in named.items() if value}
    direction = "in" if call.incoming else "out"
    rung = {"user[]": "Nina Braun", "userId[]": "w0"} if call.incoming else {f"{n}[]": v for n, v in named.items()}
    about = {"callId": call.call_id, "direction": direction, "from": call.caller, "to": call.callee}

    def hook(at: float, event: str, **more: str) -> Heard:
        return heard(at, urlencode({"event": event, **about, **more}).encode())

    yielded = [hook(call.started_at, "newCall", **rung)]
    ended_at, cause = call.started_at + 20.0, {"MISSED": "cancel", "BUSY": "busy"}.get(call.outcome, "normalClearing")
    if message is not None:
        yielded.append(hook(message.started_at, "answer", user="voicemail"))
        ended_at, cause = message.ended_at, "cancel"
    elif call.outcome == "SUCCESS":
        yielded.append(hook(call.started_at + 13.0, "answer", **named))
        ended_at = call.started_at + 13.0 + (call.talk or 0.0)
    return [*yielded, hook(ended_at, "hangup", cause=cause)]


@pytest.mark.parametrize("entries", KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_each_kind_of_call_is_the_same_from_the_history_and_late_hooks_double_nothing(
    entries: list[Entry], data: st.DataObject
) -> None:
    as_hooks = live(entries)
    filled = from_history(fill(entries, [], "DE"))
    alone = from_hooks(filled)
    assert facts(alone) == facts(from_hooks(as_hooks))
    late = data.draw(st.lists(st.sampled_from(as_hooks), unique_by=id))
    together = from_hooks(data.draw(st.permutations([*filled, *late])))
    assert facts(together) == facts(alone)
    assert len(together.legs) == len(alone.legs)


NO_DESK = desk_for(None, country="DE", popup_ttl=20.0, log_blocked_calls=False)
TOM = {"user": "Tom Weiss", "userId": "w1"}
NINA = {"user": "Nina Braun", "userId": "w0"}
SEVERAL_LEGS = {
    "forwarded": (
        [CALL],
        [
            said(T0, "newCall", "A1B2", **{"user[]": "Tom Weiss", "userId[]": "w1"}),
            said(T0 + 10.0, "hangup", "A1B2", cause="forwarded"),
            said(T0 + 10.1, "newCall", "B", origCallId="A1B2", **{"user[]": "Nina Braun", "userId[]": "w0"}),
            said(T0 + 13.0, "answer", "B", origCallId="A1B2", **NINA),
            said(T0 + 205.0, "hangup", "B", cause="normalClearing"),
        ],
    ),
    "transferred": (
        [CALL],
        [
            said(T0, "newCall", "A1B2", **{"user[]": "Tom Weiss", "userId[]": "w1"}),
            said(T0 + 13.0, "answer", "A1B2", **TOM),
            said(T0 + 100.0, "newCall", "B", origCallId="A1B2", **{"user[]": "Nina Braun", "userId[]": "w0"}),
            said(T0 + 110.0, "answer", "B", origCallId="A1B2", **NINA),
            said(T0 + 111.0, "hangup", "A1B2", cause="normalClearing"),
            said(T0 + 205.0, "hangup", "B", cause="normalClearing"),
        ],
    ),
    "forwarded to the mailbox": (
        [MISSED, MESSAGE],
        [
            said(T0, "newCall", "A1B2", **{"user[]": "Tom Weiss", "userId[]": "w1"}),
            said(T0 + 20.0, "hangup", "A1B2", cause="forwarded"),
            said(T0 + 20.0, "newCall", "B", origCallId="A1B2", **{"user[]": "voicemail"}),
            said(T0 + 20.0, "answer", "B", origCallId="A1B2", user="voicemail"),
            said(T0 + 38.0, "hangup", "B", cause="normalClearing"),
        ],
    ),
    "forwarded to nobody": (
        [MISSED],
        [
            said(T0, "newCall", "A1B2", **{"user[]": "Tom Weiss", "userId[]": "w1"}),
            said(T0 + 10.0, "hangup", "A1B2", cause="forwarded"),
            said(T0 + 10.1, "newCall", "B", origCallId="A1B2", **{"user[]": "Nina Braun", "userId[]": "w0"}),
            said(T0 + 20.0, "hangup", "B", cause="cancel"),
        ],
    ),
}


@pytest.mark.parametrize(("entries", "as_hooks"), SEVERAL_LEGS.values(), ids=SEVERAL_LEGS)
@given(data=st.data())
def test_a_call_of_several_legs_is_the_same_from_the_history_and_late_hooks_change_nothing(
    entries: list[Entry], as_hooks: list[Heard], data: st.DataObject
) -> None:
    """Hooks carry no time: what comes late has come now."""
    filled = from_history(fill(entries, [], "DE"))
    alone = from_hooks(filled)
    assert facts(alone) == facts(from_hooks(as_hooks))
    order = data.draw(st.permutations(as_hooks))
    late = [replace(hook, at=LATER + place) for place, hook in enumerate(order)][: data.draw(st.integers(0, 6))]
    together = from_hooks([*filled, *late], now=LATER + 100.0)
    assert facts(together) == facts(alone)
    assert (together.started_at, together.answered_at, together.ended_at) == (
        alone.started_at,
        alone.answered_at,
        alone.ended_at,
    )
    assert together.waiting is None
    row = plan_row(alone, Told(), NO_DESK, now=LATER).told
    assert not plan_row(together, row, NO_DESK, now=LATER + 100.0).effects, "Zammad's row is whole"


def test_two_calls_of_one_caller_in_the_same_second_are_two() -> None:
    second = replace(CALL, id="9000000009", call_id="C3D4")
    assert {hook.call_id for hook in fill([CALL, second], [], "DE")} == {"A1B2", "C3D4"}
    known = [
        replace(KNOWN, id=place, call_ids=frozenset({key}), is_over=True) for place, key in enumerate(("A1B2", "C3D4"))
    ]
    assert list(fill([CALL, second], known, "DE")) == []


def test_a_missed_call_whose_end_was_never_told_is_no_short_ring() -> None:
    known = replace(KNOWN, call_ids=frozenset({MISSED.call_id}), root=MISSED.call_id, started_at=T0)
    call = from_hooks([*MISSED_LIVE[:1], *from_history(fill([MISSED], [known], "DE"))])
    assert call.state is State.MISSED


def test_whoever_calls_twice_within_a_minute_has_two_calls() -> None:
    second = replace(CALL, id="9000000009", call_id="C3D4", started_at=T0 + 30.0)
    assert {hook.call_id for hook in fill([CALL, second], [], "DE")} == {"A1B2", "C3D4"}
    known = replace(KNOWN, call_ids=frozenset({"C3D4"}), started_at=T0 + 30.0, is_over=True)
    assert {hook.call_id for hook in fill([CALL, second], [known], "DE")} == {"A1B2"}
