"""The table of the journal."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, LargeBinary, Table, Text, text

from sidecar.store.metadata import Id, metadata

PLACED = text("conversation_id IS NOT NULL")  # a new hook costs one index less
NOT_PLACED = text("conversation_id IS NULL AND event IS NOT NULL")

hooks = Table(
    "hooks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("received_at", Float, nullable=False),
    Column("path", Text, nullable=False),  # in | out, of the URL
    Column("content_type", Text),
    Column("body", LargeBinary, nullable=False),  # as it came
    Column("source", Text, nullable=False),  # the client's address
    Column("signature", Text, nullable=False),
    Column("event", Text),  # null where the form could not be read
    Column("call_id", Text),
    Column("direction", Text),
    Column("caller", Text),
    Column("callee", Text),
    Column("status", Text, nullable=False),
    Column("decision", Text, nullable=False),  # calls.reasons.Reason; words in old rows
    Column("rejected", Boolean, nullable=False),
    Column("answer", Text, nullable=False),  # the XML, its token replaced
    Column("conversation_id", Id),  # null: not looked at yet; journal.NO_CONVERSATION: belongs to none
    Index("hooks_by_conversation", "conversation_id", sqlite_where=PLACED, postgresql_where=PLACED),
    Index("hooks_not_placed", "id", sqlite_where=NOT_PLACED, postgresql_where=NOT_PLACED),
    sqlite_autoincrement=True,  # ids are never used again
)
