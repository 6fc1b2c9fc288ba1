"""Conversations: whatever order, repetition or loss, the fold says what the remaining hooks allow.

Shown by sipgate/sipgate.io 65 and 70 (queues that answer), 106 (voicemail), 127 and 131 (picked up by a colleague).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest

from sidecar.calls.conversation.caller_log import Told, plan_row
from sidecar.calls.conversation.conversation import HANDED_OVER, Conversation, Habits, State, conversation_from
from sidecar.calls.conversation.legs import AnswerHabits, Heard, Taker
from sidecar.calls.reasons import because
from sidecar.calls.rules.block_list import Blocked
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall
from tests.sidecar.calls.conversation.switchboard import DESK, HABITS, Switchboard, played
from tests.sidecar.calls.conversation.traces import (
    INTERNAL,
    MISSED,
    NOT_REACHED,
    QUEUE,
    SIMPLE,
    TRACES,
    TRANSFER,
    VOICEMAIL,
    Trace,
)

SEED = 20261122
SAMPLES = 100


def _told(board: Switchboard) -> tuple[str, tuple[str | None, ...], str]:
    (conversation,) = board.conversations()
    talkers = tuple(pickup.user_id for pickup in conversation.talkers if conversation.direction is Direction.IN)
    return conversation.state, talkers, conversation.direction


def _simple_call() -> tuple[NewCall, Answered, HungUp]:
    ring, answer, end = SIMPLE.events
    assert isinstance(ring, NewCall)
    assert isinstance(answer, Answered)
    assert isinstance(end, HungUp)
    return ring, answer, end


def _orders(events: tuple[CallEvent, ...], *, repeated: int | None, times: int = 1) -> Iterator[tuple[CallEvent, ...]]:
    """Permutations of the events with one of them repeated; a repetition may come anywhere, so they are sampled."""
    places = (*range(len(events)), *([] if repeated is None else [repeated] * (times - 1)))
    if len(places) <= 6:
        for order in dict.fromkeys(permutations(places)):  # two alike are not told apart
            yield tuple(events[place] for place in order)
        return
    chance = random.Random(f"{SEED} {repeated} {times}")
    for _ in range(SAMPLES):
        yield tuple(events[place] for place in chance.sample(places, len(places)))


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_in_order_the_trace_ends_as_the_reference_says(trace: Trace) -> None:
    board = played(trace.events)
    (conversation,) = board.conversations()
    assert conversation.state == trace.state
    assert conversation.direction == trace.direction
    if trace.direction is Direction.IN:
        assert tuple(pickup.user_id for pickup in conversation.talkers) == trace.talkers
    assert tuple(board.log.dialogs) == trace.dialogs
    (row,) = board.log.rows.values()
    assert (row.state, row.done) == ("hangup", trace.done)


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_any_order_ends_like_the_right_one_with_one_dialog_an_agent(trace: Trace) -> None:
    expected = _told(played(trace.events))
    for order in _orders(trace.events, repeated=None):
        board = played(order)
        assert _told(board) == expected, order
        assert len(board.log.dialogs) == len(set(board.log.dialogs)), order
        if trace is not INTERNAL:  # its inbound half, all of it heard first, looks like a customer's call
            assert set(board.log.dialogs) <= set(trace.dialogs), order


@pytest.mark.parametrize("times", [2, 3])
@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_repeated_events_in_any_order_change_nothing(trace: Trace, times: int) -> None:
    expected = _told(played(trace.events))
    for repeated in range(len(trace.events)):
        for order in _orders(trace.events, repeated=repeated, times=times):
            board = played(order)
            assert _told(board) == expected, (SEED, order)
            assert len(board.log.dialogs) == len(set(board.log.dialogs)), (SEED, order)


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_a_lost_event_in_any_order_leaves_no_second_dialog_and_no_open_row(trace: Trace) -> None:
    for lost in range(len(trace.events)):
        rest = tuple(event for position, event in enumerate(trace.events) if position != lost)
        in_order = sorted(_told(conversation) for conversation in [played(rest)])
        for order in permutations(rest):
            board = played(order)
            assert sorted([_told(board)]) == in_order, order
            assert len(board.log.dialogs) == len(set(board.log.dialogs)), order
            assert all(row.state == "hangup" for row in board.log.rows.values()), order


def test_the_row_shows_the_colleague_who_took_over() -> None:
    board = played(TRANSFER.events)
    assert [row.shown for row in board.log.rows.values()] == ["Agent w2"]


def test_a_call_without_a_hangup_is_unknown_until_it_comes_late() -> None:
    board = played(SIMPLE.events[:2])
    assert _told(board)[0] == State.UNKNOWN
    board.hear(SIMPLE.events[2])
    assert _told(board)[0] == State.ENDED
    assert [row.cause for row in board.log.rows.values()] == ["unknown"]


def test_voicemail_is_a_machine_while_it_records_and_missed_afterwards() -> None:
    board = Switchboard()
    for event in VOICEMAIL.events[:4]:
        board.hear(event)
    assert _told(board)[0] == State.MACHINE
    board.hear(VOICEMAIL.events[4])
    assert _told(board)[0] == State.MISSED


def test_a_rejected_caller_is_blocked_at_once_and_leaves_no_row() -> None:
    board = Switchboard()
    spam = because(Blocked.NOTED_ROW, note="spam", number="4989*")
    board.hear(SIMPLE.events[0], rejected=spam)
    (conversation,) = board.conversations()
    assert (conversation.state, conversation.blocked) == (State.BLOCKED, spam)
    assert board.log.rows == {}


def test_a_hangup_without_numbers_and_leg_makes_no_row() -> None:
    board = played([HungUp(call_id="8440375548925316618", cause="congestion")])
    assert board.log.rows == {}


def test_a_forwarded_leg_without_successor_is_closed_as_forwarded_not_as_missed() -> None:
    board = played(VOICEMAIL.events[:2])
    (row,) = board.log.rows.values()
    assert (row.cause, row.done) == ("forwarded", True)


def test_a_leg_that_comes_after_its_row_was_closed_gets_a_row_of_its_own() -> None:
    board = played(VOICEMAIL.events[:2])
    board.hear(TRACES[4].events[2])
    board.hear(TRACES[4].events[3])
    assert [row.state for row in board.log.rows.values()] == ["hangup", "answer"]
    assert board.log.dialogs == [2]


def test_two_rows_of_one_call_leave_the_elder_and_end_the_younger_as_forwarded() -> None:
    first = SIMPLE.events[0]
    assert isinstance(first, NewCall)
    board = Switchboard()
    board.hear(replace(first, xcid=None))
    board.hear(replace(first, xcid="other", call_id="Z"))
    assert len(board.conversations()) == 2
    board.hear(HungUp(call_id="Z", orig_call_id="A", xcid="other", cause="cancel"))
    assert len(board.conversations()) == 1
    assert {call_id: row.cause for call_id, row in board.log.rows.items()} == {"A": None, "Z": "forwarded"}


def test_a_call_from_an_extension_opens_nothing() -> None:
    board = Switchboard()
    for event in SIMPLE.events[:2]:
        assert isinstance(event, NewCall | Answered)
        board.hear(replace(event, caller="11", callee="12"))
    assert [row.shown for row in board.log.rows.values()] == ["Agent w1"]
    assert board.log.dialogs == []


def test_a_new_call_without_any_number_is_a_call_and_a_lone_hangup_is_none() -> None:
    ring, answer, end = _simple_call()
    board = played([replace(ring, caller="", callee=""), replace(answer, caller="", callee="")])
    assert (len(board.log.rows), board.log.dialogs) == (1, [1])
    assert played([replace(end, caller="", callee="")]).log.rows == {}


@pytest.mark.parametrize("direction", Direction)
def test_a_hangup_that_does_not_say_which_way_the_call_went_goes_by_its_path(direction: Direction) -> None:
    (conversation,) = played([HungUp(call_id="A", posted_to=direction, caller="4930", callee="4940")]).conversations()
    assert conversation.direction == direction


def test_what_a_leg_says_of_its_direction_counts_more_than_the_path() -> None:
    ring = SIMPLE.events[0]
    (conversation,) = played([HungUp(call_id="A", posted_to=Direction.OUT), ring]).conversations()
    assert conversation.direction == Direction.IN


def test_a_call_that_was_handed_over_ends_a_minute_after_the_second_leg_if_the_first_is_never_heard_of_again() -> None:
    for events in (TRANSFER.events[:3], (*TRANSFER.events[:4], TRANSFER.events[5])):
        board = Switchboard()
        for event in events:
            board.hear(event)
        board.hear(HungUp(call_id="B", orig_call_id="A", xcid="aa01", cause="cancel"))
        assert [row.state for row in board.log.rows.values()] == ["answer"]
        board.pass_time(board.now + HANDED_OVER + 1)
        assert _told(board)[0] == State.ENDED
        assert [(row.state, row.done) for row in board.log.rows.values()] == [("hangup", True)]


def test_a_call_taken_back_from_a_handover_talks_on_until_its_own_hangup() -> None:
    board = Switchboard()
    for event in (*TRANSFER.events[:3], HungUp(call_id="B", orig_call_id="A", xcid="aa01", cause="cancel")):
        board.hear(event)
    board.now += 600
    board.hear(TRANSFER.events[4])
    (conversation,) = board.conversations()
    assert conversation.talking is not None
    assert conversation.talking > 600


def test_the_two_halves_of_an_internal_call_are_outbound_whichever_comes_first() -> None:
    halves = [
        NewCall(call_id=call_id, xcid="q", direction=direction, caller="493023125001", callee="493023125002")
        for call_id, direction in (("I", Direction.IN), ("O", Direction.OUT))
    ]
    for order in (halves, halves[::-1]):
        (conversation,) = played(order).conversations()
        assert (conversation.direction, conversation.internal) == (Direction.OUT, True)


def test_an_outbound_leg_of_a_forwarded_call_waits_for_the_inbound_one() -> None:
    ring = SIMPLE.events[0]
    board = Switchboard()
    board.hear(
        NewCall(call_id="B", orig_call_id="A", xcid="aa01", direction=Direction.OUT, caller="4930", callee="4917")
    )
    assert board.log.rows == {}
    board.hear(ring)
    assert [row.direction for row in board.log.rows.values()] == ["in"]


def test_a_forwarded_leg_whose_successor_was_heard_of_first_leaves_a_missed_call() -> None:
    ring, *_ = _simple_call()
    successor = (replace(ring, call_id="B"), HungUp(call_id="B", xcid="aa01", cause="cancel"))
    board = played([*successor, HungUp(call_id="A", xcid="aa01", cause="forwarded")])
    assert _told(board)[0] == State.MISSED


def test_a_late_successor_that_rang_in_vain_is_a_missed_call_although_its_row_was_closed() -> None:
    board = played(VOICEMAIL.events[:2])
    ring = replace(_simple_call()[0], call_id="B", orig_call_id="A")
    board.call_in_one(ring, HungUp(call_id="B", orig_call_id="A", xcid="aa01", cause="cancel"))
    board.pass_time(board.now + 10)
    assert [(row.cause, row.done) for row in board.log.rows.values()] == [("forwarded", True), ("cancel", False)]


@pytest.mark.parametrize("users", [("voicemail",), (" Voicemail ",)])
def test_voicemail_is_known_by_its_name_however_it_is_written(users: tuple[str, ...]) -> None:
    ring, answer, end = _simple_call()
    nobody = replace(answer, user=None, user_id=None)
    board = played([replace(ring, users=users, user_ids=()), nobody, end])
    assert _told(board)[0] == State.MISSED


def test_a_call_id_longer_than_zammads_column_has_a_row_of_its_own_and_a_short_key() -> None:
    long = "f" * 300
    first, second = (f"{long}{number}" for number in (1, 2))
    board = Switchboard()
    for call_id in (first, second):
        for event in _simple_call():
            board.hear(replace(event, call_id=call_id, xcid=call_id))
    board.pass_time(board.now + 10)
    assert [row.state for row in board.log.rows.values()] == ["hangup", "hangup"]
    assert all(len(call_id) <= 250 for call_id in board.log.rows)


def test_a_missed_call_whose_closed_row_nothing_more_is_known_of_gets_no_second_row() -> None:
    (conversation,) = played(MISSED.events).conversations()
    assert plan_row(conversation, Told(call_id="A", closed_at=1.0), DESK, now=50_000.0).effects == ()


def _heard(*hooks: tuple[float, CallEvent], now: float, habits: Habits | None = None) -> Conversation:
    told = [Heard(at=at, event=event) for at, event in hooks]
    conversation = conversation_from(told, now=now, habits=habits or Habits())
    assert conversation is not None
    assert conversation == conversation_from(reversed(told), now=now, habits=habits or Habits())
    return conversation


def _end(cause: str) -> HungUp:
    return replace(_simple_call()[2], cause=cause)


@pytest.mark.parametrize(
    ("hooks", "state"),
    [
        (((0.0, MISSED.events[0]), (1.9, _end("cancel"))), State.SHORT_RING),
        (((0.0, MISSED.events[0]), (2.0, _end("cancel"))), State.MISSED),
        (((0.0, MISSED.events[0]), (1.0, _end("noAnswer"))), State.MISSED),
        (((0.0, MISSED.events[0]), (1.0, _end("busy"))), State.MISSED),
        (((0.0, MISSED.events[0]), (1.0, _end("normalClearing"))), State.MISSED),
        (((1.0, _end("cancel")),), State.MISSED),  # how long it rang is not known
        (((0.0, MISSED.events[0]), (0.5, SIMPLE.events[1]), (1.0, _end("cancel"))), State.ENDED),
        (((0.0, QUEUE.events[0]), (0.5, QUEUE.events[1]), (1.5, _end("cancel"))), State.SHORT_RING),
        (((0.0, QUEUE.events[0]), (0.5, QUEUE.events[1]), (2.5, _end("cancel"))), State.MISSED),
        (((0.0, NOT_REACHED.events[0]), (1.0, replace(_end("cancel"), direction=Direction.OUT))), State.NOT_REACHED),
    ],
)
def test_who_gives_up_at_once_was_not_missed(hooks: tuple[tuple[float, CallEvent], ...], state: State) -> None:
    habits = replace(HABITS, shortest_ring=2.0)
    assert _heard(*hooks, now=100.0, habits=habits).state is state
    longer = {State.SHORT_RING: State.MISSED}.get(state, state)
    assert _heard(*hooks, now=100.0, habits=HABITS).state is longer


RING, ANSWER = (0.0, SIMPLE.events[0]), (5.0, SIMPLE.events[1])
LATER = replace(TRANSFER.events[2], call_id="B")


@pytest.mark.parametrize(
    ("hooks", "now", "counts_at"),
    [
        ((RING,), 100.0, None),
        ((RING, ANSWER), 14.9, None),
        ((RING, ANSWER), 15.0, 15.0),
        ((RING, ANSWER, (14.9, _end("normalClearing"))), 100.0, None),
        ((RING, ANSWER, (15.0, _end("normalClearing"))), 100.0, 15.0),
        ((RING, ANSWER), 50_000.0, None),  # its end is unknown: the last that was heard of it counts
        ((RING, ANSWER, (12.0, LATER)), 50_000.0, None),
        ((RING, ANSWER, (16.0, LATER)), 50_000.0, 15.0),
    ],
)
def test_a_talk_counts_once_it_has_lasted_long_enough(
    hooks: tuple[tuple[float, CallEvent], ...], now: float, counts_at: float | None
) -> None:
    conversation = _heard(*hooks, now=now)
    assert conversation.counts_at == counts_at
    if conversation.state is State.ANSWERED and counts_at is None:
        assert conversation.wake_at == 15.0


UNNAMED = replace(_simple_call()[1], user=None, user_id=None)
PERSONS = replace(HABITS, answers=AnswerHabits(unnamed=Taker.PERSON))


@pytest.mark.parametrize(
    ("answer", "habits", "during", "afterwards"),
    [
        (UNNAMED, HABITS, State.MACHINE, State.MISSED),
        (UNNAMED, PERSONS, State.ANSWERED, State.ENDED),
        (replace(UNNAMED, user="Somebody"), HABITS, State.ANSWERED, State.ENDED),
        (replace(UNNAMED, user_id="w1"), HABITS, State.ANSWERED, State.ENDED),
        (replace(UNNAMED, full_user_id="1234567w1"), HABITS, State.ANSWERED, State.ENDED),
        (replace(UNNAMED, user="voicemail"), PERSONS, State.MACHINE, State.MISSED),
    ],
)
def test_an_answer_that_names_nobody_is_a_queue_or_a_machine_unless_the_admin_says_otherwise(
    answer: Answered, habits: Habits, during: State, afterwards: State
) -> None:
    so_far = ((0.0, SIMPLE.events[0]), (5.0, answer))
    assert _heard(*so_far, now=20.0, habits=habits).state is during
    ended = _heard(*so_far, (60.0, SIMPLE.events[2]), now=80.0, habits=habits)
    assert (ended.state, ended.counts_at) == (afterwards, 15.0 if afterwards is State.ENDED else None)


def test_a_person_behind_a_queue_that_names_nobody_talks() -> None:
    board = Switchboard()
    for event in (SIMPLE.events[0], UNNAMED, *SIMPLE.events[1:]):
        board.hear(event)
    (conversation,) = board.conversations()
    assert (conversation.state, board.log.dialogs) == (State.ENDED, [1])


@pytest.mark.parametrize("habits", [HABITS, PERSONS])
def test_an_answer_that_names_nobody_opens_nothing(habits: Habits) -> None:
    board = Switchboard(habits=habits)
    for event in (SIMPLE.events[0], UNNAMED, SIMPLE.events[2]):
        board.hear(event)
    board.pass_time(board.now + 10)
    assert board.log.dialogs == []
    (row,) = board.log.rows.values()
    assert (row.state, row.done) == ("hangup", habits is PERSONS)
