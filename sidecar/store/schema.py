"""All tables. Importing this module makes `metadata` complete."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from sidecar.store.calls import tables as calls
from sidecar.store.journal import tables as journal
from sidecar.store.metadata import metadata
from sidecar.store.missed import tables as missed
from sidecar.store.missed.callbacks import tables as callbacks
from sidecar.store.notes import tables as notes
from sidecar.store.pages import tables as pages
from sidecar.store.people import tables as people
from sidecar.store.replicas import tables as replicas

__all__ = [
    "callbacks",
    "calls",
    "journal",
    "metadata",
    "missed",
    "notes",
    "pages",
    "people",
    "replicas",
    "schema_compat",
]

schema_compat = Table(
    "schema_compat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1: the table has one row
    Column("revision_number", Integer, nullable=False),  # of the newest migration that was run
    Column("oldest_compatible_number", Integer, nullable=False),  # a release that knows less must not run on it
)
