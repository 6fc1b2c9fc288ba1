"""Which dialogs were opened lately, from the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from sidecar.calls.conversation.caller_log import ShowAnswer
from sidecar.calls.conversation.parcels import ParcelKind, ParcelState
from sidecar.store.calls.tables import conversations, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDialog:
    answer: ShowAnswer
    agent_id: int
    ended_at: float | None  # of the call, UTC epoch seconds


def opened_dialogs(connection: Connection, *, begun_since: float) -> list[OpenedDialog]:
    """Of calls that began since then, the oldest first."""
    query = (
        select(outbox.c.payload, conversations.c.ended_at)
        .join_from(outbox, conversations, outbox.c.conversation_id == conversations.c.id)
        .where(
            conversations.c.started_at >= begun_since,
            outbox.c.kind == ParcelKind.SHOW_ANSWER,
            outbox.c.state == ParcelState.DONE,
            outbox.c.note.is_(None),
        )
        .order_by(outbox.c.id)
    )
    known = ShowAnswer.__slots__
    return [
        OpenedDialog(
            answer=ShowAnswer(**{name: value for name, value in row.payload.items() if name in known}),
            agent_id=row.payload["agent_id"],
            ended_at=row.ended_at,
        )
        for row in connection.execute(query)
        if row.payload.get("agent_id") is not None
    ]
