"""The tables of the journal and of what replicas share. Importing this module makes `metadata` complete."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from sidecar.store import call_tables, directory_tables, web_tables
from sidecar.store.metadata import metadata

__all__ = ["call_tables", "directory_tables", "hooks", "leases", "metadata", "schema_compat", "snapshots", "web_tables"]

Id = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER is a rowid there
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
    Column("decision", Text, nullable=False),  # in words
    Column("rejected", Boolean, nullable=False),
    Column("answer", Text, nullable=False),  # the XML, its token replaced
    Column("conversation_id", Id),  # null: not looked at yet; journal.NO_CONVERSATION: belongs to none
    Index("hooks_by_conversation", "conversation_id", sqlite_where=PLACED, postgresql_where=PLACED),
    Index("hooks_not_placed", "id", sqlite_where=NOT_PLACED, postgresql_where=NOT_PLACED),
    sqlite_autoincrement=True,  # ids are never used again
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("version", Integer, nullable=False),  # grows with each change of the value
    Column("saved_at", Float, nullable=False),  # grows with each save
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
)

schema_compat = Table(
    "schema_compat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1: the table has one row
    Column("revision_number", Integer, nullable=False),  # of the newest migration that was run
    Column("oldest_compatible_number", Integer, nullable=False),  # a release that knows less must not run on it
)
