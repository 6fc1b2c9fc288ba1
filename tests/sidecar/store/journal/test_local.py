"""The local journal: one file, one thing after the other, on disk before anybody is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from sidecar.errors import StoreError
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.rows import NAMES
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(file: Path) -> Iterator[LocalJournal]:
    with closing(LocalJournal(file, patience=0.05)) as journal:
        yield journal


def ids(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        return [number for (number,) in connection.execute("SELECT id FROM hooks ORDER BY id")]


def test_nobody_else_may_read_it(journal: LocalJournal, file: Path) -> None:
    journal.append([NEW_CALL])
    assert {each.stat().st_mode & 0o777 for each in file.parent.glob("journal.db*")} == {0o600}


def test_a_commit_waits_for_the_disk_and_what_is_deleted_is_overwritten(journal: LocalJournal, file: Path) -> None:
    journal.append([NEW_CALL])
    with journal.opened() as connection:
        settings = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "secure_delete")]
    assert settings == [2, 1]
    journal.delete([1])
    journal.close()
    assert NEW_CALL.body not in file.read_bytes()


def test_ids_go_on_above_what_the_database_has_seen_although_the_file_is_new(journal: LocalJournal, file: Path) -> None:
    journal.number_above(0)
    journal.append([hook_row(1)])
    journal.number_above(40)
    journal.number_above(30)
    journal.append([hook_row(2)])
    assert ids(file) == [1, 41]


def test_a_locked_file_is_said_in_words_and_used_again_afterwards(journal: LocalJournal, file: Path) -> None:
    journal.append([hook_row(1)])
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"locked by another process .*journal\.db"):
            journal.append([hook_row(2)])
        other.execute("ROLLBACK")
    journal.append([hook_row(2)])
    assert ids(file) == [1, 2]


def test_a_file_that_is_no_journal_is_said_in_words(journal: LocalJournal, file: Path) -> None:
    file.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        journal.append([NEW_CALL])


def test_a_file_of_a_release_that_knew_less_gets_the_columns(journal: LocalJournal, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        known = ", ".join(name for name in NAMES if name != "content_type")
        connection.execute(f"CREATE TABLE hooks (id INTEGER PRIMARY KEY AUTOINCREMENT, {known})")
    journal.append([NEW_CALL])
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT content_type FROM hooks").fetchone() == (NEW_CALL.content_type,)


def test_threads_take_turns(journal: LocalJournal, file: Path) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            journal.append([hook_row(number)] * 3)
            journal.delete([number])

    threads = [Thread(target=write, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ids(file) == list(range(9, 8 * 20 * 3 + 1))
