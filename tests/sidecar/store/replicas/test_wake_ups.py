"""Replicas wake each other through PostgreSQL; on SQLite there is nobody to wake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

import anyio
import pytest
from sqlalchemy import text

from sidecar.store.database import Connection, Database
from sidecar.store.replicas.snapshots import save_snapshot
from sidecar.store.replicas.wake_ups import WakeUps, Written, wake_replicas
from tests.swallowing_proxy import swallowing_proxy

pytestmark = pytest.mark.anyio
LONG = 60.0  # seconds
END_LISTENERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
)


class Ear:
    """What was heard, and a way to wait for it."""

    def __init__(self) -> None:
        self.heard: list[Written] = []
        self._news = anyio.Event()

    def hears(self, written: Written) -> Callable[[], None]:
        def hear() -> None:
            self.heard.append(written)
            self._news.set()

        return hear

    async def until(self, written: Written) -> None:
        with anyio.fail_after(20):
            while written not in self.heard:
                await self._news.wait()
                self._news = anyio.Event()
        self.heard.clear()


def tell_and_fail(connection: Connection) -> None:
    wake_replicas(connection, Written.SNAPSHOT)
    raise LookupError


@asynccontextmanager
async def listening(database: Database, *, quiet: float = LONG) -> AsyncIterator[Ear]:
    ear = Ear()
    wakes = {written: ear.hears(written) for written in (Written.WORK, Written.SNAPSHOT)}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(WakeUps(database=database, replica=1, wakes=wakes, quiet=quiet).run)
        await ear.until(Written.SNAPSHOT)  # each is called once at the beginning
        yield ear
        tasks.cancel_scope.cancel()


async def test_a_snapshot_written_elsewhere_is_heard_of_when_it_has_changed(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as here, closing(Database(postgres_url)) as there:
        async with listening(here) as ear:
            await there.write(lambda connection: save_snapshot(connection, "settings", {"a": 1}, 1.0))
            await ear.until(Written.SNAPSHOT)
            await there.write(lambda connection: save_snapshot(connection, "settings", {"a": 1}, 2.0))
            await there.write(lambda connection: wake_replicas(connection, Written.WORK))
            await ear.until(Written.WORK)
            assert ear.heard == [], "unchanged, the snapshot was nothing to tell of"


async def test_what_is_rolled_back_is_not_told(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as here, closing(Database(postgres_url)) as there:
        async with listening(here) as ear:
            with pytest.raises(LookupError):
                await there.write(tell_and_fail)
            await there.write(lambda connection: wake_replicas(connection, Written.WORK))
            await ear.until(Written.WORK)
            assert ear.heard == []


async def test_a_broken_connection_is_made_anew_and_everybody_looks(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as here, closing(Database(postgres_url)) as there:
        async with listening(here) as ear:
            await there.write(lambda connection: connection.execute(END_LISTENERS).all())
            await ear.until(Written.SNAPSHOT)
            await there.write(lambda connection: wake_replicas(connection, Written.WORK))
            await ear.until(Written.WORK)


async def test_a_connection_that_says_nothing_any_more_is_made_anew(postgres_url: str) -> None:
    with swallowing_proxy(postgres_url) as (proxy, url), closing(Database(url)) as here:
        async with listening(here, quiet=0.05) as ear:
            proxy.hides_ends = True
            proxy.swallow()
            await ear.until(Written.SNAPSHOT)  # as at the beginning
            with closing(Database(postgres_url)) as there:
                await there.write(lambda connection: wake_replicas(connection, Written.WORK))
            await ear.until(Written.WORK)


async def test_what_a_newer_release_wakes_for_is_none_of_ours(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as here, closing(Database(postgres_url)) as there:
        async with listening(here) as ear:
            await there.write(lambda connection: connection.execute(text("NOTIFY sidecar, 'of tomorrow'")))
            await there.write(lambda connection: wake_replicas(connection, Written.WORK))
            await ear.until(Written.WORK)


async def test_sqlite_has_nobody_to_wake(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        await WakeUps(database=database, replica=1, wakes={}).run()
        with database.writing() as connection:
            wake_replicas(connection, Written.WORK)
