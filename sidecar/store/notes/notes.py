"""Call notes in the database: each is kept before anything of it is written into Zammad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from sidecar.calls.reasons import Reason, as_text, reason_in
from sidecar.store.notes.tables import call_notes

_own = call_notes.c
AT_ONCE = 20


class Afterwards(StrEnum):
    """What happens to the ticket once the note is in it."""

    LEAVE = "leave"
    CLOSE = "close"
    REMIND = "remind"  # at an hour, its owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an agent has sent: `ticket_id`, or `group_id` with `title` and `customer_id`, or neither."""

    key: str
    conversation_id: int
    author_id: int
    author: str
    text: str
    ticket_id: int | None = None
    group_id: int | None = None
    title: str | None = None
    customer_id: int | None = None
    minutes: float = 0.0
    visible: bool = False
    afterwards: Afterwards = Afterwards.LEAVE
    remind_at: float | None = None
    owner_id: int | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A draft and how far it has come."""

    id: int
    key: str
    conversation_id: int
    author_id: int
    author: str
    created_at: float
    text: str
    ticket_id: int | None
    ticket_number: str | None
    group_id: int | None
    title: str | None
    customer_id: int | None
    minutes: float
    visible: bool
    afterwards: str  # an `Afterwards`, or a newer release's, which leaves the ticket as it is
    remind_at: float | None
    owner_id: int | None
    outcome: str | None
    article_id: int | None
    booked: bool
    tried_at: float | None
    said: Reason | None
    done_at: float | None

    @property
    def for_a_ticket(self) -> bool:
        return self.ticket_id is not None or self.group_id is not None


_NAMES = tuple(field.name for field in fields(Note) if field.name != "said")


def keep_note(connection: Connection, draft: Draft, *, now: float) -> bool:
    """Whether it is new: the same key once more is the same note."""
    if connection.execute(select(_own.id).where(_own.key == draft.key)).first():
        return False
    values = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    for_a_ticket = draft.ticket_id is not None or draft.group_id is not None
    values |= {
        "afterwards": str(draft.afterwards),
        "created_at": now,
        "booked": draft.minutes <= 0,
        "due_at": now,
        "done_at": None if for_a_ticket else now,
    }
    connection.execute(insert(call_notes).values(values))
    return True


def note_with_key(connection: Connection, key: str) -> Note | None:
    row = connection.execute(select(call_notes).where(_own.key == key)).first()
    return None if row is None else _note(row)


def notes_of(connection: Connection, conversation_id: int) -> list[Note]:
    query = select(call_notes).where(_own.conversation_id == conversation_id).order_by(_own.id)
    return [_note(row) for row in connection.execute(query)]


def due_notes(connection: Connection, *, now: float) -> Sequence[str]:
    """Keys of those that wait for Zammad, the oldest first."""
    free = or_(_own.claimed_until.is_(None), _own.claimed_until <= now)
    query = select(_own.key).where(_own.done_at.is_(None), _own.due_at <= now, free).order_by(_own.id).limit(AT_ONCE)
    return connection.execute(query).scalars().all()


def claim_note(connection: Connection, key: str, *, now: float, lease: float) -> Note | None:
    """Ours for so long; None where somebody else is at it, or nothing is left to be done."""
    free = or_(_own.claimed_until.is_(None), _own.claimed_until <= now)
    due = _own.key == key, _own.done_at.is_(None), _own.due_at <= now, free
    if connection.execute(update(call_notes).where(*due).values(claimed_until=now + lease)).rowcount != 1:
        return None
    return note_with_key(connection, key)


def change_note(connection: Connection, note: Note, changes: Mapping[str, Any], *, said: Reason | None = None) -> Note:
    """As it is afterwards. What was said before stays where nothing new is."""
    new = {"said": as_text(said)} if said is not None else {}
    connection.execute(update(call_notes).where(_own.id == note.id).values({**changes, **new}))
    return _note(connection.execute(select(call_notes).where(_own.id == note.id)).one())


def forget_note(connection: Connection, note: Note) -> None:
    """Zammad has refused it: nothing of it was written."""
    connection.execute(delete(call_notes).where(_own.id == note.id))


def release_notes(connection: Connection) -> None:
    """After a crash of the only process there was: nobody works on anything any more."""
    connection.execute(update(call_notes).where(_own.claimed_until.is_not(None)).values(claimed_until=None))


def _note(row: Any) -> Note:
    values = {name: getattr(row, name) for name in _NAMES}
    return Note(**values, said=None if row.said is None else reason_in(row.said))
