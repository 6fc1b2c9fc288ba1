"""No database at the start, or none any more: phones are answered, hooks are on disk, and all of it is made up for."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import anyio
import pytest

from sidecar.store.database import Database
from tests.process import ServedProcess, served
from tests.swallowing_proxy import SwallowingProxy, swallowing_proxy
from tests.waiting import until
from tests.whole_service.reliability.calls import SEED
from tests.whole_service.reliability.phone import Phone
from tests.whole_service.reliability.scene import BLOCKED, CALL, Scene
from tests.whole_service.reliability.watching import (
    IN_HASTE,
    all_is_over,
    assert_each_call_once,
    ended_calls,
    journalled,
    rows_by_call,
    until_in,
)
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio
CRASHES = 6


@contextmanager
def moved(file: Path) -> Iterator[None]:
    """As if its disk were not mounted."""
    away = file.parent.with_name("away")
    file.parent.rename(away)
    yield
    away.rename(file.parent)


@contextmanager
def locked_for_good(file: Path) -> Iterator[None]:
    """As by a tool that keeps a database to itself: not even reading is possible."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


async def made_up_for(database_url: str, sim: Simulator, *names: str) -> None:
    with closing(Database(database_url)) as database:
        await until_in(database, lambda connection: set(names) <= {call for call, _ in journalled(connection)})
        await until_in(database, all_is_over)
        assert set((await database.read(journalled)).values()) == {1}
        with database.reading() as connection:
            order = connection.exec_driver_sql("SELECT call_id, event FROM hooks ORDER BY id").all()
    assert [tuple(row) for row in order if row[0] in names] == [(name, event) for name in names for event in CALL]
    assert {name: rows_by_call(sim)[name] for name in names} == {name: [("hangup", True)] for name in names}


async def test_postgresql_down_at_the_start_costs_no_answer_and_no_hook_even_if_the_process_is_killed_meanwhile(
    scene: Scene, postgres_url: str, tmp_path: Path
) -> None:
    with swallowing_proxy(postgres_url) as (proxy, behind):
        environ = scene.environ(behind)
        with served(environ, tmp_path) as process:
            assert process.stop() == 0
            proxy.refuse()
            process.begin()
            process.wait_until_it_listens()
            assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED), "the last rules hold"
            scene.call(process, "first")
            assert scene.lacking(process).startswith("database cannot be opened")
            process.kill()
            process.begin()
            process.wait_until_it_listens()
            scene.call(process, "second")
            await until(lambda: scene.metric(process, "sidecar_journal_aside") == 7)
            proxy.accept()
            process.wait_until_ready()
            await made_up_for(postgres_url, scene.sim, "first", "second")
            await until(lambda: scene.metric(process, "sidecar_journal_aside") == 0)


@pytest.mark.parametrize("taken_away", [moved, locked_for_good])
async def test_sqlite_locked_or_moved_at_the_start_costs_no_answer_and_no_hook(
    scene: Scene, sqlite_template: Path, tmp_path: Path, taken_away: Callable[[Path], AbstractContextManager[None]]
) -> None:  # fmt: skip
    (folder := tmp_path / "data").mkdir()
    for file in (sqlite_template, sqlite_template.with_name("journal.db")):
        shutil.copy(file, folder)
    database_url = f"sqlite:///{folder / 'sidecar.db'}"
    environ = scene.environ(database_url, SIDECAR_DATABASE__JOURNAL=str(tmp_path / "journal.db"))
    with served(environ, tmp_path) as process:
        assert process.stop() == 0
        with taken_away(folder / "sidecar.db"):
            process.begin()
            process.wait_until_it_listens()
            assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED), "the last rules hold"
            scene.call(process, "meanwhile")
            await until(lambda: scene.lacking(process).startswith("database"))
            await until(lambda: scene.metric(process, "sidecar_journal_aside") == 4)
        process.wait_until_ready()
        await until(lambda: scene.metric(process, "sidecar_journal_aside") == 0)
        scene.call(process, "after")
        await scene.until_told("meanwhile")
        await scene.until_told("after")


async def test_what_a_silent_postgresql_does_not_take_outlives_the_process(
    scene: Scene, postgres_url: str, tmp_path: Path
) -> None:
    with swallowing_proxy(postgres_url) as (proxy, behind), served(scene.environ(behind), tmp_path) as process:
        scene.call(process, "before")
        proxy.swallows_new_ones = True
        proxy.swallow()
        scene.call(process, "meanwhile")
        await until(lambda: scene.lacking(process) != "ok")
        await until(lambda: scene.metric(process, "sidecar_journal_aside") >= 3)
        assert process.stop() in {0, 1}  # by force, if need be
        proxy.swallows_new_ones = False
        process.start()
        await made_up_for(postgres_url, scene.sim, "before", "meanwhile")


async def test_killed_while_postgresql_comes_and_goes_no_hook_is_lost_or_doubled(
    scene: Scene, postgres_url: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    with (
        swallowing_proxy(postgres_url) as (proxy, behind),
        served(scene.environ(behind, **IN_HASTE), tmp_path) as process,
        closing(Database(postgres_url)) as database,
    ):
        phone = Phone(url=process.url, token=scene.sim.sipgate_token, chance=chance)
        await comes_and_goes(process, phone, proxy, chance)
        process.wait_until_ready()
        await until_in(database, lambda connection: set(phone.promised) <= set(journalled(connection)))
        await until_in(database, all_is_over)
        kept, ended = await database.read(journalled), await database.read(ended_calls)
        assert process.stop() in {0, 1}  # by force, if need be
    assert {hook: kept[hook] for hook in phone.promised if kept[hook] != 1} == {}, f"seed {SEED}"
    assert_each_call_once(scene.sim, phone.told, ended)


async def comes_and_goes(process: ServedProcess, phone: Phone, proxy: SwallowingProxy, chance: random.Random) -> None:
    over = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: phone.calls_until(over, at_once=4))
        for _ in range(CRASHES):
            await anyio.sleep(chance.uniform(0.05, 0.6))
            proxy.swallows_new_ones = chance.random() < 0.5
            proxy.swallow()
            await anyio.sleep(chance.uniform(0.05, 1.0))
            if chance.random() < 0.7:
                await anyio.to_thread.run_sync(process.kill)
                await anyio.to_thread.run_sync(process.begin)
                await anyio.to_thread.run_sync(process.wait_until_it_listens)
            proxy.swallows_new_ones = False
            proxy.swallow()
        await anyio.sleep(0.3)
        over.set()


def removed(file: Path) -> None:
    """Its log is left, and belongs to nobody any more."""
    file.unlink()


def replaced(file: Path) -> None:
    """By a copy of before, as somebody would who restores a backup without stopping the service."""
    before = file.with_name("before")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(before)) as copied:
        source.backup(copied)
    before.rename(file)


@pytest.mark.parametrize("taken", [removed, replaced])
@pytest.mark.parametrize("name", ["sidecar.db", "journal.db"])
async def test_a_file_that_is_removed_or_replaced_underneath_is_noticed_counted_and_made_anew(
    scene: Scene, sqlite_url: str, tmp_path: Path, name: str, taken: Callable[[Path], None]
) -> None:
    with served(scene.environ(sqlite_url), tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        taken(tmp_path / name)
        scene.call(process, "meanwhile")
        await until(lambda: scene.metric(process, "sidecar_database_losses_total") == 1)
        process.wait_until_ready()
        scene.call(process, "after")
        await scene.until_told("after")
        assert "removed or replaced" in process.log.read_text()
    with closing(Database(sqlite_url)) as database:
        kept = await database.read(journalled)
    assert {kept[call, event] for call in ("meanwhile", "after") for event in CALL} == {1}


@pytest.mark.parametrize("taken", [removed, replaced])
async def test_an_overflow_that_is_removed_or_replaced_beside_postgresql_is_made_anew(
    scene: Scene, postgres_url: str, tmp_path: Path, taken: Callable[[Path], None]
) -> None:
    journal = tmp_path / "journal.db"
    with (
        swallowing_proxy(postgres_url) as (proxy, behind),
        served(scene.environ(behind, SIDECAR_DATABASE__JOURNAL=str(journal)), tmp_path) as process,
    ):
        proxy.refuse()
        scene.call(process, "before")
        await until(lambda: scene.metric(process, "sidecar_journal_aside") == 3)
        taken(journal)
        scene.call(process, "meanwhile")
        await until(lambda: "journal_file_replaced" in process.log.read_text())
        proxy.accept()
        process.wait_until_ready()
        await scene.until_told("meanwhile")
        assert scene.metric(process, "sidecar_journal_failures_total") == 0
        await until(lambda: scene.metric(process, "sidecar_journal_aside") == 0)
