"""When sipgate's history is looked at."""

from __future__ import annotations

import pytest

from sidecar.calls.sipgate.rhythm import BUSY_EVERY, CALM_EVERY, FRESH, RecentCalls, is_worth_a_look

T0 = 1_800_000_000.0
CALM = RecentCalls(begun=None, is_any_open=False)
BUSY = RecentCalls(begun=T0 - FRESH + 1.0, is_any_open=False)


@pytest.mark.parametrize(
    ("calls", "looked_at", "expected"),
    [
        (CALM, None, True),
        (CALM, T0 - BUSY_EVERY, False),
        (CALM, T0 - CALM_EVERY, True),
        (BUSY, T0 - BUSY_EVERY + 1.0, False),
        (BUSY, T0 - BUSY_EVERY, True),
        (RecentCalls(begun=T0 - FRESH, is_any_open=False), T0 - BUSY_EVERY, False),
        (RecentCalls(begun=T0 - 9000.0, is_any_open=True), T0 - BUSY_EVERY, True),
    ],
)
def test_once_a_minute_while_calls_come_in_else_now_and_then(
    calls: RecentCalls, looked_at: float | None, *, expected: bool
) -> None:
    assert is_worth_a_look(calls, looked_at=looked_at, now=T0) is expected


def test_after_a_look_that_failed_the_next_one_is_soon() -> None:
    assert is_worth_a_look(CALM, looked_at=T0 - BUSY_EVERY, now=T0, failed=True)


def test_after_a_missed_call_a_message_is_looked_for_sooner_and_four_times() -> None:
    calls = RecentCalls(begun=None, is_any_open=False, missed_ends=(T0,))
    looks, looked_at = [], T0
    for second in range(5, 895, 5):
        if is_worth_a_look(calls, looked_at=looked_at, now=T0 + second):
            looks.append(second)
            looked_at = T0 + second
    assert looks == [10, 30, 120, 600]
