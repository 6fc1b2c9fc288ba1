"""Which calls a figure of the statistics counts, so that a click on it can show exactly these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.statistics import GOING_ON
from sidecar.calls.sipgate.events import Direction

UNCOUNTED = frozenset({State.BLOCKED, State.SHORT_RING})


class Counted(StrEnum):
    """Inbound calls from outside; no test calls."""

    OFFERED = "offered"
    ANSWERED = "answered"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """All conditions have to hold; None and an empty tuple are no condition.

    `waited`: answered within so many seconds, and over. `rang`: the agent whose phone rang, or who talked.
    `times`: since and until of spans, one of which it began in.
    """

    counted: Counted | None = None
    waited: float | None = None
    rang: int | None = None
    times: tuple[tuple[float, float], ...] | None = None

    def counts(self, call: ListedCall) -> bool:
        return (
            (self.counted is None or _is_counted(call, self.counted))
            and (self.waited is None or _answered_within(call, self.waited))
            and (self.rang is None or self.rang in call.agents | {call.agent_id})
            and (self.times is None or any(since <= call.started_at < until for since, until in self.times))
        )


def _is_counted(call: ListedCall, counted: Counted) -> bool:
    if call.direction != Direction.IN or call.internal or call.test or call.state in UNCOUNTED:
        return False
    match counted:
        case Counted.OFFERED:
            return True
        case Counted.ANSWERED:
            return call.answered_at is not None
        case Counted.MISSED:
            return call.state is State.MISSED


def _answered_within(call: ListedCall, seconds: float) -> bool:
    over = call.answered_at is not None and call.state not in GOING_ON
    return over and call.waiting is not None and call.waiting <= seconds
