"""When sipgate's history is worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BUSY_EVERY = 60.0  # seconds between two looks while calls come in, or after one that failed
CALM_EVERY = 900.0  # else: hooks may be missing because none gets through
FRESH = 900.0  # seconds after the beginning of a call
MESSAGE_AFTER = (10.0, 30.0, 120.0, 600.0)  # seconds from a missed call's end: sipgate does not tell by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentCalls:
    """Instants. `begun`: of the newest call; `missed_ends`: of the last minutes."""

    begun: float | None
    is_any_open: bool
    missed_ends: Sequence[float] = ()


def is_worth_a_look(calls: RecentCalls, *, looked_at: float | None, now: float, failed: bool = False) -> bool:
    """`looked_at`: the last time; None right after a start. `failed`: sipgate did not answer then."""
    if looked_at is None or now - looked_at >= CALM_EVERY:
        return True
    if any(looked_at < end + wait <= now for end in calls.missed_ends for wait in MESSAGE_AFTER):
        return True
    is_busy = failed or calls.is_any_open or (calls.begun is not None and now - calls.begun < FRESH)
    return is_busy and now - looked_at >= BUSY_EVERY
