"""A message to Zammad's caller log on its way: what it is for, and how far it is."""

from __future__ import annotations

from enum import StrEnum

from sidecar.calls.reasons import Reason, because


class ParcelKind(StrEnum):
    OPEN_ROW = "open row"
    SHOW_ANSWER = "show answer"
    CLOSE_ROW = "close row"


class ParcelState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"  # refused for good
    DISCARDED = "discarded"


class Waits(StrEnum):
    """Why a parcel is not delivered yet."""

    UNDER_WAY = "waits.under_way"
    BEHIND = "waits.behind"  # number
    ITS_TURN = "waits.its_turn"
    UNTIL = "waits.until"  # at
    FOR_ZAMMAD = "waits.for_zammad"


def why_waiting(
    number: int, *, first: int, due_at: float, claimed_until: float | None, tried: bool, now: float
) -> Reason:
    """`first`: the oldest one of its call that waits; those of a call go one after the other."""
    if claimed_until is not None and claimed_until > now:
        return because(Waits.UNDER_WAY)
    if first < number:
        return because(Waits.BEHIND, number=first)
    if not tried:
        return because(Waits.ITS_TURN)
    return because(Waits.UNTIL, at=due_at) if due_at > now else because(Waits.FOR_ZAMMAD)
