"""Logs of a process that was killed: whole ones are as they should be, whatever was being written."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sidecar.store.write_ahead_log import FRAME_HEADER, HEADER, is_log_torn, keep_torn_logs

PAGE = 4096
FRAME = FRAME_HEADER + PAGE


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The database of a killed process: some of its log is in the file, some is not, some is of a time before."""
    used, left = tmp_path / "used.db", tmp_path / "left.db"
    with closing(sqlite3.connect(used, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE words (word TEXT)")
        for number in range(40):
            writer.execute("INSERT INTO words VALUES (?)", ("x" * 3000 + str(number),))
        shutil.copy(f"{used}-shm", f"{left}-shm-before")
        writer.execute("PRAGMA wal_checkpoint(PASSIVE)")  # the log begins anew, over what it held
        for number in range(10):
            writer.execute("INSERT INTO words VALUES (?)", ("y" * 3000 + str(number),))
        writer.execute("BEGIN")
        writer.execute("INSERT INTO words VALUES ('never committed')")
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(f"{used}{suffix}", f"{left}{suffix}")
    return left


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def overwrite(path: Path, place: int, content: bytes = b"\xff" * 8) -> None:
    with path.open("r+b") as opened:
        opened.seek(place)
        opened.write(content)


def forget_index(path: Path) -> None:
    path.with_name(f"{path.name}-shm").unlink()


def words(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        count: int = connection.execute("SELECT count(*) FROM words").fetchone()[0]
        return count


def test_what_a_killed_process_leaves_is_whole(killed: Path) -> None:
    assert not is_log_torn(killed)
    forget_index(killed)
    assert not is_log_torn(killed)
    assert words(killed) == 50


@pytest.mark.parametrize("place", [0, HEADER + 100, HEADER + 3 * FRAME, HEADER + 5 * FRAME + FRAME_HEADER])
@pytest.mark.parametrize("is_index_there", [True, False])
def test_a_damaged_part_is_found(killed: Path, place: int, *, is_index_there: bool) -> None:
    overwrite(log_of(killed), place)
    if not is_index_there:
        forget_index(killed)
    assert is_log_torn(killed)
    assert words(killed) < 50, "SQLite says nothing about it"


def test_a_log_that_was_cut_off_is_found_by_the_index(killed: Path) -> None:
    content = log_of(killed).read_bytes()
    for end in (100, HEADER + 2 * FRAME, HEADER + 2 * FRAME + 500):
        log_of(killed).write_bytes(content[:end])
        assert is_log_torn(killed)


def test_an_index_of_a_time_before_says_nothing(killed: Path) -> None:
    """A power failure may leave it: the log alone is sure to be on disk."""
    killed.with_name(f"{killed.name}-shm-before").rename(killed.with_name(f"{killed.name}-shm"))
    assert not is_log_torn(killed)
    overwrite(log_of(killed), HEADER + 100)
    assert is_log_torn(killed)


def test_what_was_being_written_when_the_process_was_killed_is_no_damage(killed: Path) -> None:
    content = log_of(killed).read_bytes()
    first = content[HEADER : HEADER + FRAME_HEADER]
    log_of(killed).write_bytes(content + first + b"half a page")
    assert not is_log_torn(killed)


def test_damage_in_what_the_file_has_already_is_none(killed: Path) -> None:
    with closing(sqlite3.connect(killed)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        overwrite(log_of(killed), HEADER + 100)
        assert not is_log_torn(killed)


def test_without_a_log_there_is_nothing_torn(tmp_path: Path) -> None:
    assert not is_log_torn(tmp_path / "none.db")
    log_of(tmp_path / "none.db").touch()
    assert not is_log_torn(tmp_path / "none.db")


def test_a_torn_one_is_kept_before_it_is_gone(killed: Path) -> None:
    overwrite(log_of(killed), HEADER + 100)
    torn = log_of(killed).read_bytes()
    keep_torn_logs(killed)
    words(killed)
    (kept,) = killed.parent.glob("left.db.damaged-*.log")
    assert kept.read_bytes() == torn
