"""Which calls somebody may see: asked for here and nowhere else, by pages, events, search, statistics and export."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select, true, union_all

from sidecar.calls.pages.listing import ListedCall
from sidecar.store.calls.tables import call_agents, conversations

part = call_agents.alias("part")  # a query may ask for the agents as well
whole = conversations.alias("whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whoever sees the same is the same viewer: see SEES_ALL.

    `only_own`: only calls in which this agent took part. `queues`: besides those, calls at these lines of ours alone,
    in digits, as Zammad's Caller Log Filter has it; None: no such filter.
    """

    user_id: int
    only_own: bool = False
    queues: frozenset[str] | None = None

    @property
    def restricted(self) -> bool:
        return self.only_own or self.queues is not None

    @property
    def lines(self) -> frozenset[str]:
        """The queues as lines are written in calls."""
        queues = frozenset[str]() if self.only_own or self.queues is None else self.queues
        return queues | {f"+{queue}" for queue in queues}

    def may_see(self, call: ListedCall) -> bool:
        return self.may_see_calls_of(call.agents, call.line)

    def may_see_calls_of(self, agents: Collection[int], line: str) -> bool:
        return not self.restricted or self.user_id in agents or line in self.lines


SEES_ALL = Viewer(user_id=0)  # one for everybody: open pages, their news and figures are made once for all of them


def visible_call(viewer: Viewer, conversation_id: ColumnElement[int] = conversations.c.id) -> ColumnElement[bool]:
    """The condition on a conversation."""
    if not viewer.restricted:
        return true()
    own = select(1).where(part.c.conversation_id == conversation_id, part.c.agent_id == viewer.user_id)
    if not viewer.lines:
        return exists(own)
    theirs = select(1).where(whole.c.id == conversation_id, whole.c.line.in_(sorted(viewer.lines)))
    return or_(exists(own), exists(theirs))


def visible_ids(viewer: Viewer, limit: int) -> Select[tuple[int]]:
    """All that a restricted viewer may see, by its indexes, some of them twice; or of either kind so many."""
    own = select(call_agents.c.conversation_id).where(call_agents.c.agent_id == viewer.user_id)
    if not viewer.lines:
        return own
    theirs = select(conversations.c.id.label("conversation_id")).where(conversations.c.line.in_(sorted(viewer.lines)))
    both = union_all(*(select(each.limit(limit).subquery().c.conversation_id) for each in (own, theirs)))
    return select(both.subquery().c.conversation_id)
