"""What has become of calls so far: of one, for whoever waits for it to be worked off, and of dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from sidecar.calls.conversation.caller_log import ShowAnswer
from sidecar.calls.conversation.parcels import ParcelKind, ParcelState
from sidecar.calls.reasons import Reason, reason_in
from sidecar.store.calls.conversations import conversations_with_keys
from sidecar.store.calls.outbox import Parcel, parcels_of
from sidecar.store.calls.tables import conversations, outbox
from sidecar.store.journal.hooks import hooks_of
from sidecar.store.journal.rows import StoredHook


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutcome:
    """The conversation, its hooks in the order of their arrival, and its parcels for Zammad."""

    conversation_id: int
    state: str
    agent: str | None
    certainty: str | None
    recognised: Reason | None
    changes_at: float | None  # by itself
    hooks: tuple[StoredHook, ...]
    parcels: tuple[Parcel, ...]

    def caught_up(self, hooks: int) -> bool:
        """So many hooks are folded, and Zammad has been told what they mean."""
        return len(self.hooks) >= hooks and not any(parcel.state is ParcelState.PENDING for parcel in self.parcels)

    def is_final(self, hooks: int) -> bool:
        return self.caught_up(hooks) and self.changes_at is None


def outcome_of_call(connection: Connection, call_ids: Sequence[str]) -> CallOutcome | None:
    """By the callIds of its legs; None while none of its hooks is folded."""
    places = set(conversations_with_keys(connection, call_ids).values())
    if not places:
        return None
    number = min(places)
    row = connection.execute(select(conversations).where(conversations.c.id == number)).one()
    return CallOutcome(
        conversation_id=number,
        state=row.state,
        agent=row.agent,
        certainty=row.certainty,
        recognised=None if row.identified_as is None else reason_in(row.identified_as),
        changes_at=row.wake_at,
        hooks=tuple(hooks_of(connection, [number])[number]),
        parcels=tuple(parcels_of(connection, number)),
    )


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
