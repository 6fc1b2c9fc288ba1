"""The tables of the missed calls."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from sidecar.store.metadata import Id, metadata

OPEN = text("closed_at IS NULL")
ROWS_WAITING = text("closed_at IS NOT NULL AND rows_marked_at IS NULL")

missed_calls = Table(
    "missed_calls",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False),  # calls.missed.missed_key
    Column("number", String(20)),  # E.164 digits
    Column("caller", Text, nullable=False),  # as it came
    Column("line", Text, nullable=False),  # of the last call
    Column("calls", Integer, nullable=False),
    Column("first_at", Float, nullable=False),
    Column("last_at", Float, nullable=False),
    Column("last_call_id", Id, nullable=False),
    Column("version", Integer, nullable=False),  # grows with each change: whoever acts says what they have seen
    Column("owner_id", Integer),
    Column("owner", Text),
    Column("note", Text, nullable=False),  # of releases before there were several
    Column("closed_at", Float),
    Column("closed_by_id", Integer),
    Column("closed_by", Text),
    Column("closed_because", String(12)),  # calls.missed.ClosedBecause
    Column("rows_marked_at", Float),  # when Zammad's own log was brought in line
    Column("rows_marked", Integer),
    Column("rows_gone", Integer),  # not listed there any more
    Index("missed_calls_open", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    Index("missed_calls_closed", "closed_at", "id"),
    Index("missed_calls_by_key", "key"),
    Index("missed_calls_to_mark", "id", sqlite_where=ROWS_WAITING, postgresql_where=ROWS_WAITING),
    sqlite_autoincrement=True,
)

missed_notes = Table(
    "missed_notes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("missed_id", Id, ForeignKey("missed_calls.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Float, nullable=False),
    Column("author_id", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)

missed_parts = Table(
    "missed_parts",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("missed_id", Id, ForeignKey("missed_calls.id", ondelete="CASCADE"), nullable=False, index=True),
)
