"""Conversations with the names behind their ids, as the pages list them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, Row, select

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.store.calls.tables import call_agents, conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.people.tables import organizations, people
from sidecar.store.value_lists import is_one_of_many, rows_about

_OWN = (
    "id", "direction", "internal", "test", "caller", "callee", "number", "line", "agent", "agent_id", "started_at",
    "answered_at", "ended_at", "waiting", "talking", "certainty", "person_id", "organization_id", "identified_as",
    "counts_at", "talked_with",
)  # fmt: skip
_WITH_NAMES = (
    select(
        *(conversations.c[name] for name in (*_OWN, "state", "short_ring")),
        people.c.name.label("person"),
        organizations.c.name.label("organization"),
    )
    .select_from(
        conversations.outerjoin(people, people.c.id == conversations.c.person_id).outerjoin(
            organizations, organizations.c.id == conversations.c.organization_id
        )
    )
    .where(is_one_of_many(conversations.c.id))
)
_AGENTS = select(call_agents).where(is_one_of_many(call_agents.c.conversation_id))


def listed_calls(connection: Connection, ids: Collection[int], fresh: Collection[int] = ()) -> dict[int, ListedCall]:
    """Those of them that exist. `fresh`: those nobody's part in which was noted yet."""
    taking_part: dict[int, set[int]] = defaultdict(set)
    for row in rows_about(connection, _AGENTS, set(ids).difference(fresh)):
        taking_part[row.conversation_id].add(row.agent_id)
    return {row.id: _listed(row, taking_part[row.id]) for row in rows_about(connection, _WITH_NAMES, ids)}


def call_shown_to(connection: Connection, conversation_id: int, viewer: Viewer) -> ListedCall | None:
    """None where there is none, and where they may not see it: whoever may not is not even told that there is one."""
    call = listed_calls(connection, [conversation_id]).get(conversation_id)
    return call if call is not None and viewer.may_see(call) else None


def _listed(row: Row[tuple[object, ...]], agents: Collection[int]) -> ListedCall:
    own = {name: getattr(row, name) for name in _OWN}
    state = State.SHORT_RING if row.short_ring and row.state == State.MISSED else State(row.state)
    return ListedCall(**own, state=state, person=row.person, organization=row.organization, agents=frozenset(agents))
