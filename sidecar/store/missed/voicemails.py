"""Messages that were left in missed calls."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from sidecar.store.calls.tables import voicemails
from sidecar.store.calls.voicemails import Voicemail, keep_voicemails
from sidecar.store.missed.tables import missed_parts
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn

_OF_MISSED = voicemails.join(missed_parts, missed_parts.c.conversation_id == voicemails.c.conversation_id)


def voicemails_of_missed(connection: Connection, ids: Collection[int]) -> dict[int, Voicemail]:
    """The newest of each of these entries."""
    query = (
        select(missed_parts.c.missed_id, voicemails).select_from(_OF_MISSED).where(missed_parts.c.missed_id.in_(ids))
    )
    found: dict[int, Voicemail] = {}
    for row in connection.execute(query.order_by(voicemails.c.conversation_id)):
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
        entry = values.pop("missed_id")
        found[entry] = Voicemail(**values)
    return found


def note_voicemails(connection: Connection, messages: Collection[Voicemail], *, now: float) -> None:
    """Kept, and told to open pages where something is new."""
    take_turn(connection)
    changed = keep_voicemails(connection, messages)
    if not changed:
        return
    entries = select(missed_parts.c.missed_id).where(missed_parts.c.conversation_id.in_(changed)).distinct()
    note_changes(connection, Kind.CALL, changed, now=now)
    note_changes(connection, Kind.MISSED, connection.scalars(entries).all(), now=now)
