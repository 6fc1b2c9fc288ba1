"""What became of a call, why, and what Zammad was told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.calls.conversation.conversation import Habits
from sidecar.calls.reasons import Reason
from sidecar.calls.rules.rules import Rules
from sidecar.follow_up.call_trace import explained
from sidecar.store.calls.outcome import CallOutcome, outcome_of_call
from sidecar.store.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    outcome: CallOutcome
    reasons: Sequence[Reason]  # empty where the hooks have been forgotten


def facts_of_call(
    connection: Connection, call_ids: Sequence[str], *, rules: Rules | None, habits: Habits, now: float
) -> CallFacts | None:
    """None while none of its hooks is folded."""
    outcome = outcome_of_call(connection, call_ids)
    if outcome is None:
        return None
    return CallFacts(outcome=outcome, reasons=explained(connection, outcome, rules=rules, habits=habits, now=now))
