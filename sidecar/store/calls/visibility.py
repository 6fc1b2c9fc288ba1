"""Which calls somebody may see: asked for here and nowhere else, by pages, events, search, statistics and export."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select, true

from sidecar.calls.pages.listing import ListedCall
from sidecar.store.calls.tables import call_agents, conversations

part = call_agents.alias("part")  # a query may ask for the agents as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """`only_own`: only calls in which this agent took part. Whoever sees the same is the same viewer: see SEES_ALL."""

    user_id: int
    only_own: bool = False

    def may_see(self, call: ListedCall) -> bool:
        return self.may_see_calls_of(call.agents)

    def may_see_calls_of(self, agents: Collection[int]) -> bool:
        return not self.only_own or self.user_id in agents


SEES_ALL = Viewer(user_id=0)  # one for everybody: open pages, their news and figures are made once for all of them


def visible_call(viewer: Viewer, conversation_id: ColumnElement[int] = conversations.c.id) -> ColumnElement[bool]:
    """The condition on a conversation."""
    if not viewer.only_own:
        return true()
    own = select(1).where(part.c.conversation_id == conversation_id, part.c.agent_id == viewer.user_id)
    return exists(own)
