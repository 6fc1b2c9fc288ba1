"""The list of missed calls: which entry a call opens, extends or closes."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.calls.listing import ListedCall
from sidecar.calls.numbers import WITHHELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Somebody of ours talked to a number: reason enough to close its entry."""

    conversation_id: int
    at: float  # UTC epoch seconds of the pick-up
    agent: str | None
    agent_id: int | None
    outbound: bool


def missed_key(call: ListedCall) -> str:
    """What calls have in common that fold into one entry: the number. A withheld one stands for itself."""
    if call.number:
        return call.number
    party = call.other_party.strip().lower()
    return f"call:{call.id}" if party in {"", WITHHELD} else f"raw:{party}"[:100]


def missed_at(call: ListedCall) -> float:
    """When it was over without anybody having talked."""
    return call.ended_at if call.ended_at is not None else call.started_at


def talk_in(call: ListedCall) -> Talk | None:
    """The talk that this call was, if somebody of ours talked to an outside number; test calls count for nothing."""
    if call.answered_at is None or call.test or call.internal:
        return None
    return Talk(
        conversation_id=call.id,
        at=call.answered_at,
        agent=call.agent,
        agent_id=call.agent_id,
        outbound=call.outbound,
    )


def settles(talk: Talk | None, last_missed_at: float) -> bool:
    """Whether the talk came after the last missed call; one that was already going on does not count."""
    return talk is not None and talk.at > last_missed_at
