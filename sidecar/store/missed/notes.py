"""Notes of people about missed calls: only added, so two at once both stand; own ones may be deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.store.missed.acts import Actor
from sidecar.store.missed.tables import missed_calls, missed_notes
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn
from sidecar.store.value_lists import is_one_of_many, rows_about

_columns = missed_notes.c
_NOTES = select(missed_notes).where(is_one_of_many(_columns.missed_id)).order_by(_columns.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    id: int
    at: float  # UTC epoch seconds
    author_id: int
    author: str
    text: str


def notes_of(connection: Connection, entries: Collection[int]) -> Mapping[int, tuple[Note, ...]]:
    """In the order in which they were written."""
    found: dict[int, list[Note]] = defaultdict(list)
    for row in rows_about(connection, _NOTES, entries) if entries else ():
        note = Note(id=row.id, at=row.at, author_id=row.author_id, author=row.author, text=row.text)
        found[row.missed_id].append(note)
    return {entry: tuple(notes) for entry, notes in found.items()}


def add_note(connection: Connection, entry: int, actor: Actor, text: str, *, now: float) -> bool:
    take_turn(connection)
    values = {"missed_id": entry, "at": now, "author_id": actor.id, "author": actor.name, "text": text}
    connection.execute(insert(missed_notes).values(**values))
    _note_change(connection, entry, now)
    return True


def delete_note(connection: Connection, entry: int, actor: Actor, note: int, *, now: float) -> bool:
    """Whether it was theirs, and is gone."""
    take_turn(connection)
    own = (_columns.id == note) & (_columns.missed_id == entry) & (_columns.author_id == actor.id)
    gone = connection.execute(delete(missed_notes).where(own)).rowcount == 1
    if gone:
        _note_change(connection, entry, now)
    return gone


def _note_change(connection: Connection, entry: int, now: float) -> None:
    newer = update(missed_calls).where(missed_calls.c.id == entry).values(version=missed_calls.c.version + 1)
    connection.execute(newer)
    note_changes(connection, Kind.MISSED, [entry], now=now)
