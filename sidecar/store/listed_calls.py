"""Conversations with the names behind their ids, as the pages list them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Row, Select, select

from sidecar.calls.conversation import State
from sidecar.calls.listing import ListedCall
from sidecar.store.call_tables import conversations
from sidecar.store.directory_tables import organizations, people
from sidecar.store.web_tables import call_agents

T = TypeVar("T")
_AT_ONCE = 500  # values in one IN list
_OWN = (
    "id", "direction", "internal", "test", "caller", "callee", "number", "line", "agent", "agent_id", "started_at",
    "answered_at", "ended_at", "waiting", "talking", "certainty", "person_id", "organization_id", "identified_as",
)  # fmt: skip


def listed_calls(connection: Connection, ids: Collection[int]) -> dict[int, ListedCall]:
    """Those of them that exist."""
    found: dict[int, ListedCall] = {}
    for some in in_portions(ids):
        rows = connection.execute(_with_names().where(conversations.c.id.in_(some))).all()
        taking_part = _agents_of(connection, some)
        found.update((row.id, _listed(row, taking_part[row.id])) for row in rows)
    return found


def in_portions(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _with_names() -> Select[tuple[object, ...]]:
    joined = conversations.outerjoin(people, people.c.id == conversations.c.person_id).outerjoin(
        organizations, organizations.c.id == conversations.c.organization_id
    )
    columns = [conversations.c[name] for name in (*_OWN, "state")]
    names = (people.c.name.label("person"), organizations.c.name.label("organization"))
    return select(*columns, *names).select_from(joined)


def _agents_of(connection: Connection, ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in connection.execute(select(call_agents).where(call_agents.c.conversation_id.in_(ids))):
        found[row.conversation_id].add(row.agent_id)
    return found


def _listed(row: Row[tuple[object, ...]], agents: Collection[int]) -> ListedCall:
    own = {name: getattr(row, name) for name in _OWN}
    return ListedCall(
        **own, state=State(row.state), person=row.person, organization=row.organization, agents=frozenset(agents)
    )
