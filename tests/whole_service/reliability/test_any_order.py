"""Whatever order, repetition or loss: calls end as in the right order as far as the rest allows, dialogs come once."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from sidecar.calls.conversation.conversation import Conversation
from sidecar.calls.sipgate.events import CallEvent, Direction
from tests.sidecar.calls.conversation.switchboard import LONG_AFTER, Switchboard
from tests.sidecar.calls.conversation.traces import INTERNAL, TRACES, Trace
from tests.whole_service.reliability.calls import (
    ALL_TRACES,
    SEED,
    WatchedLog,
    as_call,
    call_of,
    mixed,
    recorded_traces,
    watched,
    with_faults,
)

SAMPLES = 300


@pytest.fixture(autouse=True)
def _seed() -> None:
    print(f"seed {SEED}")  # noqa: T201 - shown with every failure


def played(events: list[CallEvent] | tuple[CallEvent, ...], gaps: random.Random | None = None) -> Switchboard:
    """Heard one after the other, `gaps` of up to three seconds between them, and then nothing for hours."""
    board = watched()
    for event in events:
        board.hear(event)
        if gaps:
            board.pass_time(board.now + gaps.uniform(0, 3))
    board.pass_time(board.now + LONG_AFTER)
    return board


def told(conversation: Conversation) -> tuple[str, str, frozenset[str | None]]:
    inbound = conversation.direction is Direction.IN
    talkers = frozenset(pickup.user_id for pickup in conversation.talkers if inbound)
    return conversation.state, conversation.direction, talkers


def ends(board: Switchboard) -> dict[str, tuple[str, str, frozenset[str | None]]]:
    """Call to its end; there must be one conversation for each."""
    found = [(call_of(conversation.root.call_id), told(conversation)) for conversation in board.conversations()]
    assert len(dict(found)) == len(found), "a call became two conversations"
    return dict(found)


def assert_consistent(board: Switchboard, why: object) -> None:
    assert isinstance(board.log, WatchedLog)
    assert all(count == 1 for count in board.log.opened.values()), why
    assert all(row.state == "hangup" for row in board.log.rows.values()), why


@pytest.mark.parametrize("trace", recorded_traces(), ids=lambda trace: trace.name[:20])
def test_recorded_calls_end_alike_in_any_order_with_an_event_repeated_or_lost(trace: Trace) -> None:
    chance = random.Random(f"{SEED} {trace.name}")
    events = as_call(trace.events, "recorded")
    expected = ends(played(events))
    every = list(permutations(events))
    for order in every if len(every) <= SAMPLES else chance.sample(every, SAMPLES):
        board = played(order)
        assert ends(board) == expected, (SEED, order)
        assert_consistent(board, (SEED, order))
    for _ in range(SAMPLES // 3):
        order = tuple(mixed([with_faults(events, chance, faults=1)], chance))
        assert_consistent(played(order), (SEED, order))


def test_several_calls_at_once_with_two_faults_each_do_not_disturb_each_other() -> None:
    chance = random.Random(SEED)
    for sample in range(SAMPLES):
        calls = [
            with_faults(as_call(chance.choice(ALL_TRACES).events, str(number)), chance, faults=2) for number in range(4)
        ]
        alone = {name: end for call in calls for name, end in _alone(call).items()}
        board = played(mixed(calls, chance))
        assert ends(board) == alone, (SEED, sample)
        assert_consistent(board, (SEED, sample))


def _alone(call: list[CallEvent]) -> dict[str, tuple[str, str, frozenset[str | None]]]:
    return ends(played(call))


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_hooks_that_come_seconds_apart_and_in_any_order_end_alike_with_one_dialog_an_agent(trace: Trace) -> None:
    """The rows may be closed and opened again in between, but the conversation is right in the end."""
    chance = random.Random(f"{SEED} {trace.name}")
    expected = ends(played(trace.events))
    for _ in range(SAMPLES):
        order = mixed([trace.events], chance)
        board = played(order, gaps=chance)
        assert ends(board) == expected, (SEED, order)
        assert_consistent(board, (SEED, order))


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_hooks_seconds_apart_with_two_faults_never_confuse_zammads_log(trace: Trace) -> None:
    chance = random.Random(f"{SEED} {trace.name} faults")
    for _ in range(SAMPLES):
        order = mixed([with_faults(trace.events, chance, faults=2)], chance)
        assert_consistent(played(order, gaps=chance), (SEED, order))


def test_in_the_right_order_a_call_has_one_row_however_long_it_takes() -> None:
    chance = random.Random(SEED)
    for trace in TRACES:
        for _ in range(20):
            board = watched()
            for event in trace.events:
                board.hear(event)
                board.pass_time(board.now + chance.uniform(0, 1.9))
            board.pass_time(board.now + LONG_AFTER)
            assert len(board.log.rows) == 1, (SEED, trace.name)
            if trace is not INTERNAL:
                assert [row.done for row in board.log.rows.values()] == [trace.done], (SEED, trace.name)
