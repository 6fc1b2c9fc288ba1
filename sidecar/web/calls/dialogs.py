"""Why a dialog opened in Zammad or not: all of it for admins, their own switch for agents."""

from __future__ import annotations

from collections.abc import Sequence

from sidecar.calls.reasons import Reason
from sidecar.follow_up import call_trace
from sidecar.store.calls.outcome import outcome_of_call
from sidecar.store.calls.stories import Story
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.parts import Parts


def why_dialog(connection: Connection, story: Story, parts: Parts) -> Sequence[Reason]:
    """In the order of what happened; nothing where the hooks have been forgotten."""
    outcome = outcome_of_call(connection, [leg["call_id"] for leg in story.legs if leg.get("call_id")])
    if outcome is None:
        return ()
    rules, habits = parts.workings.rules.rules, parts.workings.habits
    return call_trace.why_dialog(connection, outcome, rules=rules, habits=habits, now=parts.clock())


def has_own_switch_off(story: Story, visitor: Visitor, parts: Parts) -> bool:
    """Whether this person picked up an inbound call, and their phone switch is off now."""
    rules, picked_up = parts.workings.rules, story.call.agent_id == visitor.user_id and not story.call.outbound
    return picked_up and rules.rules is not None and not rules.phone_switch(visitor.user_id)
