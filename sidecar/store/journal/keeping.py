"""Where hooks are kept and deleted: SQLite has them in the local journal, PostgreSQL in a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, delete, select

from sidecar.store.database import Database
from sidecar.store.failures import RefusedError, refuses_values
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.rows import NAMES, HookRow, storable_values
from sidecar.store.journal.tables import hook_places, hooks

KEPT_WITHIN = 4.0  # seconds: then the connection counts as lost, and another one is tried
NEWEST = 20_000  # rows among which one is looked for that may have been written a moment ago
_COLUMNS = ", ".join(NAMES)
_MARKS = ", ".join("%s" for _ in NAMES)
_INSERT = f"INSERT INTO hooks ({_COLUMNS}) VALUES ({_MARKS})"  # noqa: S608 - the names of our own columns
_COPY = f"COPY hooks ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_TYPES = [{"received_at": "float8", "body": "bytea", "rejected": "bool"}.get(name, "text") for name in NAMES]


class HooksInFile:
    """SQLite's. Deleting a hook takes two files: first it goes, then its place, so that a crash brings none back."""

    def __init__(self, journal: LocalJournal) -> None:
        self._journal = journal

    def keep(self, rows: Sequence[HookRow], *, again: bool = False) -> Mapping[int, str]:
        """On disk when it returns; the places of those rows that are refused for ever, with the reason.

        `again`: the last attempt failed. What it wrote nevertheless is there twice then, which does no harm.

        Raises: StoreError.
        """
        del again
        try:
            self._journal.append(rows)
        except RefusedError:
            return self._journal.append_singly(rows)
        return {}

    def delete(self, connection: Connection, ids: Collection[int]) -> None:
        """At once, whatever becomes of the transaction. Raises: StoreError."""
        self._journal.delete(ids)
        connection.execute(delete(hook_places).where(hook_places.c.hook_id.in_(ids)))

    def close(self) -> None:
        self._journal.close()


class HooksInTable:
    """PostgreSQL's. The answer to a commit may be lost, but not the commit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, rows: Sequence[HookRow], *, again: bool = False) -> Mapping[int, str]:
        """As `HooksInFile.keep`; `again`: what the last attempt wrote nevertheless is not written twice."""
        try:
            if not (again and self._has(rows[0])):
                with self._database.durable_statements(within=KEPT_WITHIN) as connection:
                    _append(connection, rows)
        except (RefusedError, TypeError, ValueError, OverflowError):
            with self._database.durable_statements(within=KEPT_WITHIN) as connection:
                return _append_singly(connection, rows)
        return {}

    def _has(self, row: HookRow) -> bool:
        """Whether exactly this row is among the newest."""
        newest = select(hooks.c.received_at, hooks.c.body).order_by(hooks.c.id.desc()).limit(NEWEST).subquery()
        same = select(newest.c.received_at).where(newest.c.received_at == row.received_at, newest.c.body == row.body)
        with self._database.reading(within=KEPT_WITHIN) as connection:
            return connection.execute(same.limit(1)).first() is not None

    def delete(self, connection: Connection, ids: Collection[int]) -> None:
        """With the transaction."""
        connection.execute(delete(hooks).where(hooks.c.id.in_(ids)))

    def close(self) -> None:
        """The database is closed by whoever has opened it."""


HookStore = HooksInFile | HooksInTable


def hook_store(database: Database) -> HookStore:
    """To be closed at the end."""
    if database.files is None:
        return HooksInTable(database)
    return HooksInFile(LocalJournal(database.files.journal, patience=database.patience))


def delete_hooks_of(connection: Connection, store: HookStore, conversation_ids: Collection[int]) -> None:
    """All hooks of these conversations."""
    table, hook_id = (hooks, hooks.c.id) if isinstance(store, HooksInTable) else (hook_places, hook_places.c.hook_id)
    ids = connection.scalars(select(hook_id).where(table.c.conversation_id.in_(conversation_ids))).all()
    if ids:
        store.delete(connection, ids)


def _append(connection: psycopg.Connection[Any], rows: Sequence[HookRow]) -> None:
    """All or none, in this order: one statement."""
    values = [storable_values(row) for row in rows]
    if len(values) == 1:
        connection.execute(_INSERT, values[0])
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:  # a third of the time of as many INSERTs
        copy.set_types(_TYPES)
        for row in values:
            copy.write_row(row)


def _append_singly(connection: psycopg.Connection[Any], rows: Sequence[HookRow]) -> dict[int, str]:
    refused = {}
    for place, row in enumerate(rows):
        try:
            _append(connection, [row])
        except Exception as error:
            if not refuses_values(error):
                raise
            refused[place] = type(error).__name__
    return refused
