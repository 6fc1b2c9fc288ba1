"""Who took part in the missed calls: all pairs read together, for the many who each see only their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from sidecar.store.calls.tables import call_agents
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.value_lists import is_one_of_many, rows_about

_PAIRS = missed_parts.join(call_agents, call_agents.c.conversation_id == missed_parts.c.conversation_id)
_AGENTS = (
    select(missed_parts.c.missed_id, call_agents.c.agent_id)
    .select_from(_PAIRS)
    .where(is_one_of_many(missed_parts.c.missed_id))
    .distinct()
)
_OPEN_BY_AGENT = (
    select(call_agents.c.agent_id, func.count(missed_calls.c.id.distinct()).label("entries"))
    .select_from(_PAIRS.join(missed_calls, missed_calls.c.id == missed_parts.c.missed_id))
    .where(missed_calls.c.closed_at.is_(None))
    .group_by(call_agents.c.agent_id)
)


def agents_of_missed(connection: Connection, entries: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Entries to everybody of ours who took part in one of their calls."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows_about(connection, _AGENTS, entries):
        found[row.missed_id].add(row.agent_id)
    return {entry: frozenset(agents) for entry, agents in found.items()}


def open_missed_by_agent(connection: Connection) -> Mapping[int, int]:
    """Agents to the number of open entries with a call of theirs."""
    return {row.agent_id: row.entries for row in connection.execute(_OPEN_BY_AGENT)}
