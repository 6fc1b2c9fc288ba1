"""How many records a page of a full pass has: about a second's worth (docs/reference/zammad.md section 5.1)."""

from __future__ import annotations

from dataclasses import replace

from sidecar.sync.kept import PassState

FIRST = 50  # records, before anything is known of this Zammad
AIM = 1.0  # seconds
QUICK = 0.7 * AIM  # twice as many are no more than half as long again as aimed at
REST = 1.25  # times what a page took, at most, while calls are on


def begun(state: PassState, *, most: int, now: float) -> PassState:
    return PassState(finished_at=state.finished_at, begun_at=now, page_size=min(FIRST, most))


def after_page(state: PassState, *, took: float, most: int) -> PassState:
    """Twice as many where that was quick, half as many where it was slow.

    Grown only where a page of the new size begins at this place, so that nothing is read twice.
    """
    if took > 2 * AIM:
        return _resized(state, max(1, state.page_size // 2))
    larger = 2 * state.page_size
    if took < QUICK and larger <= most and position(state) % larger == 0:
        return _resized(state, larger)
    return state


def after_timeout(state: PassState) -> PassState | None:
    """A quarter, at once; None where it cannot be the size."""
    return _resized(state, max(1, state.page_size // 4)) if state.page_size > 1 else None


def position(state: PassState) -> int:
    """Records before the next page."""
    return (state.page - 1) * state.page_size


def _resized(state: PassState, size: int) -> PassState:
    """Begins where the last page has ended, or a little before."""
    return replace(state, page=position(state) // size + 1, page_size=size)
