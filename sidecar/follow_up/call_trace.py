"""What became of one call and why, from the database: for the command line and the admin pages."""

from __future__ import annotations

from sidecar.calls.conversation.conversation import Habits, conversation_from
from sidecar.calls.reasons import Reason
from sidecar.calls.rules.rules import Rules
from sidecar.calls.trace import ABOUT_DIALOGS, explain
from sidecar.follow_up.cases import answers_elsewhere, heard_in
from sidecar.store.calls.conversations import known_of
from sidecar.store.calls.outcome import CallOutcome
from sidecar.store.database import Connection


def explained(
    connection: Connection, outcome: CallOutcome, *, rules: Rules | None, habits: Habits, now: float
) -> list[Reason]:
    """Empty where the hooks have been forgotten already."""
    heard = [heard for hook in outcome.hooks if (heard := heard_in(hook)) is not None]
    (elsewhere,) = answers_elsewhere(connection, [(heard, {outcome.conversation_id})])
    conversation = conversation_from(heard, now=now, habits=habits, elsewhere=elsewhere)
    if conversation is None:
        return []
    told = known_of(connection, [outcome.conversation_id])[outcome.conversation_id].told
    return explain(conversation, told=told, deliveries=outcome.parcels, rules=rules)


def why_dialog(
    connection: Connection, outcome: CallOutcome, *, rules: Rules | None, habits: Habits, now: float
) -> list[Reason]:
    """Why a dialog opened in Zammad or not, in the order of what happened; empty as above."""
    reasons = explained(connection, outcome, rules=rules, habits=habits, now=now)
    return [reason for reason in reasons if reason.code in ABOUT_DIALOGS]
