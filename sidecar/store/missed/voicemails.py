"""Messages that were left in missed calls."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from sidecar.store.calls.tables import conversations, voicemails
from sidecar.store.calls.voicemails import Voicemail, keep_voicemails, voicemail_in
from sidecar.store.missed.callbacks.shown import tickets_of_calls
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
        found[row.missed_id] = voicemail_in(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
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


def messages_for_tickets(connection: Connection, *, since: float, untold: float) -> list[tuple[Voicemail, int]]:
    """Those of calls begun since then that are in no ticket yet, with the open ticket of their call.

    `untold`: a call begun after that may still get its transcript, and waits for it.
    """
    begun = conversations.c.id == voicemails.c.conversation_id
    began = conversations.c.started_at
    complete = or_(voicemails.c.transcript != "", began < untold)
    waiting = (voicemails.c.attached_at.is_(None), began >= since, complete)
    query = select(voicemails).select_from(voicemails.join(conversations, begun)).where(*waiting)
    messages = [voicemail_in(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - as above
    tickets = tickets_of_calls(connection, [message.conversation_id for message in messages])
    return [
        (message, ticket.id)
        for message in messages
        if (ticket := tickets.get(message.conversation_id)) and not ticket.ended
    ]
