"""The tables through which processes agree: leases, snapshots, and what has changed for pages."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, Integer, String, Table, Text

from sidecar.store.metadata import Id, metadata

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

page_changes = Table(
    "page_changes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),  # grows in the order of commits: see store.page_changes
    Column("at", Float, nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # call | missed | session
    Column("subject", BigInteger),  # id of the conversation or of the entry
    Column("session", String(64)),  # key of the session that was ended
    sqlite_autoincrement=True,
)
