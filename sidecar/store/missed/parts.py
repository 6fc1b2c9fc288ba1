"""The calls that missed calls consist of, read together for the many of whom each sees only some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sidecar.store.calls.tables import call_agents, conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.replicas.page_changes import Kind, note_changes
from sidecar.store.value_lists import is_one_of_many, rows_about

_over = func.coalesce(conversations.c.ended_at, conversations.c.started_at)
_CALLS = (
    select(missed_parts.c.missed_id, conversations.c.id, conversations.c.line, _over.label("at"))
    .select_from(missed_parts.join(conversations, conversations.c.id == missed_parts.c.conversation_id))
    .where(is_one_of_many(missed_parts.c.missed_id))
    .order_by(_over, conversations.c.id)
)
_ENTRIES = select(missed_parts.c.missed_id).where(is_one_of_many(missed_parts.c.conversation_id)).distinct()
_AGENTS = select(call_agents).where(is_one_of_many(call_agents.c.conversation_id))
_OPEN = select(missed_calls.c.id).where(missed_calls.c.closed_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call of an entry."""

    call_id: int
    line: str
    at: float  # when it was over
    agents: frozenset[int]


def parts_of(connection: Connection, entries: Collection[int]) -> Mapping[int, Sequence[Part]]:
    """Oldest first."""
    rows = list(rows_about(connection, _CALLS, entries)) if entries else []
    agents: dict[int, set[int]] = defaultdict(set)
    for row in rows_about(connection, _AGENTS, {row.id for row in rows}) if rows else ():
        agents[row.conversation_id].add(row.agent_id)
    found: dict[int, list[Part]] = defaultdict(list)
    for row in rows:
        part = Part(call_id=row.id, line=row.line, at=row.at, agents=frozenset(agents[row.id]))
        found[row.missed_id].append(part)
    return found


def note_entries_of(connection: Connection, calls: Collection[int], *, now: float) -> None:
    """Open pages are to be told of the entries of these calls: what they say beside their own columns has changed."""
    entries = {row.missed_id for row in rows_about(connection, _ENTRIES, calls)}
    note_changes(connection, Kind.MISSED, sorted(entries), now=now)


def seen_by(parts: Sequence[Part], viewer: Viewer) -> list[Part]:
    return [part for part in parts if viewer.may_see_calls_of(part.agents, part.line)]


def count_open_for(connection: Connection, viewers: Collection[Viewer]) -> dict[Viewer, int]:
    """How many open entries each of these restricted viewers sees."""
    by_agent: dict[int, set[int]] = defaultdict(set)
    by_line: dict[str, set[int]] = defaultdict(set)
    for entry, parts in parts_of(connection, list(connection.scalars(_OPEN))).items():
        for part in parts:
            by_line[part.line].add(entry)
            for agent in part.agents:
                by_agent[agent].add(entry)
    return {
        viewer: len(by_agent[viewer.user_id].union(*(by_line[line] for line in viewer.lines))) for viewer in viewers
    }
