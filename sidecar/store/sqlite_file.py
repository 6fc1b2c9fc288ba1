"""SQLite's files themselves: what is left in them of deleted rows, copies, and putting a copy in their place.

A copy is one file. It has the hooks of the local journal in a table beside the others, with their places, as earlier
releases had them in the database itself; whoever puts it in place moves them out again (`migrations.upgrade`).
"""

from __future__ import annotations

import mmap
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError

PATIENCE = 30.0  # seconds that readers and writers of a running service may keep us waiting
STEP = 0.2  # seconds a single attempt blocks others

Counts = dict[str, int]  # table to its rows
_HOOKS_WITH_PLACES = """
CREATE TABLE main.hooks AS
SELECT hooks.*, hook_places.conversation_id
FROM journal.hooks LEFT JOIN main.hook_places ON hook_places.hook_id = hooks.id
"""


def wipe(path: Path, needles: Collection[bytes]) -> int:
    """How often the needles are left in the file and its log after nothing deleted is kept there any more.

    A rebuild (VACUUM) keeps the service from writing for as long as it takes; it happens only where it is needed.

    Raises:
        StoreError: the service never let go of its log.

    """
    with _opened(path) as connection:
        _checkpoint(connection, path)
        if not occurrences(path, needles):
            return 0
        _patiently(lambda: connection.execute("VACUUM"), path)
        _checkpoint(connection, path)
    return occurrences(path, needles)


def occurrences(path: Path, needles: Collection[bytes]) -> int:
    """In the file and its write-ahead log, byte by byte."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(_occurrences(file, needles) for file in files if file.exists() and file.stat().st_size)


def _occurrences(file: Path, needles: Collection[bytes]) -> int:
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return sum(_count(content, needle) for needle in needles)


def _count(content: mmap.mmap, needle: bytes) -> int:
    count, place = 0, content.find(needle)
    while place >= 0:
        count, place = count + 1, content.find(needle, place + 1)
    return count


def _checkpoint(connection: sqlite3.Connection, path: Path) -> None:
    """Everything is in the file and the log is empty."""

    def attempt() -> None:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the log is being read")

    _patiently(attempt, path)


def _patiently(attempt: Callable[[], object], path: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            attempt()
        except sqlite3.OperationalError as error:
            if time.monotonic() > give_up_at:
                raise StoreError(because(Unusable.BYTES_LEFT, path=str(path), said=str(error))) from error
            time.sleep(0.05)
        else:
            return


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=STEP, isolation_level=None)) as connection:
        yield connection


def copy(source: Path, journal: Path, target: Path) -> Counts:
    """An online copy into a new file, as the database was at one moment; the rows of each table.

    The journal is read a little later: what came meanwhile are hooks that nobody has looked at yet.

    Raises:
        StoreError: the copy cannot be made, or is not sound.

    """
    try:
        with _opened(source) as here, closing(_writer(target)) as there:
            here.execute("BEGIN")  # one moment for counting and copying; nobody waits for a reader
            counts = _counts(here)
            here.backup(there)
            there.execute("PRAGMA journal_mode=DELETE")  # one file without a log beside it
            if "hooks" not in counts and journal.exists():
                counts["hooks"] = _put_hooks_in(there, journal)
    except sqlite3.Error as error:
        raise StoreError(because(Unusable.FILE_ERROR, path=str(target), said=str(error))) from error
    if row_counts(target) != counts:
        raise StoreError(because(Unusable.COPY_DIFFERS, path=str(target)))
    return counts


def _put_hooks_in(copied: sqlite3.Connection, journal: Path) -> int:
    copied.execute("ATTACH ? AS journal", (_for_reading(journal),))
    copied.execute(_HOOKS_WITH_PLACES)
    return _count_of(copied, "hooks")


def put_in_place(source: Path, target: Path) -> None:
    """Let the database hold what the copy holds, whoever has it open; compared row by row before it counts as done.

    Raises:
        StoreError: it cannot be written, or they differ.

    """
    try:
        with closing(_reader(source)) as copied, _opened(target) as here:
            here.execute("PRAGMA journal_mode=WAL")
            _patiently(lambda: copied.backup(here), target)
            if list(_digests(copied)) != list(_digests(here)):
                meanwhile = because(Unusable.WRITTEN_MEANWHILE, path=str(target), source=str(source))
                raise StoreError(meanwhile)
    except sqlite3.Error as error:
        raise StoreError(because(Unusable.FILE_ERROR, path=str(target), said=str(error))) from error


def row_counts(path: Path) -> Counts:
    """Rows of each table of a sound database of ours.

    Raises:
        StoreError: it is damaged, or no database of the sidecar.

    """
    try:
        with closing(_reader(path)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            if verdict != "ok":
                raise StoreError(because(Unusable.DAMAGED, path=str(path), said=str(verdict)))
            return _counts(connection)
    except sqlite3.Error as error:
        raise StoreError(because(Unusable.NO_DATABASE, path=str(path), said=str(error))) from error


def holds_rows(path: Path, tables: Collection[str]) -> bool:
    """Whether there is a row in any of these tables, not all of which have to be there.

    Raises:
        StoreError: it cannot be read.

    """
    try:
        with closing(_reader(path)) as connection:
            queries = [f'SELECT 1 FROM "{table}" LIMIT 1' for table in _tables(connection) if table in tables]  # noqa: S608 - names of the schema
            return any(connection.execute(query).fetchone() for query in queries)
    except sqlite3.Error as error:
        raise StoreError(because(Unusable.NO_DATABASE, path=str(path), said=str(error))) from error


def rows_in(path: Path, table: str) -> int:
    """How many there are. Raises: StoreError."""
    try:
        with closing(_reader(path)) as connection:
            return _count_of(connection, table)
    except sqlite3.Error as error:
        raise StoreError(because(Unusable.NO_DATABASE, path=str(path), said=str(error))) from error


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(_for_reading(path), uri=True, isolation_level=None)


def _writer(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, uri=True, isolation_level=None)


def _for_reading(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _counts(connection: sqlite3.Connection) -> Counts:
    tables = _tables(connection)
    if "schema_compat" not in tables:
        raise StoreError(because(Unusable.NOT_OURS))
    return {table: _count_of(connection, table) for table in tables}


def _count_of(connection: sqlite3.Connection, table: str) -> int:
    count: int = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - a name of the schema
    return count


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [name for (name,) in connection.execute(query)]


def _digests(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for table in _tables(connection):
        digest = blake2b()
        for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - a name of the schema
            digest.update(repr(row).encode())
        yield table, digest.hexdigest()
