"""The missed calls: entries that calls open, extend and close, and that agents take, note and close."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from sidecar.calls.listing import ListedCall
from sidecar.calls.missed import Talk, missed_at, missed_key, settles, talk_in
from sidecar.store.calls.tables import conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.missed.visibility import visible_missed
from sidecar.store.people.tables import organizations, people
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn
from sidecar.store.value_lists import is_one_of_many, rows_about

LONGEST_RINGING = 86_400.0  # seconds
_columns = missed_calls.c
_open = _columns.closed_at.is_(None)
_WAITING = select(_columns.number).where(is_one_of_many(_columns.key), (_columns.closed_at + 0.0).is_(None))
"""Found by the key: SQLite would rather look through all open ones, did it know that they are."""
_ENTRIES = select(missed_parts).where(is_one_of_many(missed_parts.c.conversation_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCall:
    """All missed calls of one number since somebody last talked to it. `version` grows with each change."""

    id: int
    number: str | None  # E.164 digits
    caller: str
    line: str
    calls: int
    first_at: float
    last_at: float
    last_call_id: int
    version: int
    owner_id: int | None
    owner: str | None
    note: str
    closed_at: float | None
    closed_by_id: int | None
    closed_by: str | None
    closed_because: str | None  # done | talked in | talked out
    rows_marked_at: float | None
    rows_marked: int | None  # rows of Zammad's own log
    rows_gone: int | None  # not listed there any more
    person_id: int | None = None  # of the last call
    person: str | None = None
    organization: str | None = None


_NAMES = tuple(field.name for field in fields(MissedCall))
_WITH_NAMES = (
    missed_calls.outerjoin(conversations, conversations.c.id == _columns.last_call_id)
    .outerjoin(people, people.c.id == conversations.c.person_id)
    .outerjoin(organizations, organizations.c.id == conversations.c.organization_id)
)
_read_all = select(
    missed_calls,
    conversations.c.person_id,
    people.c.name.label("person"),
    organizations.c.name.label("organization"),
).select_from(_WITH_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    id: int
    name: str


def bring_up_to_date(
    connection: Connection, calls: Sequence[ListedCall], *, now: float, regrouped: bool = False
) -> None:
    """Let these conversations, saved as they are now, open, extend, shrink and close entries.

    Again with the same conversations it changes nothing. `regrouped`: some of them have swallowed others.
    """
    belonging = _entries_of(connection, [call.id for call in calls])
    waited_for = _numbers_waiting(connection, {call.number for call in calls if call.number and talk_in(call)})
    changed: set[int] = set()
    if regrouped:
        changed |= _shrunk(connection, {missed_key(call) for call in calls})
        _recount(connection, changed)
    for call in sorted(calls, key=_moment):
        touched = _filed(connection, call, belonging.get(call.id))
        if touched:
            _recount(connection, touched)
        if touched or (call.number in waited_for and talk_in(call)):
            touched |= _settle(connection, call.number, now=now)
        changed |= touched
    note_changes(connection, Kind.MISSED, sorted(changed), now=now)


def _moment(call: ListedCall) -> float:
    """Which comes first: the entry that a talk closes, or the call that opens the next one."""
    return call.answered_at if call.answered_at is not None else missed_at(call)


def _filed(connection: Connection, call: ListedCall, entry: int | None) -> set[int]:
    """Let the call be in the entry it belongs to; the entry that changed by this."""
    if call.missed and entry is None:
        return {_file(connection, call)}
    if entry is None or call.missed:
        return set()
    connection.execute(delete(missed_parts).where(missed_parts.c.conversation_id == call.id))
    return {entry}


def _numbers_waiting(connection: Connection, numbers: Collection[str]) -> set[str | None]:
    return {row.number for row in rows_about(connection, _WAITING, numbers)} if numbers else set()


def _entries_of(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    return {row.conversation_id: row.missed_id for row in rows_about(connection, _ENTRIES, ids)}


def _file(connection: Connection, call: ListedCall) -> int:
    """Put the call into the open entry of its number, a new one if need be; its id."""
    key = missed_key(call)
    entry: int | None = connection.execute(select(_columns.id).where(_columns.key == key, _open)).scalar()
    if entry is None:
        at = missed_at(call)
        new = insert(missed_calls).values(
            key=key, number=call.number, caller=call.other_party, line=call.line, calls=0, first_at=at, last_at=at,
            last_call_id=call.id, version=0, note="",
        )  # fmt: skip
        entry = connection.execute(new.returning(_columns.id)).scalar_one()
    connection.execute(insert(missed_parts).values(conversation_id=call.id, missed_id=entry))
    return entry


def _shrunk(connection: Connection, keys: Collection[str]) -> set[int]:
    """Open entries that count calls which are no conversations of their own any more."""
    parts = select(func.count()).where(missed_parts.c.missed_id == _columns.id).scalar_subquery()
    query = select(_columns.id).where(_open, _columns.key.in_(keys), _columns.calls != parts)
    return set(connection.execute(query).scalars())


def _recount(connection: Connection, entries: Collection[int]) -> None:
    over = func.coalesce(conversations.c.ended_at, conversations.c.started_at)
    parts = missed_parts.join(conversations, conversations.c.id == missed_parts.c.conversation_id)
    for entry in sorted(entries):
        mine = missed_parts.c.missed_id == entry
        count, first, last = connection.execute(
            select(func.count(), func.min(over), func.max(over)).select_from(parts).where(mine)
        ).one()
        if not count:
            connection.execute(delete(missed_calls).where(_columns.id == entry))
            continue
        newest = select(conversations.c.id, conversations.c.line).select_from(parts).where(mine)
        row = connection.execute(newest.order_by(over.desc(), conversations.c.id.desc()).limit(1)).one()
        _change(connection, entry, calls=count, first_at=first, last_at=last, last_call_id=row.id, line=row.line)


def _settle(connection: Connection, number: str | None, *, now: float) -> set[int]:
    """Close the entry of this number if somebody has talked to it since; its id."""
    query = select(_columns.id, _columns.last_at).where(_open, _columns.key == number)
    entry = connection.execute(query).first() if number else None
    talk = entry and number and _talk_after(connection, number, entry.last_at)
    if not entry or not talk or not settles(talk, entry.last_at):
        return set()
    _change(
        connection,
        entry.id,
        closed_at=max(now, talk.at),
        closed_by=talk.agent,
        closed_by_id=talk.agent_id,
        closed_because="talked out" if talk.outbound else "talked in",
    )
    return {entry.id}


def _talk_after(connection: Connection, number: str, at: float) -> Talk | None:
    """The first talk with the number that began after `at`."""
    c = conversations.c
    query = select(c.id, c.answered_at, c.agent, c.agent_id, c.direction).where(
        c.number == number,
        c.started_at > at - LONGEST_RINGING,
        c.answered_at > at,
        c.test.is_(False),
        c.internal.is_(False),
    )
    row = connection.execute(query.order_by(c.answered_at).limit(1)).first()
    return row and Talk(
        conversation_id=row.id,
        at=row.answered_at,
        agent=row.agent,
        agent_id=row.agent_id,
        outbound=row.direction == "out",
    )


def _change(connection: Connection, entry: int, **values: object) -> None:
    connection.execute(update(missed_calls).where(_columns.id == entry).values(**values, version=_columns.version + 1))


# what agents see and do


def open_missed(
    connection: Connection, viewer: Viewer, *, before: tuple[float, int] | None = None, limit: int = 200
) -> list[MissedCall]:
    """Those that need somebody, last call first. `before`: only those behind the one with this last call and id."""
    query = _read_all.where(_open, visible_missed(viewer))
    if before is not None:
        at, entry = before
        query = query.where((_columns.last_at < at) | ((_columns.last_at == at) & (_columns.id < entry)))
    return _read(connection, query.order_by(_columns.last_at.desc(), _columns.id.desc()).limit(limit))


def closed_missed(connection: Connection, viewer: Viewer, *, limit: int = 20) -> list[MissedCall]:
    """Last closed first."""
    query = _read_all.where(_columns.closed_at.is_not(None), visible_missed(viewer))
    return _read(connection, query.order_by(_columns.closed_at.desc(), _columns.id.desc()).limit(limit))


def count_open(connection: Connection, viewer: Viewer) -> int:
    query = select(func.count()).select_from(missed_calls).where(_open, visible_missed(viewer))
    return connection.execute(query).scalar_one()


def find_missed(connection: Connection, ids: Collection[int], viewer: Viewer) -> dict[int, MissedCall]:
    query = _read_all.where(_columns.id.in_(ids), visible_missed(viewer))
    return {entry.id: entry for entry in _read(connection, query)}


def take(connection: Connection, entry: int, actor: Actor, *, now: float) -> bool:
    """Whether it is theirs now: exactly one of those who try gets it."""
    free = _open & (_columns.owner_id.is_(None) | (_columns.owner_id == actor.id))
    return _act(connection, entry, free, now=now, owner_id=actor.id, owner=actor.name)


def take_over(connection: Connection, entry: int, actor: Actor, owner_id: int, *, now: float) -> bool:
    """Whether it is theirs now instead of this owner's: not where it has another one, or none, by now."""
    return _act(
        connection, entry, _open & (_columns.owner_id == owner_id), now=now, owner_id=actor.id, owner=actor.name
    )


def release(connection: Connection, entry: int, actor: Actor, *, now: float) -> bool:
    """Give back what is theirs."""
    return _act(connection, entry, _open & (_columns.owner_id == actor.id), now=now, owner_id=None, owner=None)


def write_note(connection: Connection, entry: int, note: str, *, version: int, now: float) -> bool:
    """Whether it was written: not over a change the writer had not seen."""
    return _act(connection, entry, _columns.version == version, now=now, note=note)


def close(connection: Connection, entry: int, actor: Actor, *, version: int, now: float) -> bool:
    """Done. Not where another call or colleague came first, which the agent had not seen."""
    theirs = _open & (_columns.version == version) & (_columns.owner_id.is_(None) | (_columns.owner_id == actor.id))
    return _act(
        connection, entry, theirs, now=now,
        closed_at=now, closed_by=actor.name, closed_by_id=actor.id, closed_because="done",
    )  # fmt: skip


def _act(connection: Connection, entry: int, condition: ColumnElement[bool], *, now: float, **values: object) -> bool:
    take_turn(connection)
    change = update(missed_calls).where(_columns.id == entry, condition)
    done = connection.execute(change.values(**values, version=_columns.version + 1)).rowcount == 1
    if done:
        note_changes(connection, Kind.MISSED, [entry], now=now)
    return done


def _read(connection: Connection, query: Select[Any]) -> list[MissedCall]:
    return [MissedCall(**{name: getattr(row, name) for name in _NAMES}) for row in connection.execute(query)]
