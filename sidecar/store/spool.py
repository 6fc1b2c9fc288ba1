"""A file beside SQLite's that takes hooks down at once, whoever is writing to the database.

SQLite lets one transaction write at a time, and that of a fold takes milliseconds. Here a hook is on disk in a fraction
of one, and it is answered; the database gets it as well, a moment later. What lies here matters only where that moment
never came: the next process carries it over.

A row is a line: the CRC-32 of its JSON in hexadecimal, a space, the JSON. Zeros follow the last one.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from sidecar.store.database import Database
from sidecar.store.journal.hooks import NAMES, HookRow, append_hooks_singly, not_appended

SIZE = 2 << 20  # bytes, some 3,000 hooks; from the beginning: a write that makes no file longer is on disk sooner

log = structlog.get_logger(__name__)

_while_another_process_ends = Retrying(
    retry=retry_if_exception_type(BlockingIOError), wait=wait_fixed(0.05), stop=stop_after_delay(2.0), reraise=True
)


class Spool:
    """The file; one process has it, and one thread uses it at a time.

    Raises:
        OSError: it cannot be used; BlockingIOError: another process has it.

    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_DSYNC | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            length = os.fstat(self._file).st_size
            if length < SIZE:
                os.pwrite(self._file, bytes(SIZE - length), length)
            self._end = len(self._content().rstrip(b"\0"))  # of the last row
        except OSError:
            os.close(self._file)
            raise

    def rows(self) -> list[HookRow]:
        """Those that were written since it was last emptied, or begun anew, and perhaps some from before."""
        return [row for line in self._content().split(b"\n") if (row := _row(line)) is not None]

    def write(self, rows: Sequence[HookRow], *, anew: bool) -> bool:
        """Whether there was room; they are on disk then. `anew`: nothing that stands there is needed any more.

        Raises:
            OSError: they may not be on disk.

        """
        text = b"".join(map(_line, rows))
        begin = 0 if anew else self._end
        if begin + len(text) > SIZE:
            return False
        left = max(0, self._end - begin - len(text)) if anew else 0
        os.pwrite(self._file, text + bytes(left), begin)
        self._end = begin + len(text)
        return True

    def empty(self) -> None:
        """Nothing of any caller is left in it."""
        os.pwrite(self._file, bytes(self._end), 0)
        self._end = 0

    def close(self) -> None:
        os.close(self._file)

    def _content(self) -> bytes:
        return os.pread(self._file, SIZE, 0)


def open_spool(database: Database) -> Spool | None:
    """The spool of this database, empty; what a process that died has left in it is carried over first.

    None: PostgreSQL has no need of one, the file cannot be used, or another process has it.

    Raises:
        StoreError: the database does not take what is carried over. It stays where it is.

    """
    if database.file is None:
        return None
    try:
        spool = _while_another_process_ends(Spool, _beside(database.file))
    except OSError as error:
        log.warning("no_spool", problem=str(error), effect="hooks wait for the database")
        return None
    try:
        if rows := _carry_over(database, spool):
            log.info("hooks_carried_over", rows=rows)
    except BaseException:
        spool.close()
        raise
    return spool


def carry_over(database: Database) -> None:
    """What a process that died has left beside this database belongs into it, before anybody looks at it.

    Raises:
        StoreError: the database does not take it. It stays where it is.

    """
    with _left_behind(database.file) as spool:
        if spool:
            _carry_over(database, spool)


def discard(file: Path) -> None:
    """What lies beside this database does not belong to it any more."""
    with _left_behind(file) as spool:
        if spool:
            spool.empty()


@contextmanager
def _left_behind(file: Path | None) -> Iterator[Spool | None]:
    """The spool of a database, where there is one and no process that looks after it."""
    spool = None
    if file and _beside(file).exists():
        with suppress(OSError):
            spool = Spool(_beside(file))
    try:
        yield spool
    finally:
        if spool:
            spool.close()


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}-spool")


def _carry_over(database: Database, spool: Spool) -> int:
    """How many rows the database lacked."""
    missing: Sequence[HookRow] = ()
    if rows := spool.rows():
        with database.writing() as connection:
            missing = not_appended(connection, sorted(rows, key=lambda row: row.received_at))
            append_hooks_singly(connection, missing)
    spool.empty()
    return len(missing)


def _line(row: HookRow) -> bytes:
    fields = {name: getattr(row, name) for name in NAMES}
    fields["body"] = row.body.decode("latin-1")
    text = json.dumps(fields).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _row(line: bytes) -> HookRow | None:
    """None: it was never wholly written, so nobody was answered for it."""
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    fields = json.loads(text)
    known: dict[str, Any] = {name: fields.get(name) for name in NAMES}  # another release may have written it
    known["body"] = fields["body"].encode("latin-1")
    return HookRow(**known)
