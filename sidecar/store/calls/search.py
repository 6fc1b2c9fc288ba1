"""Calls found by the conditions of a search, newest first, a page at a time, in bounded work however many there are.

Newest first means by id: conversations get theirs as they begin, and every index ends with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, union_all

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.search import CallSearch, Term
from sidecar.store.calls.counted import counted_in, figure_columns
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.tables import call_agents, call_words, conversations
from sidecar.store.calls.visibility import Viewer, visible_call, visible_ids
from sidecar.store.people.people import names_of_people
from sidecar.store.value_lists import is_one_of_many

LAST_OWN_CALLS = 5_000  # of one agent, for the choices of agents and lines
AT_ONCE = 2_000  # candidates looked at
_LAST = "\U0010ffff"
_columns = conversations.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What one page may cost, in conversations."""

    rare: int = 2_000  # so few matches of one condition make a look at the other indexes needless
    many: int = 5_000  # with more matches than this, walking back finds a page soon
    window: int = 8_000  # looked through for one page
    out_of_order: int = 1_000  # may have begun in another order than their ids say


DEFAULT_EFFORT = Effort()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    calls: tuple[ListedCall, ...]
    next: int | None  # the rest has smaller ids; there may be more although this page is short


def find_calls(
    connection: Connection,
    search: CallSearch,
    viewer: Viewer,
    *,
    before: int | None = None,
    limit: int = 50,
    effort: Effort = DEFAULT_EFFORT,
) -> CallPage:
    """`before`: only conversations with a smaller id."""
    newest, oldest = _ids_in_time(connection, search, effort)
    below = min((bound for bound in (before, newest) if bound is not None), default=None)
    candidates, left = _candidates(connection, search, viewer, effort)
    if candidates is None:
        found, following = _walk(connection, search, viewer, (oldest, below), effort, limit=limit)
    else:
        ids = sorted((number for number in candidates if below is None or number < below), reverse=True)
        found, following = _fitting(connection, ids, left, effort, limit=limit)
    calls = listed_calls(connection, found)
    return CallPage(calls=tuple(calls[number] for number in found if number in calls), next=following)


def is_any_call(connection: Connection, *, test: bool) -> bool:
    """Whether there has been a test call, or a real one."""
    query = select(_columns.id).where(_columns.test.is_(test)).limit(1)
    return connection.execute(query).first() is not None


def agents_with_calls(connection: Connection) -> dict[int, str]:
    """Agents who have talked or dialled, or whose phone rang, to their names."""
    ids = {*_distinct(connection, _columns.agent_id), *_distinct(connection, call_agents.c.agent_id)}
    return agent_names(connection, sorted(ids))


def agent_names(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """As Zammad has them; of agents it has no more, as some call of theirs has it; else the id."""
    known = names_of_people(connection, ids)
    return {number: known.get(number) or _name_in_a_call(connection, number) or str(number) for number in ids}


def _name_in_a_call(connection: Connection, agent_id: int) -> str | None:
    """Any one: to look for the last would be to read all of them."""
    return connection.execute(select(_columns.agent).where(_columns.agent_id == agent_id).limit(1)).scalar()


def lines_with_calls(connection: Connection, *, most: int = 200) -> list[str]:
    return [line for line, _ in zip(_distinct(connection, _columns.line), range(most), strict=False) if line]


def own_agents_and_lines(connection: Connection, agent_id: int) -> tuple[dict[int, str], list[str]]:
    """As the two above, of the last calls in which this agent took part."""
    own = select(call_agents.c.conversation_id).where(call_agents.c.agent_id == agent_id)
    last = own.order_by(call_agents.c.conversation_id.desc()).limit(LAST_OWN_CALLS)
    names = (_columns.agent_id, _columns.agent, _columns.line)
    agents, lines = {}, set()
    for row in connection.execute(select(*names).where(_columns.id.in_(last)).order_by(_columns.id)):
        lines.add(row.line)
        if row.agent_id is not None:
            agents[row.agent_id] = row.agent or str(row.agent_id)
    beside = select(call_agents.c.agent_id).where(call_agents.c.conversation_id.in_(last)).distinct()
    agents = {number: str(number) for number in connection.execute(beside).scalars()} | agents
    return agents | names_of_people(connection, agents), sorted(lines - {""})


def _distinct(connection: Connection, column: ColumnElement[Any]) -> Iterator[Any]:
    """One step down the index for each value, however many rows have it."""
    first = select(column).where(column.is_not(None)).order_by(column).limit(1)
    value = connection.execute(first).scalar()
    while value is not None:
        yield value
        value = connection.execute(select(column).where(column > value).order_by(column).limit(1)).scalar()


def _ids_in_time(connection: Connection, search: CallSearch, effort: Effort) -> tuple[int | None, int | None]:
    """Ids below the first and from the second on hold all calls of the time asked for, and some others."""
    newest = oldest = None
    starts = select(_columns.id)
    if search.until is not None:
        last = starts.where(_columns.started_at < search.until).order_by(_columns.started_at.desc())
        newest = (
            connection.execute(select(func.max(last.limit(effort.out_of_order).subquery().c.id))).scalar() or 0
        ) + 1
    if search.since is not None:
        first = starts.where(_columns.started_at >= search.since).order_by(_columns.started_at)
        oldest = connection.execute(select(func.min(first.limit(effort.out_of_order).subquery().c.id))).scalar()
        oldest = 2**62 if oldest is None else oldest
    return newest, oldest


def _candidates(
    connection: Connection, search: CallSearch, viewer: Viewer, effort: Effort
) -> tuple[set[int] | None, list[ColumnElement[bool]]]:
    """The conversations that meet the rarer conditions, None where all are common; and the conditions left to meet."""
    candidates: set[int] | None = None
    left = [*_times(search, _columns), *_long_rings(search, _columns), *counted_in(search.figure, _columns)]
    for ids_with, condition in _indexed(search, viewer, effort):
        if candidates is not None and len(candidates) <= effort.rare:
            left.append(condition)
            continue
        if _at_least(connection, ids_with, effort.many + 1):
            left.append(condition)
            continue
        ids: Iterable[int] = connection.scalars(ids_with)
        candidates = set(ids) if candidates is None else candidates.intersection(ids)
    if search.direction is not None:
        left.append(_columns.direction == search.direction)  # has no index: it is one of two
    if search.state is State.SHORT_RING:
        left.append(_columns.short_ring.is_(True))
    return candidates, left


def _at_least(connection: Connection, query: Select[Any], count: int) -> bool:
    """Whether there are so many; looks no further."""
    return connection.execute(select(func.count()).select_from(query.limit(count).subquery())).scalar_one() >= count


def _indexed(
    search: CallSearch, viewer: Viewer, effort: Effort
) -> Iterator[tuple[Select[tuple[int]], ColumnElement[bool]]]:
    """Each condition that has an index: the ids of what meets it, by that index, and itself."""
    for term in sorted(search.terms, key=lambda term: -max(map(len, term.beginnings))):
        yield _ids_with(term, effort.many + 1), has_term(term, _columns.id)
    if viewer.restricted:
        yield visible_ids(viewer, effort.many + 1), visible_call(viewer, _columns.id)
    if search.agent_id is not None and search.by_phones:
        of_agent = select(call_agents.c.conversation_id).where(call_agents.c.agent_id == search.agent_id)
        yield of_agent, _was_on_phone(search.agent_id, _columns.id)
    for column, value in _equalities(search, _columns):
        if column.name not in {"direction", "short_ring"}:
            yield select(_columns.id).where(column == value), column == value


def _ids_with(term: Term, limit: int) -> Select[tuple[int]]:
    parts = (select(call_words.c.conversation_id).where(_begins(each)).limit(limit) for each in term.beginnings)
    return select(
        union_all(*(select(part.subquery().c.conversation_id) for part in parts)).subquery().c.conversation_id
    )


def _begins(beginning: str, word: ColumnElement[str] = call_words.c.word) -> ColumnElement[bool]:
    return and_(word >= beginning, word < beginning + _LAST)


def _fitting(
    connection: Connection, ids: list[int], conditions: list[ColumnElement[bool]], effort: Effort, *, limit: int
) -> tuple[list[int], int | None]:
    """The first of these that meet every condition, and the id behind which to go on."""
    query = select(_columns.id).where(is_one_of_many(_columns.id), *conditions).order_by(_columns.id.desc())
    found: list[int] = []
    looked_at = 0
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found += connection.scalars(query.limit(limit + 1), {"many": some}) if conditions else some
        looked_at += len(some)
        if len(found) > limit:
            return found[:limit], found[limit - 1]
        if looked_at >= effort.window and looked_at < len(ids):
            return found, some[-1]
    return found, None


def _walk(
    connection: Connection,
    search: CallSearch,
    viewer: Viewer,
    bounds: tuple[int | None, int | None],
    effort: Effort,
    *,
    limit: int,
) -> tuple[list[int], int | None]:
    """Back from the newest, over at most a window of conversations."""
    oldest, below = bounds
    asked = {column.name: column for column, _ in _equalities(search, _columns)}
    if search.figure is not None:
        asked |= {column.name: column for column in figure_columns()}
    names = ({"id": _columns.id, "started_at": _columns.started_at, "short_ring": _columns.short_ring} | asked).values()
    window = select(*names).order_by(_columns.id.desc())
    if below is not None:
        window = window.where(_columns.id < below)
    if oldest is not None:
        window = window.where(_columns.id >= oldest)
    seen = window.limit(effort.window).subquery()
    conditions = (*_conditions(search, viewer, seen.c), *_times(search, seen.c))
    query = select(seen.c.id).where(*conditions).order_by(seen.c.id.desc()).limit(limit + 1)
    found = list(connection.execute(query).scalars())
    if len(found) > limit:
        return found[:limit], found[limit - 1]
    return found, connection.execute(window.with_only_columns(_columns.id).offset(effort.window - 1).limit(1)).scalar()


def _equalities(search: CallSearch, columns: Any) -> list[tuple[Any, object]]:
    """Columns and what they have to be. `columns`: of the table or of a part of it."""
    asked = {
        "agent_id": None if search.by_phones else search.agent_id,
        "line": search.line,
        "state": _kept_state(search.state),
        "short_ring": True if search.state is State.SHORT_RING else None,
        "direction": search.direction,
    }
    return [(columns[name], value) for name, value in asked.items() if value is not None]


def _kept_state(state: State | None) -> str | None:
    return state and str(State.MISSED if state is State.SHORT_RING else state)


def _long_rings(search: CallSearch, columns: Any) -> list[ColumnElement[bool]]:
    return [columns.short_ring.is_not(True)] if search.state is State.MISSED else []


def _times(search: CallSearch, columns: Any) -> list[ColumnElement[bool]]:
    times = []
    if search.since is not None:
        times.append(columns.started_at >= search.since)
    if search.until is not None:
        times.append(columns.started_at < search.until)
    return times


def _conditions(search: CallSearch, viewer: Viewer, columns: Any) -> list[ColumnElement[bool]]:
    conditions = [has_term(term, columns.id) for term in search.terms]
    conditions += [column == value for column, value in _equalities(search, columns)]
    if search.agent_id is not None and search.by_phones:
        conditions.append(_was_on_phone(search.agent_id, columns.id))
    conditions += counted_in(search.figure, columns)
    return [*conditions, *_long_rings(search, columns), visible_call(viewer, columns.id)]


def _was_on_phone(agent_id: int, conversation_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether this agent's phone rang, or it was dialled there."""
    own = call_agents.alias("own")
    return exists(select(1).where(own.c.conversation_id == conversation_id, own.c.agent_id == agent_id))


def has_term(term: Term, conversation_id: ColumnElement[int]) -> ColumnElement[bool]:
    """To be answered by the few words of the conversation, never by all calls with such a word.

    PostgreSQL takes a range of words for rarer than it is: the offset and the empty text keep it off their index.
    """
    own, word = call_words.c.conversation_id == conversation_id, call_words.c.word.concat("")
    return exists(select(1).where(own, or_(*(_begins(beginning, word) for beginning in term.beginnings))).offset(0))
