"""Hooks on their way to disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
from sqlalchemy import Connection, text

from sidecar.errors import StoreError
from sidecar.hooks.journal import Journal
from sidecar.store.database import LONGEST, Database
from sidecar.store.journal.keeping import hook_store
from tests.sidecar.hooks.journalling import locked, stored
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row
from tests.waiting import until

pytestmark = pytest.mark.anyio
LONG = 60.0  # a budget nobody reaches


@pytest.fixture
def impatient(database_url: str) -> Iterator[Database]:
    """A database that does not wait long for a lock."""
    short = "timeout=0.05" if database_url.startswith("sqlite") else "options=-c%20lock_timeout%3D100"
    with closing(Database(f"{database_url}{'&' if '?' in database_url else '?'}{short}")) as database:
        yield database


@asynccontextmanager
async def running(database: Database, **options: Any) -> AsyncIterator[Journal]:
    with closing(hook_store(database)) as store:
        journal = Journal(store, **options)
        await journal.start()
        try:
            yield journal
        finally:
            await journal.close()


async def test_a_recorded_hook_is_in_the_database(database: Database) -> None:
    async with running(database, budget=LONG) as journal:
        assert await journal.record(hook_row(1))
        assert stored(database) == ["1"]
        assert journal.waiting == 0


async def test_hooks_that_come_together_share_a_commit_and_keep_their_order(database: Database) -> None:
    commits: list[int] = []
    async with running(database, budget=LONG, on_commit=lambda: commits.append(1)) as journal:
        assert all(await asyncio.gather(*(journal.record(hook_row(number)) for number in range(1000))))
        assert stored(database) == [str(number) for number in range(1000)]
        assert 0 < len(commits) < 10


async def test_a_locked_database_is_waited_for_no_longer_than_the_budget(
    impatient: Database, other_database: Database
) -> None:
    async with running(impatient, budget=0.02, pauses=(0.01,)) as journal:
        with locked(other_database):
            for number in range(5):
                assert not await journal.record(hook_row(number))
            await until(lambda: journal.problem)
            assert (journal.waiting, journal.over_budget) == (5, 5)
            assert [row.call_id for row in journal.unwritten] == ["0", "1", "2", "3", "4"]
        await until(lambda: journal.waiting == 0)
        assert not journal.problem
        assert journal.unwritten == []
        assert stored(other_database) == ["0", "1", "2", "3", "4"]


async def test_on_sqlite_nobody_waits_for_a_database_that_others_write_to(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        async with running(database, budget=LONG) as journal:
            with database.writing():
                assert all(await asyncio.gather(*(journal.record(hook_row(number)) for number in range(1000))))
                assert stored(database) == [str(number) for number in range(1000)]


async def test_the_newest_are_dropped_when_memory_is_full(database: Database, other_database: Database) -> None:
    async with running(database, budget=0.02, capacity=3, pauses=(0.01,)) as journal:
        with locked(other_database):
            answers = await asyncio.gather(*(journal.record(hook_row(number)) for number in range(5)))
            assert answers == [False] * 5
            assert (journal.dropped, journal.over_budget, journal.waiting) == (2, 3, 3)
        await until(lambda: journal.waiting == 0)
        await journal.record(hook_row(9))  # there is room again
    assert stored(database) == ["0", "1", "2", "9"]


async def test_memory_is_full_by_bytes_as_well(database: Database, other_database: Database) -> None:
    large = replace(NEW_CALL, body=b"x" * 60_000)
    async with running(database, budget=0.02, room=500_000, pauses=(0.01,)) as journal:
        with locked(other_database):
            answers = await asyncio.gather(*(journal.record(large) for _ in range(100)))
            assert answers == [False] * 100
            assert journal.waiting == 4
        await until(lambda: journal.waiting == 0)
        dropped = journal.dropped
        await journal.record(large)
        assert journal.dropped == dropped, "there is room again"


async def test_a_cancelled_hook_takes_no_other_along(database: Database, other_database: Database) -> None:
    async with running(database, budget=LONG) as journal:
        with locked(other_database):
            tasks = [asyncio.create_task(journal.record(hook_row(number))) for number in range(3)]
            await until(lambda: journal.waiting == 3)
            tasks[1].cancel()
        assert await tasks[0]
        assert await tasks[2]
        assert tasks[1].cancelled()
    assert stored(database) == ["0", "1", "2"]


async def test_a_row_the_database_refuses_is_left_out_alone(database: Database) -> None:
    broken = replace(NEW_CALL, received_at=cast("float", object()))
    async with running(database, budget=LONG) as journal:
        rows = [hook_row(1), broken, hook_row(2)]
        assert await asyncio.gather(*map(journal.record, rows)) == [True, False, True]
        assert (journal.refused, journal.waiting) == (1, 0)
        assert await journal.record(hook_row(3))
    assert stored(database) == ["1", "2", "3"]


async def test_closing_writes_what_is_queued(database: Database) -> None:
    journal = Journal(hook_store(database), budget=LONG)
    await journal.start()
    tasks = [asyncio.create_task(journal.record(hook_row(number))) for number in range(3)]
    await asyncio.sleep(0)  # they have begun
    assert await journal.close() == 0
    assert await asyncio.gather(*tasks) == [True] * 3
    assert not await journal.record(hook_row(4))
    assert (stored(database), journal.dropped) == (["0", "1", "2"], 1)


async def test_closing_says_what_is_lost(impatient: Database, other_database: Database) -> None:
    journal = Journal(hook_store(impatient), budget=0.02)
    await journal.start()
    with locked(other_database):
        assert not await journal.record(hook_row(1))
        assert await journal.close(limit=0.05) == 1
    await asyncio.to_thread(journal._writer.join)


async def test_a_cut_connection_loses_and_doubles_nothing(postgres_url: str) -> None:
    """Only writers are cut: SQLAlchemy leaves a connection open that breaks while it is prepared."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    cut = text(f"{others} AND query ~ '^(COPY|INSERT|COMMIT)' AND pid <> pg_backend_pid()")
    with closing(Database(postgres_url)) as database, closing(Database(postgres_url)) as surgeon:
        async with running(database, budget=LONG, pauses=(0.01,)) as journal:
            for number in range(0, 60, 20):
                hooks = asyncio.gather(*(journal.record(hook_row(number + more)) for more in range(20)))
                with surgeon.writing() as connection:
                    connection.execute(cut)
                assert all(await hooks)
        assert stored(database) == [str(number) for number in range(60)]


class Forgetful(Database):
    """Commits, and loses the answer to the first commit."""

    lost = False

    @contextmanager
    def writing(self, *, within: float = LONGEST) -> Iterator[Connection]:
        with super().writing(within=within) as connection:
            yield connection
        if not self.lost:
            self.lost = True
            raise StoreError("server closed the connection unexpectedly")


async def test_rows_are_written_once_where_the_answer_to_the_commit_was_lost(postgres_url: str) -> None:
    with closing(Forgetful(postgres_url)) as database:
        async with running(database, budget=LONG, pauses=(0.01,)) as journal:
            assert all(await asyncio.gather(*(journal.record(hook_row(number)) for number in range(3))))
            assert await journal.record(hook_row(3))
        assert stored(database) == ["0", "1", "2", "3"]
