"""The tables of the journal. PostgreSQL has one; SQLite has the hooks in a file of their own (see `local`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, Table, Text, text

from sidecar.store.metadata import Id, metadata

PLACED = text("conversation_id IS NOT NULL")  # a new hook costs one index less
NOT_PLACED = text("conversation_id IS NULL AND event IS NOT NULL")


def _hook_columns() -> tuple[Column[Any], ...]:
    return (
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
    )


hooks = Table(  # on SQLite a view of the two below
    "hooks",
    metadata,
    *_hook_columns(),
    Column("conversation_id", Id),  # null: not looked at yet; NO_CONVERSATION: belongs to none
    Index("hooks_by_conversation", "conversation_id", postgresql_where=PLACED),
    Index("hooks_not_placed", "id", postgresql_where=NOT_PLACED),
)

local = MetaData()  # the file of the local journal
local_hooks = Table("hooks", local, *_hook_columns(), sqlite_autoincrement=True)  # ids are never used again

doubts = Table(
    "doubts",  # of hooks that may be in the database already: `rows.Doubt`
    local,
    Column("hook_id", Integer, primary_key=True),
    Column("process", BigInteger, nullable=False),
    Column("above", BigInteger, nullable=False),
)

rules_copy = Table(
    "rules_copy",  # what hooks were decided from last, for a start without the database
    local,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("saved_at", Float, nullable=False),
)

hook_places = Table(
    "hook_places",
    MetaData(),  # in SQLite's file only, and nobody is named in it
    Column("hook_id", Integer, primary_key=True),
    Column("conversation_id", Integer, nullable=False),
    Index("hook_places_by_conversation", "conversation_id"),
)
