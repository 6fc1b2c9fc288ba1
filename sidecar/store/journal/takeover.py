"""What earlier releases have left beside or in SQLite's file: hooks in the database itself, and a spool.

A crash at any moment leaves everything as it was, or all of it done: hooks are copied before their table goes, in the
transaction that also brings the new schema, and a copy that was not finished is begun anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.address import SqliteFiles
from sidecar.store.failures import RefusedError
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.rows import NAMES, HookRow

log = structlog.get_logger(__name__)
TOLD_ANEW = 3600.0  # seconds: what Zammad was told of older calls, it was told long ago
PORTION = 5_000  # hooks copied at once
NEWEST = 20_000  # hooks among which those of a spool may be already
_PLACES = (
    "INSERT OR REPLACE INTO hook_places SELECT id, conversation_id FROM main.hooks WHERE conversation_id IS NOT NULL"
)
_PAST = "INSERT INTO hook_places SELECT id, 0 FROM journal.hooks WHERE received_at < ?"

_while_another_process_ends = Retrying(
    retry=retry_if_exception_type(BlockingIOError), wait=wait_fixed(0.05), stop=stop_after_delay(2.0), reraise=True
)


def has_hooks_inside(connection: Connection) -> bool:
    """Whether SQLite's database itself holds hooks: an earlier release wrote it, or it was restored from a backup."""
    tables = "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = 'hooks'"
    return connection.exec_driver_sql(tables).first() is not None


def holds_hooks(connection: Connection) -> bool:
    """Whether there is any in that table."""
    return connection.exec_driver_sql("SELECT 1 FROM main.hooks LIMIT 1").first() is not None


def spool_of(files: SqliteFiles) -> Path:
    return files.database.with_name(f"{files.database.name}-spool")


def forget_view(connection: Connection) -> None:
    """Until the next connection `hooks` is a table of the database."""
    connection.exec_driver_sql("DROP VIEW IF EXISTS temp.hooks")


def move_hooks_out(connection: Connection, journal: LocalJournal) -> None:
    """From the database into the journal, in place of what is there, with the connection's transaction."""
    journal.replace(_portions(connection))
    connection.exec_driver_sql(_PLACES)
    connection.exec_driver_sql("DROP TABLE main.hooks")


def begin_beside(connection: Connection, *, now: float) -> None:
    """A new database beside a journal that may be old: its hooks stay, and calls of the last hour are told anew."""
    connection.exec_driver_sql("DROP TABLE main.hooks")
    connection.exec_driver_sql(_PAST, (now - TOLD_ANEW,))


def _portions(connection: Connection) -> Iterator[Sequence[tuple[Any, ...]]]:
    there = {row.name for row in connection.exec_driver_sql("PRAGMA main.table_info(hooks)")}
    columns = ", ".join(name if name in there else "NULL" for name in NAMES)
    query = f"SELECT id, {columns} FROM main.hooks WHERE id > ? ORDER BY id LIMIT {PORTION}"  # noqa: S608 - the names of our own columns
    last = 0
    while rows := connection.exec_driver_sql(query, (last,)).all():
        yield [tuple(row) for row in rows]
        last = rows[-1].id


@contextmanager
def spooled_before(files: SqliteFiles) -> Iterator[list[HookRow]]:
    """What a killed process of the previous release has left in its spool, which goes when the block is left.

    Raises:
        StoreError: a process of the previous release is still there.

    """
    path = spool_of(files)
    try:
        spool = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield []
        return
    try:
        _while_another_process_ends(fcntl.flock, spool, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield [row for line in path.read_bytes().split(b"\n") if (row := _row(line)) is not None]
        path.unlink()
    except BlockingIOError as error:
        raise StoreError(because(Unusable.PREVIOUS_RUNS, path=str(files.database))) from error
    finally:
        os.close(spool)


def carry_over(journal: LocalJournal, rows: Sequence[HookRow]) -> None:
    """Those of them that the journal lacks."""
    there = set(journal.newest(NEWEST)) if rows else set()
    missing = [row for row in rows if (row.received_at, row.body) not in there]
    try:
        journal.append(sorted(missing, key=lambda row: row.received_at))
    except RefusedError:
        journal.append_singly(missing)


def _row(line: bytes) -> HookRow | None:
    """A line is the CRC-32 of JSON in hexadecimal, a space, and the JSON. None: it was never wholly written."""
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    try:
        fields = json.loads(text)
        known: dict[str, Any] = {name: fields.get(name) for name in NAMES}
        return HookRow(
            **{**known, "received_at": float(known["received_at"]), "body": fields["body"].encode("latin-1")}
        )
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        log.warning("spooled_hook_set_aside", error=type(error).__name__)
        return None
