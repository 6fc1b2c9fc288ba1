"""What agents do with the missed calls. Each tells whether it was done: whoever acts on what has changed is refused."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, exists, update

from sidecar.calls.pages.missed import ClosedBecause
from sidecar.store.missed.tables import missed_calls
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn

UNDONE = (str(ClosedBecause.DONE), str(ClosedBecause.TICKED))  # what can be undone
_columns = missed_calls.c
_open = _columns.closed_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    id: int
    name: str


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


def assign(connection: Connection, entry: int, actor: Actor, to: Actor, *, now: float) -> bool:
    """Whether it is the other's now: nobody's, and what is theirs, they may give to anybody."""
    theirs = _open & (_columns.owner_id.is_(None) | (_columns.owner_id == actor.id))
    return _act(connection, entry, theirs, now=now, owner_id=to.id, owner=to.name)


def reopen(connection: Connection, entry: int, *, now: float) -> bool:
    """Undo that it was done: not after a talk, and not where a newer entry of the number is open."""
    other = missed_calls.alias("other")
    newer = exists().where(other.c.key == _columns.key, other.c.closed_at.is_(None))
    values = dict.fromkeys(("closed_at", "closed_by", "closed_by_id", "closed_because"))
    marks = dict.fromkeys(("rows_marked_at", "rows_marked", "rows_gone"))
    undone = _columns.closed_because.in_(UNDONE)
    return _act(connection, entry, _columns.closed_at.is_not(None) & undone & ~newer, now=now, **values, **marks)


def close(connection: Connection, entry: int, actor: Actor, *, version: int, now: float) -> bool:
    """Done. Not where another call or colleague came first, which the agent had not seen."""
    theirs = _open & (_columns.version == version) & (_columns.owner_id.is_(None) | (_columns.owner_id == actor.id))
    return _act(
        connection, entry, theirs, now=now,
        closed_at=now, closed_by=actor.name, closed_by_id=actor.id, closed_because=str(ClosedBecause.DONE),
    )  # fmt: skip


def close_as_ticked(connection: Connection, entry: int, *, last_call_id: int, now: float) -> bool:
    """Somebody, Zammad does not say who, has ticked the row of its newest call. Not where another call came since."""
    seen = _open & (_columns.last_call_id == last_call_id)
    return _act(connection, entry, seen, now=now, closed_at=now, closed_because=str(ClosedBecause.TICKED))


def _act(connection: Connection, entry: int, condition: ColumnElement[bool], *, now: float, **values: object) -> bool:
    take_turn(connection)
    change = update(missed_calls).where(_columns.id == entry, condition)
    done = connection.execute(change.values(**values, version=_columns.version + 1)).rowcount == 1
    if done:
        note_changes(connection, Kind.MISSED, [entry], now=now)
    return done
