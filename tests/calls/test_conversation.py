"""Conversations: whatever order, repetition or loss, the fold says what the remaining hooks allow."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import pytest

from sidecar.calls.conversation import State
from sidecar.calls.events import Answered, CallEvent, Direction, HungUp, NewCall
from tests.calls.switchboard import Switchboard, played
from tests.calls.traces import INTERNAL, SIMPLE, TRACES, TRANSFER, VOICEMAIL, Trace

SEED = 20261122
SAMPLES = 100


def _told(board: Switchboard) -> tuple[str, tuple[str | None, ...], str]:
    (conversation,) = board.conversations()
    talkers = tuple(pickup.user_id for pickup in conversation.talkers if conversation.direction is Direction.IN)
    return conversation.state, talkers, conversation.direction


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
    board.hear(SIMPLE.events[0], rejected="blocked: spam (4989*)")
    (conversation,) = board.conversations()
    assert (conversation.state, conversation.blocked) == (State.BLOCKED, "blocked: spam (4989*)")
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
