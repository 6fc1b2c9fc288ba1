"""Messages that callers have left, as sipgate's history tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection, RowMapping, insert, select, update

from sidecar.store.calls.tables import voicemails


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail:
    conversation_id: int
    entry_id: str  # of the history
    seconds: float | None
    transcript: str
    has_recording: bool


_NAMES = tuple(field.name for field in fields(Voicemail))


def keep_voicemails(connection: Connection, messages: Iterable[Voicemail]) -> list[int]:
    """The conversations of which something new is known now."""
    changed = []
    for message in messages:
        kept = voicemail_of(connection, message.conversation_id)
        if kept == message:
            continue
        changed.append(message.conversation_id)
        if kept is None:
            connection.execute(insert(voicemails).values(**asdict(message)))
        else:
            row = update(voicemails).where(voicemails.c.conversation_id == message.conversation_id)
            connection.execute(row.values(**asdict(message)))
    return changed


def voicemail_of(connection: Connection, conversation_id: int) -> Voicemail | None:
    query = select(voicemails).where(voicemails.c.conversation_id == conversation_id)
    row = connection.execute(query).first()
    return voicemail_in(row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name


def voicemail_in(row: RowMapping) -> Voicemail:
    return Voicemail(**{name: row[name] for name in _NAMES})


def mark_attached(connection: Connection, conversation_id: int, now: float) -> bool:
    """False: somebody was faster."""
    own = voicemails.c
    waiting = update(voicemails).where(own.conversation_id == conversation_id, own.attached_at.is_(None))
    return connection.execute(waiting.values(attached_at=now)).rowcount > 0


def unmark_attached(connection: Connection, conversation_id: int) -> None:
    connection.execute(
        update(voicemails).where(voicemails.c.conversation_id == conversation_id).values(attached_at=None)
    )
