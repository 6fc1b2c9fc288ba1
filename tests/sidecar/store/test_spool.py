"""Hooks that are on disk before the database has them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.errors import StoreError
from sidecar.hooks import spooling
from sidecar.hooks.journal import Journal
from sidecar.store.database import Database
from sidecar.store.journal.hooks import HookRow, append_hooks
from sidecar.store.spool import SIZE, Spool, carry_over, discard, open_spool
from tests.sidecar.hooks.journalling import locked, stored, until
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row

pytestmark = pytest.mark.anyio
LONG = 60.0  # a budget nobody reaches


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sidecar.db-spool"


@pytest.fixture
def spool(file: Path) -> Iterator[Spool]:
    with closing(Spool(file)) as opened:
        yield opened


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    with closing(Database(sqlite_url)) as database:
        yield database


@pytest.fixture
def other(sqlite_url: str) -> Iterator[Database]:
    with closing(Database(sqlite_url)) as database:
        yield database


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Journal]:
    journal = Journal(database, budget=LONG, pauses=(0.01,))
    await journal.start(open_spool(database))
    try:
        yield journal
    finally:
        await journal.close()


def left_behind(file: Path, *rows: HookRow) -> None:
    """A process has died."""
    with closing(Spool(file)) as spool:
        assert spool.write(rows, anew=True)


def is_wiped(file: Path) -> bool:
    return not file.read_bytes().strip(b"\0")


# the file


def test_rows_come_back_as_they_were(spool: Spool) -> None:
    odd = replace(NEW_CALL, body=bytes(range(256)), caller="\udc80\0\n", decision="übel", call_id=None)
    assert spool.write([NEW_CALL, odd], anew=True)
    assert spool.write([hook_row(3)], anew=False)
    assert spool.rows() == [NEW_CALL, odd, hook_row(3)]


def test_a_row_that_was_not_wholly_written_is_none(file: Path) -> None:
    left_behind(file, hook_row(1), hook_row(2))
    content = file.read_bytes()
    end = content.rindex(b"}")
    file.write_bytes(content[: end - 20].ljust(SIZE, b"\0"))
    with closing(Spool(file)) as spool:
        assert spool.rows() == [hook_row(1)]


def test_begun_anew_it_holds_nothing_of_before(spool: Spool, file: Path) -> None:
    assert spool.write([hook_row(number) for number in range(100)], anew=True)
    assert spool.write([hook_row(200)], anew=True)
    assert spool.rows() == [hook_row(200)]
    assert file.read_bytes().count(NEW_CALL.body) == 1


def test_what_finds_no_room_changes_nothing(spool: Spool) -> None:
    assert spool.write([hook_row(1)], anew=True)
    assert not spool.write([replace(NEW_CALL, body=b"x" * SIZE)], anew=False)
    assert spool.write([hook_row(2)], anew=False)
    assert spool.rows() == [hook_row(1), hook_row(2)]


def test_one_process_has_it_and_nobody_else_may_read_it(spool: Spool, file: Path) -> None:
    assert spool.rows() == []
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BlockingIOError):
        Spool(file)


# after a crash


def test_only_what_the_database_lacks_is_carried_over_and_in_its_order(sqlite: Database, file: Path) -> None:
    with sqlite.writing() as connection:
        append_hooks(connection, [hook_row(1), hook_row(2)])
    left_behind(file, *(hook_row(number) for number in range(1, 5)))
    opened = open_spool(sqlite)
    assert opened is not None
    with closing(opened):
        assert stored(sqlite) == ["1", "2", "3", "4"]
        assert is_wiped(file)


def test_a_row_the_database_refuses_takes_no_other_along(sqlite: Database, file: Path) -> None:
    left_behind(file, hook_row(1), replace(hook_row(3), path=None), hook_row(2))  # type: ignore[arg-type]  # refused is what it is to be
    carry_over(sqlite)
    assert stored(sqlite) == ["1", "2"]


def test_what_the_database_does_not_take_stays(sqlite_url: str, other: Database, file: Path) -> None:
    left_behind(file, hook_row(1))
    with closing(Database(f"{sqlite_url}?timeout=0.05")) as impatient:
        with locked(other), pytest.raises(StoreError):
            open_spool(impatient)
        assert not is_wiped(file)
        carry_over(impatient)
        assert stored(other) == ["1"]


def test_nobody_takes_it_from_the_process_that_has_it(sqlite: Database, spool: Spool) -> None:
    assert spool.write([hook_row(1)], anew=True)
    carry_over(sqlite)
    discard(sqlite.file or Path())
    assert stored(sqlite) == []
    assert spool.rows() == [hook_row(1)]


def test_where_there_can_be_none_hooks_wait_for_the_database(sqlite: Database, file: Path, postgres_url: str) -> None:
    file.mkdir()
    assert open_spool(sqlite) is None
    carry_over(sqlite)
    with closing(Database(postgres_url)) as postgres:
        assert open_spool(postgres) is None


# under way


async def test_nobody_waits_for_a_database_that_others_write_to(sqlite: Database, other: Database) -> None:
    async with running(sqlite) as journal:
        with locked(other):
            assert all(await asyncio.gather(*(journal.record(hook_row(number)) for number in range(1000))))
            assert stored(other) == []
            assert (journal.waiting, journal.unanswered) == (1000, 0)
        await until(lambda: not journal.waiting)
        assert await journal.record(hook_row(1000))
    assert stored(other) == [str(number) for number in range(1001)]


async def test_what_the_database_did_not_take_in_time_waits_in_the_spool(
    sqlite: Database, other: Database, file: Path
) -> None:
    journal = Journal(sqlite, budget=LONG)
    await journal.start(open_spool(sqlite))
    with locked(other):
        assert await journal.record(hook_row(1))
        assert await journal.close(limit=0.05) == 0
        assert not is_wiped(file)
    await asyncio.to_thread(journal._writer.join)
    carry_over(other)  # the writer's thread may have done it meanwhile
    assert stored(other) == ["1"]


async def test_in_quiet_times_nothing_lies_there(sqlite: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "QUIET", 0.01)
    async with running(sqlite) as journal:
        assert await journal.record(hook_row(1))
        await until(lambda: is_wiped(file))
        assert await journal.record(hook_row(2))
    assert is_wiped(file)
    assert stored(sqlite) == ["1", "2"]


async def test_hooks_wait_for_a_database_that_is_far_behind(
    sqlite: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooling, "AHEAD", 10)
    monkeypatch.setattr(spooling, "STALLED", LONG)
    async with running(sqlite) as journal:
        assert await journal.record(hook_row(0))
        await until(lambda: not journal.waiting)
        with locked(other):
            hooks = [asyncio.create_task(journal.record(hook_row(number))) for number in range(1, 31)]
            await until(lambda: journal.unanswered == 20)
        assert all(await asyncio.gather(*hooks))
    assert stored(other) == [str(number) for number in range(31)]


async def test_hooks_wait_for_the_database_where_the_spool_fails(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(sqlite) as journal:
        with monkeypatch.context() as broken:
            broken.setattr(os, "pwrite", _no_space)
            assert await journal.record(hook_row(1))
            assert await journal.record(hook_row(2))
        assert await journal.record(hook_row(3))
    assert stored(sqlite) == ["1", "2", "3"]


def _no_space(*_arguments: object) -> int:
    raise OSError(28, "No space left on device")
