"""Where hooks are kept and deleted: SQLite has them in the local journal, PostgreSQL in a table."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, delete, select

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.failures import RefusedError, refuses_values
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.rows import NAMES, Doubt, HookRow, storable_values
from sidecar.store.journal.tables import hook_places, hooks

KEPT_WITHIN = 4.0  # seconds: then the connection counts as lost, and another one is tried
FEW = 16  # rows
NEWEST = 20_000  # rows among which one is looked for that may have been written a moment ago
_COLUMNS = ", ".join(NAMES)
_INSERT = f"INSERT INTO hooks ({_COLUMNS}) SELECT {_COLUMNS} FROM json_populate_recordset(NULL::hooks, %s)"  # noqa: S608 - the names of our own columns
_COPY = f"COPY hooks ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
ENDED_WITHIN = 3.0  # seconds for a process of the server that is told to end
_END = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid = ANY(%s) AND pid <> pg_backend_pid() AND usename = current_user AND datname = current_database()
"""
_RECEIVED = "SELECT received_at, body FROM hooks WHERE id > %s AND received_at = ANY(%s)"
_TYPES = [{"received_at": "float8", "body": "bytea", "rejected": "bool"}.get(name, "text") for name in NAMES]


class HooksInFile:
    """SQLite's. Deleting a hook takes two files: first it goes, then its place, so that a crash brings none back."""

    def __init__(self, journal: LocalJournal) -> None:
        self._journal = journal

    def keep(self, rows: Sequence[HookRow], *, again: bool = False, within: float = KEPT_WITHIN) -> Mapping[int, str]:
        """On disk when it returns; the places of those rows that are refused for ever, with the reason.

        `again`: the last attempt failed. What it wrote nevertheless is there twice then, which does no harm.
        `within`: how long a file that others use is waited for is decided when the journal is opened.

        Raises: StoreError.
        """
        del again, within
        try:
            self._journal.append(rows)
        except RefusedError:
            return self._journal.append_singly(rows)
        return {}

    def doubt(self, *, within: float = KEPT_WITHIN) -> Doubt:
        """What can be said of rows that are given to `keep` after this, should it fail. Raises: StoreError."""
        del within
        return Doubt(process=0, above=self._journal.last_id())

    def written(self, rows: Mapping[HookRow, Doubt]) -> set[HookRow]:
        """Those that are there after all; the others will never appear. Raises: StoreError."""
        above, times = min(doubt.above for doubt in rows.values()), [row.received_at for row in rows]
        there = set(self._journal.received(min(times), max(times), above=above))
        return {row for row in rows if (row.received_at, row.body) in there}

    def renew(self) -> None:
        """The file may be another one by now."""
        self._journal.renew()

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

    def keep(self, rows: Sequence[HookRow], *, again: bool = False, within: float = KEPT_WITHIN) -> Mapping[int, str]:
        """As `HooksInFile.keep`; `again`: what the last attempt wrote nevertheless is not written twice.

        `within`: seconds, then the connection counts as lost.
        """
        try:
            if not (again and self._has(rows[0])):
                with self._database.durable_statements(within=within) as connection:
                    _append(connection, rows)
        except (RefusedError, TypeError, ValueError, OverflowError):
            with self._database.durable_statements(within=KEPT_WITHIN) as connection:
                return _append_singly(connection, rows)
        return {}

    def doubt(self, *, within: float = KEPT_WITHIN) -> Doubt:
        """As `HooksInFile.doubt`."""
        with self._database.durable_statements(within=within) as connection:
            ((above,),) = connection.execute("SELECT coalesce(max(id), 0) FROM hooks").fetchall()
            return Doubt(process=connection.info.backend_pid, above=above)

    def written(self, rows: Mapping[HookRow, Doubt]) -> set[HookRow]:
        """As `HooksInFile.written`. An old attempt may still be about to commit: whoever made it is ended first."""
        above = min(doubt.above for doubt in rows.values())
        with self._database.durable_statements(within=KEPT_WITHIN) as connection:
            _end(connection, list({doubt.process for doubt in rows.values()}))
            there = set(connection.execute(_RECEIVED, (above, [row.received_at for row in rows])).fetchall())
        return {row for row in rows if (row.received_at, row.body) in there}

    def renew(self) -> None:
        """There is no file."""

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


def hook_store(database: Database, *, patience: float | None = None) -> HookStore:
    """To be closed at the end. `patience`: seconds for another process to let go of SQLite's file."""
    if database.files is None:
        return HooksInTable(database)
    waits = database.patience if patience is None else min(patience, database.patience)
    return HooksInFile(LocalJournal(database.files.journal, patience=waits))


def delete_hooks_of(connection: Connection, store: HookStore, conversation_ids: Collection[int]) -> None:
    """All hooks of these conversations."""
    table, hook_id = (hooks, hooks.c.id) if isinstance(store, HooksInTable) else (hook_places, hook_places.c.hook_id)
    ids = connection.scalars(select(hook_id).where(table.c.conversation_id.in_(conversation_ids))).all()
    if ids:
        store.delete(connection, ids)


def _append(connection: psycopg.Connection[Any], rows: Sequence[HookRow]) -> None:
    """All or none, in this order: one statement, and of few rows one message.

    COPY takes three, and after each the interpreter's lock has to be won again; of many rows it is the quicker one.
    """
    values = [storable_values(row) for row in rows]
    if len(values) <= FEW:
        connection.execute(_INSERT, [json.dumps([dict(zip(NAMES, _as_json(row), strict=True)) for row in values])])
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for row in values:
            copy.write_row(row)


def _as_json(values: Sequence[object]) -> list[object]:
    return ["\\x" + value.hex() if isinstance(value, bytes) else value for value in values]


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


def _end(connection: psycopg.Connection[Any], processes: list[int]) -> None:
    """Of the server; each has committed by then, or never will. Raises: StoreError."""
    give_up_at = time.monotonic() + ENDED_WITHIN
    while connection.execute(_END, (processes,)).fetchall():
        if time.monotonic() > give_up_at:
            raise StoreError(because(Unusable.NOT_ENDED))
        time.sleep(0.02)
