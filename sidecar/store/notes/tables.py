"""The table of call notes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from sidecar.store.metadata import Id, metadata

PENDING = text("done_at IS NULL")

call_notes = Table(
    "call_notes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, unique=True),  # of the form: the same one writes once; the article's mark
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("author_id", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("text", Text, nullable=False),
    Column("ticket_id", Integer),  # null: of a new one until that is made; or none at all
    Column("ticket_number", Text),
    Column("group_id", Integer),  # of a new ticket, like the two that follow
    Column("title", Text),
    Column("customer_id", Integer),
    Column("minutes", Float, nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("afterwards", String(8), nullable=False),  # Afterwards
    Column("remind_at", Float),
    Column("owner_id", Integer),
    Column("outcome", Text),
    Column("article_id", Integer),
    Column("booked", Boolean, nullable=False),  # or there is nothing to be booked, or it was refused
    Column("tried_at", Float),  # the article may have been written since then
    Column("due_at", Float, nullable=False),
    Column("claimed_until", Float),
    Column("said", Text),  # calls.reasons.Reason: what of it Zammad has refused, or why it waits
    Column("done_at", Float),
    Index("call_notes_pending", "due_at", sqlite_where=PENDING, postgresql_where=PENDING),
    sqlite_autoincrement=True,
)
