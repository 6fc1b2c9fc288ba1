"""A damaged file of hooks: it is set aside and kept, and what can be read of it goes on in a new one.

Rows keep their ids, and none of the old ids is used again: conversations know hooks by them.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, suppress
from glob import escape
from itertools import chain, count
from pathlib import Path
from typing import Any

import structlog

from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.failures import failure
from sidecar.store.journal.local import LocalJournal, in_any_bytes, transaction
from sidecar.store.journal.rows import NAMES
from sidecar.store.journal.tables import doubts, local, local_hooks, rules_copy

STEP = 1000  # ids read at once
GIVEN_UP = 1_000_000  # attempts that fail: some ten seconds
HIGHEST = 1_000_000_000  # an id above it was no id of ours
_TOPS = (
    "SELECT seq FROM sqlite_sequence WHERE name = 'hooks'",
    "SELECT max(id) FROM hooks",
    "SELECT max(hook_id) FROM doubts",
)
_KINDS: dict[type[Any], tuple[type[Any], ...]] = {float: (int, float), bool: (int,), bytes: (bytes,), str: (str,)}
_SHAPE = tuple((_KINDS[column.type.python_type], column.nullable) for column in (local_hooks.c[each] for each in NAMES))

Row = tuple[Any, ...]

log = structlog.get_logger(__name__)


def is_damaged(path: Path) -> bool:
    """Whether anything of this file of hooks cannot be read. Reads all of it.

    Raises:
        StoreError: that cannot be told at present, as while another process keeps it to itself.

    """
    return _is_damaged(path, local.tables)


def is_torn(path: Path) -> bool:
    """Whether parts of any file of SQLite's do not belong together. Raises as `is_damaged`."""
    return _is_damaged(path, ())


def _is_damaged(path: Path, tables: Collection[str]) -> bool:
    try:
        with closing(_reader(path)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                return True
            for table in tables:
                for _ in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the names of our own tables
                    pass
    except (sqlite3.Error, OSError) as error:
        translated = failure(error, str(path))
        if tells_of_damage(translated):
            return True
        raise translated from error
    return False


def tells_of_damage(error: StoreError) -> bool:
    """Of a file of hooks, whose tables are made with it."""
    return error.reason.code in {Unusable.MALFORMED, Unusable.NOT_SET_UP}


def replace_damaged(path: Path) -> None:
    """Nobody may write to it meanwhile. A crash at any moment leaves the damaged file, or both.

    Raises:
        StoreError: there is no room for another one, or no right to make it; the damaged one is where it was.

    """
    path = path.resolve()  # a link stays what it is
    fresh = _fresh(path)
    try:
        _forget(fresh)
        with closing(LocalJournal(fresh)) as journal, closing(_reader(path)) as damaged:
            damaged.text_factory = in_any_bytes
            damaged.execute("PRAGMA writable_schema=ON")  # else SQLite reads nothing of a file that was cut off
            saved = _save(damaged, journal)
        kept = _set_aside(path)
        fresh.rename(path)
    except (sqlite3.Error, OSError) as error:
        raise failure(error, str(path)) from error
    finally:
        with suppress(OSError):
            _forget(fresh)
    log.warning("journal_file_damaged", file=str(path), kept_as=str(kept), hooks_saved=saved)


def finish_replacing(path: Path) -> None:
    """After a crash between both names."""
    path = path.resolve()
    with suppress(OSError):
        if _fresh(path).exists() and not path.exists():
            _fresh(path).rename(path)


def is_empty(path: Path) -> bool:
    """Cut off to nothing: a file that was once used is never so short."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


def set_aside_beside(*paths: Path) -> list[Path]:
    """Damaged files that were at these places once."""
    return sorted(
        found
        for path in map(Path.resolve, paths)
        for found in path.parent.glob(f"{escape(path.name)}.damaged-*")
        if not found.name.endswith(("-wal", "-shm"))
    )


def _fresh(path: Path) -> Path:
    return path.with_name(f"{path.name}.saved")


def _forget(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)


def _set_aside(path: Path) -> Path:
    """With its log: together they are what there was."""
    name = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    endings = chain([""], (f"-{number}" for number in count(2)))
    names = (path.with_name(f"{name}{ending}") for ending in endings)
    kept = next(each for each in names if not each.exists())
    for suffix in ("-shm", "-wal", ""):
        part = path.with_name(f"{path.name}{suffix}")
        if part.exists():
            part.rename(kept.with_name(f"{kept.name}{suffix}"))
    return kept


def _save(damaged: sqlite3.Connection, journal: LocalJournal) -> int:
    """How many hooks."""
    last = max(_number(damaged, query) for query in _TOPS)
    last = max(last, _last_in_order(damaged))
    saved = _Counted(_whole_rows(damaged, last))
    journal.replace(saved)
    journal.number_above(last)
    with journal.opened() as connection, transaction(connection):
        for table in (doubts, rules_copy):
            marks = ", ".join("?" for _ in table.columns)
            for row in _others(damaged, table.name, [column.name for column in table.columns]):
                with suppress(sqlite3.IntegrityError):
                    connection.execute(f"INSERT INTO {table.name} VALUES ({marks})", row)  # noqa: S608 - our own table
    return saved.rows


class _Counted:
    """Portions on their way, and how many rows they were."""

    def __init__(self, portions: Iterator[Sequence[Row]]) -> None:
        self.rows = 0
        self._portions = portions

    def __iter__(self) -> Iterator[Sequence[Row]]:
        for portion in self._portions:
            self.rows += len(portion)
            yield portion


def _number(connection: sqlite3.Connection, query: str) -> int:
    with suppress(sqlite3.Error):
        row = connection.execute(query).fetchone()
        return row[0] if row and isinstance(row[0], int) and row[0] <= HIGHEST else 0
    return 0


def _last_in_order(connection: sqlite3.Connection) -> int:
    """As far as can be read from the first one on."""
    last = 0
    with suppress(sqlite3.Error):
        for (number,) in connection.execute("SELECT id FROM hooks ORDER BY id"):
            last = min(number, HIGHEST)
    return last


def _whole_rows(connection: sqlite3.Connection, last: int) -> Iterator[list[Row]]:
    columns = ", ".join(_columns(connection))
    query = f"SELECT id, {columns} FROM hooks WHERE id BETWEEN ? AND ?"  # noqa: S608 - the names of our own columns

    def read(first: int, until: int) -> list[Row]:
        rows: list[Row] = connection.execute(query, (first, until)).fetchall()
        return rows

    for portion in _readable(read, last):
        yield [row for row in portion if _is_whole(row)]


def _columns(connection: sqlite3.Connection) -> list[str]:
    """An earlier release may have written it."""
    with suppress(sqlite3.Error):
        there = {name for _, name, *_ in connection.execute("PRAGMA table_info(hooks)")}
        return [name if name in there else "NULL" for name in NAMES]
    return list(NAMES)


def _readable(read: Callable[[int, int], list[Row]], last: int) -> Iterator[list[Row]]:
    """What cannot be read at once is read in halves, down to the single row that cannot."""
    left = GIVEN_UP
    for begin in range(1, last + 1, STEP):
        ranges = [(begin, begin + STEP - 1)]
        while ranges and left:
            first, until = ranges.pop()
            try:
                yield read(first, until)
            except sqlite3.Error:
                left -= 1
                if first < until:
                    middle = (first + until) // 2
                    ranges += [(middle + 1, until), (first, middle)]


def _is_whole(row: Row) -> bool:
    """What stands in a torn page may be anything."""
    return all(
        value is None if value is None and nullable else isinstance(value, kinds)
        for value, (kinds, nullable) in zip(row[1:], _SHAPE, strict=True)
    )


def _others(connection: sqlite3.Connection, table: str, columns: list[str]) -> list[Row]:
    rows: list[Row] = []
    with suppress(sqlite3.Error):
        for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}"):  # noqa: S608 - the names of our own tables
            rows.append(row)  # noqa: PERF402 - those before the first that cannot be read are kept
    return rows


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
