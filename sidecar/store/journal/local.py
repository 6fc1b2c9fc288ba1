"""The local journal: hooks in a file of this machine, on disk whoever is writing to the database meanwhile.

It has two uses. With SQLite it is where hooks are kept. Beside any database it keeps what that does not take at once
(`overflow`), and what hooks are decided from, for a start without the database (`rules_copy`).

SQLite lets one transaction at a time write to a file, and that of a fold takes milliseconds. To this one nobody writes
but whoever keeps hooks, and whoever deletes them. The database reads it and has by itself which conversation a hook
belongs to. Ids grow in the order of commits and are never used again: what the database has not looked at yet are the
hooks above the last one it knows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateColumn, CreateTable

from sidecar.store.connections.sqlite import PATIENCE, make_private, prepare
from sidecar.store.failures import GONE, REFUSALS, RefusedError, failure
from sidecar.store.journal.rows import NAMES, Doubt, HookRow, storable_values
from sidecar.store.journal.tables import local, local_hooks

MOST = 512  # rows of one statement
_COLUMNS = ", ".join(NAMES)
_MARKS = ", ".join("?" for _ in NAMES)
_NO_ROW = (None,) * len(NAMES)
_WITH_ID = f"INSERT INTO hooks (id, {_COLUMNS}) VALUES (?, {_MARKS})"  # noqa: S608 - the names of our own columns
_DELETE = "DELETE FROM hooks WHERE id IN (SELECT value FROM json_each(?))"
_DOUBT_LAST = "INSERT INTO doubts (hook_id, process, above) SELECT id, ?, ? FROM hooks ORDER BY id DESC LIMIT ?"
_DIALECT = sqlite.dialect()

Values = tuple[Any, ...]
Identity = tuple[int, int]  # of a file: its disk, and its number there


class LocalJournal:
    """The file, made where there is none. Safe to use from any thread.

    Every method raises StoreError where the file cannot be used; RefusedError where it takes offence at the values.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self.path = path
        self._patience = patience  # seconds for another process to let go of the file
        self._guard = Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened_file: Identity | None = None  # stays when it is let go of

    def append(self, rows: Sequence[HookRow], doubt: Doubt | None = None) -> None:
        """All or none, in this order; on disk, and the file is where it was. `doubt`: about all of them."""
        values = [storable_values(row) for row in rows]
        with self.opened() as connection:
            if len(values) <= MOST and doubt is None:  # most of the time: one statement is a transaction by itself
                _insert(connection, values)
            else:
                with transaction(connection):
                    for first in range(0, len(values), MOST):
                        _insert(connection, values[first : first + MOST])
                    if doubt:
                        connection.execute(_DOUBT_LAST, (doubt.process, doubt.above, len(values)))
            self._see_whether_it_is_there()

    def append_singly(self, rows: Sequence[HookRow]) -> dict[int, str]:
        """All that the file takes; the places of the others in `rows`, with the reason."""
        refused = {}
        for place, row in enumerate(rows):
            try:
                self.append([row])
            except RefusedError as error:
                refused[place] = type(error.__cause__).__name__
        return refused

    def delete(self, ids: Collection[int]) -> None:
        with self.opened() as connection:
            connection.execute(_DELETE, (json.dumps(list(ids)),))

    def last_id(self) -> int:
        """The highest one; 0 where there is none."""
        with self.opened() as connection:
            last: int = connection.execute("SELECT coalesce(max(id), 0) FROM hooks").fetchone()[0]
            return last

    def received(self, since: float, until: float, *, above: int) -> list[tuple[float, bytes]]:
        """When hooks came and what they said: those with a higher id, in this span."""
        with self.opened() as connection:
            query = "SELECT received_at, body FROM hooks WHERE id > ? AND received_at BETWEEN ? AND ?"
            return connection.execute(query, (above, since, until)).fetchall()

    def newest(self, count: int) -> list[tuple[float, bytes]]:
        """When they came and what they said."""
        with self.opened() as connection:
            query = "SELECT received_at, body FROM hooks ORDER BY id DESC LIMIT ?"
            return connection.execute(query, (count,)).fetchall()

    def number_above(self, hook_id: int) -> int:
        """No hook from now on gets this id or a lower one. How far ids had come before."""
        with self.opened() as connection, transaction(connection):
            query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'hooks'"
            reached: int = connection.execute(query).fetchone()[0]
            if reached < hook_id:
                connection.execute("DELETE FROM sqlite_sequence WHERE name = 'hooks'")
                connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('hooks', ?)", (hook_id,))
            return reached

    def replace(self, portions: Iterable[Sequence[Values]]) -> None:
        """Hold these rows, each with its id before the values of `NAMES`, instead of what is there."""
        with self.opened() as connection:
            connection.execute("DELETE FROM hooks")
            for rows in portions:
                with transaction(connection):
                    connection.executemany(_WITH_ID, rows)

    def try_out(self) -> None:
        """The file is there afterwards, and rows can be read and written."""
        with self.opened() as connection, transaction(connection):
            for table, condition in (("hooks", "ORDER BY id DESC LIMIT 100"), ("doubts", ""), ("rules_copy", "")):
                connection.execute(f"SELECT * FROM {table} {condition}").fetchall()  # noqa: S608 - our own tables

    def renew(self) -> None:
        """What lies there from now on is the file, another one or not."""
        with self._guard:
            self._let_go()
            self._opened_file = None

    def close(self) -> None:
        with self._guard:
            self._let_go()

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """The file's connection, for one thread at a time; statements outside `transaction` are durable at once."""
        with self._guard:
            try:
                if self._connection is None:
                    self._connection = self._open()
                yield self._connection
            except (sqlite3.Error, OSError, *REFUSALS) as error:
                self._let_go()
                raise failure(error, str(self.path)) from error

    def _open(self) -> sqlite3.Connection:
        again = self._opened_file is not None
        if again:
            self._see_whether_it_is_there()  # before another one is made in its place
        connection = _open(self.path, self._patience, again=again)
        self._opened_file = identity_of(self.path)
        return connection

    def _see_whether_it_is_there(self) -> None:
        """What is written to a file without a name is gone with the connection."""
        if identity_of(self.path) != self._opened_file:
            raise FileNotFoundError(f"the file was {GONE}")

    def _let_go(self) -> None:
        """The next one who needs it opens it anew."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def identity_of(path: Path) -> Identity | None:
    """None: there is no such file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def in_any_bytes(value: bytes) -> str:
    """A text of SQLite's: what is damaged in it keeps nobody from reading the rest."""
    return value.decode(errors="replace")


def _open(path: Path, patience: float, *, again: bool) -> sqlite3.Connection:
    """`again`: its tables were there. To make them anew would number hooks from 1, and nobody would look at those."""
    make_private(path)
    connection = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    connection.text_factory = in_any_bytes
    try:
        prepare(connection)
        if again:
            connection.execute("SELECT 1 FROM hooks LIMIT 1")
        _complete(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _complete(connection: sqlite3.Connection) -> None:
    """The tables, and the columns that an older release did not know."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in local.sorted_tables:
        if table.name not in tables:
            connection.execute(str(CreateTable(table, if_not_exists=True).compile(dialect=_DIALECT)))
    there = {name for _, name, *_ in connection.execute("PRAGMA table_info(hooks)")}
    for column in local_hooks.columns:
        if column.name not in there:
            connection.execute(f"ALTER TABLE hooks ADD COLUMN {CreateColumn(column).compile(dialect=_DIALECT)}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def _insert(connection: sqlite3.Connection, rows: Sequence[Values]) -> None:
    """One step: after each one the interpreter's lock has to be won back from the loop."""
    size = 1 << (len(rows) - 1).bit_length() if rows else 0
    if size:
        connection.execute(_insertion(size), tuple(chain.from_iterable((*rows, *[_NO_ROW] * (size - len(rows))))))


@lru_cache
def _insertion(size: int) -> str:
    """Of so many rows, some of which may be none: each size is compiled once, so there are but few of them."""
    rows = ", ".join([f"({_MARKS})"] * size)
    return f"INSERT INTO hooks ({_COLUMNS}) SELECT * FROM (VALUES {rows}) WHERE column1 IS NOT NULL"  # noqa: S608 - the names of our own columns
