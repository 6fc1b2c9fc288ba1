"""Whose phones a call is on, and what another call at one of them says about its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.calls.conversation.conversation import NEXT_CALL, Conversation, State, conversation_from
from sidecar.calls.conversation.legs import Heard
from sidecar.calls.conversation.phones import Phone, PhoneUse, phone_of, phone_uses, phones_to_ask_about
from sidecar.calls.sipgate.events import CallEvent, Direction, HungUp, KeysPressed, NewCall
from tests.sidecar.calls.conversation.switchboard import HABITS
from tests.sidecar.calls.conversation.traces import INTERNAL, OUTBOUND, QUEUE, SIMPLE, TRACES, TRANSFER, VOICEMAIL

RING, ANSWER, END = SIMPLE.events
W1, W2 = Phone(sipgate_id="w1"), Phone(sipgate_id="w2")
LATER = 100.0


def _answers(phone: Phone, at: float = LATER) -> PhoneUse:
    return PhoneUse(phone=phone, at=at, answers=True)


def _at(now: float, *hooks: tuple[float, CallEvent], elsewhere: tuple[PhoneUse, ...]) -> Conversation:
    heard = [Heard(at=at, event=event) for at, event in hooks]
    conversation = conversation_from(heard, now=now, habits=HABITS, elsewhere=elsewhere)
    assert conversation is not None
    assert conversation == conversation_from(reversed(heard), now=now, habits=HABITS, elsewhere=elsewhere)
    return conversation


@pytest.mark.parametrize(
    ("events", "elsewhere", "ends"),
    [
        ((RING, ANSWER), (_answers(W1),), True),
        ((RING, ANSWER), (_answers(W2),), False),
        ((RING, ANSWER), (), False),
        ((RING, ANSWER), (_answers(W1, at=1.0),), False),  # before this one was
        ((RING, ANSWER), (_answers(replace(W1, account="1234567")),), True),
        ((RING,), (_answers(W1),), False),  # rings at others as well
        (TRANSFER.events[:4], (_answers(W1),), False),  # w2 talks
        (TRANSFER.events[:4], (_answers(W2),), True),
        (TRANSFER.events[:5], (_answers(W2),), True),
        (QUEUE.events[:2], (_answers(W1),), False),
        (VOICEMAIL.events[:4], (_answers(W1),), False),
        (OUTBOUND.events[:2], (_answers(W1),), True),
        (OUTBOUND.events[:2], (_answers(W2),), False),
        (INTERNAL.events[:4], (_answers(W2),), True),
    ],
)
def test_whoever_answers_another_call_has_ended_the_one_before(
    events: tuple[CallEvent, ...], elsewhere: tuple[PhoneUse, ...], *, ends: bool
) -> None:
    hooks = [(float(place), event) for place, event in enumerate(events)]
    before = _at(LATER + NEXT_CALL - 1, *hooks, elsewhere=elsewhere)
    assert before.ended_at is None, "a hook of it may still come"
    assert (before.wake_at == LATER + NEXT_CALL) is ends
    after = _at(LATER + NEXT_CALL, *hooks, elsewhere=elsewhere)
    assert (after.state is State.UNKNOWN) is ends
    assert after.ended_at == (LATER if ends else None)


@pytest.mark.parametrize("hook", [KeysPressed(call_id="A", digits="1"), TRANSFER.events[2]])
def test_a_hook_of_the_call_itself_says_that_it_goes_on(hook: CallEvent) -> None:
    on_hold = ((0.0, RING), (5.0, ANSWER), (LATER + 10, hook))
    assert _at(LATER + 200, *on_hold, elsewhere=(_answers(W1),)).ended_at is None


def test_the_first_call_after_its_last_hook_ends_it() -> None:
    on_hold = ((0.0, RING), (5.0, ANSWER), (LATER + 10, KeysPressed(call_id="A", digits="1")))
    answers = (_answers(W1), _answers(W1, at=400.0), _answers(W1, at=300.0))
    assert _at(1000.0, *on_hold, elsewhere=answers).ended_at == 300.0


@pytest.mark.parametrize("hung_up_at", [LATER + 10, LATER + 5000])
def test_a_hangup_that_comes_after_all_is_the_end(hung_up_at: float) -> None:
    hooks = ((0.0, RING), (5.0, ANSWER), (hung_up_at, END))
    conversation = _at(hung_up_at + 10, *hooks, elsewhere=(_answers(W1),))
    assert (conversation.state, conversation.ended_at, conversation.talking) == (
        State.ENDED, hung_up_at, hung_up_at - 5,
    )  # fmt: skip


def test_a_handed_over_call_that_has_ended_is_no_unknown_one_for_a_hangup_on_the_way() -> None:
    hooks = [(float(place), event) for place, event in enumerate((*TRANSFER.events[:4], TRANSFER.events[5]))]
    conversation = _at(1000.0, *hooks, elsewhere=(_answers(W1, at=6.0), _answers(W2, at=7.0)))
    assert (conversation.state, conversation.ended_at) == (State.ENDED, 4.0)


def test_a_limit_for_missing_hangups_that_is_shorter_counts_first() -> None:
    habits = replace(HABITS, missing_hangup_after=20.0)
    heard = [Heard(at=0.0, event=RING), Heard(at=5.0, event=ANSWER)]
    ended = conversation_from(heard, now=LATER + 200, habits=habits, elsewhere=(_answers(W1),))
    assert ended is not None
    assert ended.ended_at == 25.0


@pytest.mark.parametrize(
    ("user_id", "full_user_id", "phone"),
    [
        ("w1", None, Phone(sipgate_id="w1")),
        ("W1 ", None, Phone(sipgate_id="w1")),
        (None, "1234567w1", Phone(sipgate_id="w1", account="1234567")),
        ("w1", "1234567w1", Phone(sipgate_id="w1", account="1234567")),
        ("1234567w1", None, Phone(sipgate_id="w1", account="1234567")),
        ("somebody", None, Phone(sipgate_id="somebody")),
        ("", "", None),
        (None, None, None),
    ],
)
def test_a_phone_is_known_by_either_id(user_id: str | None, full_user_id: str | None, phone: Phone | None) -> None:
    assert phone_of(user_id, full_user_id) == phone


def test_users_of_two_accounts_are_two() -> None:
    here, there = Phone(sipgate_id="w1", account="1234567"), Phone(sipgate_id="w1", account="7654321")
    assert not here.is_same(there)
    assert here.is_same(W1)
    assert W1.is_same(there)
    assert not W1.is_same(W2)


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_phones_are_asked_about_only_while_a_leg_has_not_ended(trace: object) -> None:
    assert isinstance(trace, type(SIMPLE))
    heard = [Heard(at=1.0, event=event) for event in trace.events]
    assert not phones_to_ask_about(heard)
    conversation = conversation_from(heard, now=2.0, habits=HABITS)
    assert conversation is not None
    used = {use.phone for use in phone_uses(conversation.legs)}
    open_ones = [Heard(at=1.0, event=event) for event in trace.events if not isinstance(event, HungUp)]
    assert used <= phones_to_ask_about(open_ones)


def test_who_of_several_dialled_is_not_known() -> None:
    ring = OUTBOUND.events[0]
    assert isinstance(ring, NewCall)
    conversation = conversation_from(
        [Heard(at=1.0, event=replace(ring, user_ids=("w1", "w2"), users=("A", "B")))], now=2.0, habits=HABITS
    )
    assert conversation is not None
    assert conversation.direction is Direction.OUT
    assert phone_uses(conversation.legs) == frozenset()
