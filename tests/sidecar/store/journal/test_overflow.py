"""Hooks that the database does not take at once: in a file until it does, each of them once and in their order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.journal.keeping import hook_store
from sidecar.store.journal.overflow import Overflow
from sidecar.store.journal.overflow_file import OverflowFile
from sidecar.store.journal.rows import Doubt
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row
from tests.waiting import until

pytestmark = pytest.mark.anyio
ATTEMPT = (
    "INSERT INTO hooks (received_at, path, body, source, signature, status, decision, rejected, answer)"
    " VALUES (%s, 'in', %s, '', '', 'ok', '', false, '')"
)


@contextmanager
def running(database: Database, file: Path, *, there: bool = True) -> Iterator[Overflow]:
    overflow = Overflow(hook_store(database, patience=0.1), OverflowFile(file), pause=0.02)
    overflow.start(lambda: None)
    if there:
        overflow.database_is_there()
    try:
        yield overflow
    finally:
        overflow.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "aside.db"


@contextmanager
def locked(database: Database) -> Iterator[None]:
    if database.files:
        with closing(sqlite3.connect(database.files.journal, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")
        return
    with database.writing() as connection:
        connection.execute(text("LOCK TABLE hooks IN ACCESS EXCLUSIVE MODE"))
        yield


def call_ids(database: Database) -> list[str | None]:
    with database.reading() as connection:
        return [hook.call_id for hook in recent_hooks(connection, limit=20_000)][::-1]


def waiting_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM hooks").fetchone()[0])


async def until_direct(overflow: Overflow) -> None:
    await until(lambda: overflow._direct)


async def test_what_a_locked_database_does_not_take_is_on_disk_and_moved_in_its_order(
    database: Database, other_database: Database, file: Path
) -> None:
    with running(database, file) as overflow:
        await until_direct(overflow)
        overflow.keep([hook_row(1)])
        with locked(other_database):
            overflow.keep([hook_row(2), hook_row(3)])
            overflow.keep([hook_row(4)])
            assert waiting_in(file) == overflow.waiting == 3
            assert overflow.oldest_waiting == hook_row(2).received_at
            assert [row.call_id for row in overflow.unwritten] == ["2", "3", "4"]
        await until(lambda: not overflow.waiting)
        await until_direct(overflow)
        overflow.keep([hook_row(5)])
        assert waiting_in(file) == 0
    assert call_ids(other_database) == ["1", "2", "3", "4", "5"]


async def test_without_a_database_all_of_it_goes_to_the_file_and_the_next_process_moves_it(
    database: Database, file: Path
) -> None:
    with running(database, file, there=False) as overflow:
        for number in range(1200):
            overflow.keep([hook_row(number)])
        assert waiting_in(file) == 1200
    assert call_ids(database) == []
    with running(database, file) as overflow:
        await until_direct(overflow)
        assert not overflow.waiting
    assert call_ids(database) == [str(number) for number in range(1200)]


async def test_hooks_in_doubt_are_moved_unless_they_are_there(database: Database, file: Path) -> None:
    """As after a crash between the two files, at any moment."""
    with closing(hook_store(database)) as store:
        store.keep([hook_row(1)])
        doubt = store.doubt()
        store.keep([hook_row(2)])
    with closing(OverflowFile(file)) as aside:
        aside.append([hook_row(2)], doubt)
        aside.append([hook_row(3)], doubt)
        aside.append([hook_row(4)], None)
    with running(database, file) as overflow:
        await until_direct(overflow)
    assert call_ids(database) == ["1", "2", "3", "4"]


async def test_a_commit_that_was_given_up_and_comes_later_comes_not_twice(postgres_url: str, file: Path) -> None:
    """The server is slow with it, not dead: who looks too early would find nothing, and write it once more."""
    with closing(Database(postgres_url)) as database:
        with given_up(postgres_url) as process, closing(OverflowFile(file)) as aside:
            aside.append([NEW_CALL], Doubt(process=process, above=0))
            with running(database, file) as overflow:
                await until_direct(overflow)
        assert call_ids(database) == ["1"]


@contextmanager
def given_up(postgres_url: str) -> Iterator[int]:
    """An attempt that a server's process commits when the block is left, if it can."""
    with closing(psycopg.connect(postgres_url.replace("+psycopg", ""))) as connection:
        connection.execute(ATTEMPT, (NEW_CALL.received_at, NEW_CALL.body))
        yield connection.info.backend_pid
        with suppress(psycopg.OperationalError):
            connection.commit()


async def test_a_sequence_that_was_set_back_costs_no_hook(postgres_url: str, file: Path) -> None:
    """As after a restore of some tables alone: PostgreSQL gives out ids that are in use."""
    with closing(Database(postgres_url)) as database:
        with closing(hook_store(database)) as store:
            store.keep([hook_row(number) for number in range(5)])
        with database.writing() as connection:
            connection.execute(text("SELECT setval(pg_get_serial_sequence('hooks', 'id'), 2)"))
        with running(database, file) as overflow:
            await until_direct(overflow)
            overflow.keep([hook_row(5)])
            await until(lambda: not overflow.waiting)
            await until_direct(overflow)
            overflow.keep([hook_row(6)])
        assert call_ids(database) == [str(number) for number in range(7)]


async def test_without_a_file_the_database_has_the_time_it_needs(
    database: Database, other_database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "aside.db"
    with running(database, file, there=False) as overflow, pytest.raises(StoreError):
        overflow.keep([hook_row(1)])
    with running(database, file) as overflow:
        await until(lambda: overflow.file_problem or overflow._direct)
        await until_direct(overflow)
        overflow.keep([hook_row(1)])
    assert call_ids(other_database) == ["1"]
