"""Files that are damaged, whole processes: phones are answered, what can be read goes on, and nothing is deleted."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sidecar.store.database import Database
from tests.process import command, served
from tests.swallowing_proxy import swallowing_proxy
from tests.waiting import until
from tests.whole_service.reliability.scene import BLOCKED, CALL, Scene
from tests.whole_service.reliability.watching import journalled

pytestmark = pytest.mark.anyio
PAGE, LOG_HEADER = 4096, 32
GARBAGE = b"neither a database nor a joke" * 5000


def without_log(file: Path) -> Path:
    """All of it is in one file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def overwrite(file: Path, place: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        opened.write(content)


def page_with(file: Path, text: bytes) -> int:
    return file.read_bytes().index(text) // PAGE * PAGE


def kept_beside(file: Path) -> list[Path]:
    return [each for each in file.parent.glob(f"{file.name}.damaged-*") if each.suffix != ".db-wal"]


async def test_a_journal_of_garbage_is_set_aside_at_the_start_and_hooks_go_to_a_new_one(
    scene: Scene, sqlite_url: str, tmp_path: Path
) -> None:
    environ = scene.environ(sqlite_url)
    with served(environ, tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        assert process.stop() == 0
        journal = without_log(tmp_path / "journal.db")
        journal.write_bytes(GARBAGE)
        process.start()
        assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED)
        scene.call(process, "after")
        await scene.until_told("after")
        assert scene.metric(process, "sidecar_damaged_files") == 1
        assert "journal_file_damaged" in process.log.read_text()
        told = command(environ, tmp_path, "check")
        assert "journal.db.damaged-" in told.stdout
    (kept,) = kept_beside(journal)
    assert kept.read_bytes() == GARBAGE


async def test_a_journal_torn_while_it_is_used_is_replaced_with_what_can_be_read(
    scene: Scene, sqlite_url: str, tmp_path: Path
) -> None:
    with served(scene.environ(sqlite_url), tmp_path) as process:
        for number in range(12):
            scene.call(process, f"before-{number}")
        await scene.until_told("before-11")
        journal = without_log(tmp_path / "journal.db")
        overwrite(journal, page_with(journal, b"callId=before-11"), os.urandom(PAGE))
        scene.call(process, "meanwhile")
        await until(lambda: scene.metric(process, "sidecar_damaged_files") == 1)
        process.wait_until_ready()
        scene.call(process, "after")
        await scene.until_told("meanwhile")
        await scene.until_told("after")
        await until(lambda: scene.metric(process, "sidecar_journal_aside") == 0)
    with closing(Database(sqlite_url)) as database:
        kept = await database.read(journalled)
    assert {kept[name, event] for name in ("before-0", "meanwhile", "after") for event in CALL} == {1}


@pytest.mark.parametrize("damage", ["garbage", "cut off"])
async def test_with_a_damaged_database_phones_are_answered_and_a_copy_put_in_its_place_makes_it_whole(
    scene: Scene, sqlite_url: str, tmp_path: Path, damage: str
) -> None:
    with served(scene.environ(sqlite_url), tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        assert process.stop() == 0
        sound = without_log(file := tmp_path / "sidecar.db").read_bytes()
        file.write_bytes(broken := GARBAGE if damage == "garbage" else sound[: PAGE * 3 + 100])
        process.begin()
        process.wait_until_it_listens()
        assert "Reject" in scene.hook(process, "newCall", "blocked", BLOCKED), "the last rules hold"
        scene.call(process, "meanwhile")
        await until(lambda: "damaged" in scene.lacking(process))
        await until(lambda: scene.metric(process, "sidecar_journal_aside") == 4)
        assert file.read_bytes() == broken
        (fresh := tmp_path / "fresh").write_bytes(sound)
        fresh.rename(file)
        process.wait_until_ready()
        await scene.until_told("meanwhile")


async def test_a_page_torn_in_the_database_is_said_and_hooks_are_kept(
    scene: Scene, sqlite_url: str, tmp_path: Path
) -> None:
    with served(scene.environ(sqlite_url), tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        assert process.stop() == 0
        database = without_log(tmp_path / "sidecar.db")
        with closing(sqlite3.connect(database)) as connection:
            query = "SELECT rootpage FROM sqlite_master WHERE name = 'conversations'"
            page = connection.execute(query).fetchone()[0]
        overwrite(database, (page - 1) * PAGE, os.urandom(PAGE))
        process.begin()
        process.wait_until_it_listens()
        scene.call(process, "after")
        await until(lambda: "damaged" in scene.lacking(process))
    with closing(sqlite3.connect(tmp_path / "journal.db")) as connection:
        calls = [call for (call,) in connection.execute("SELECT call_id FROM hooks")]
    assert calls.count("after") == len(CALL)


async def test_a_damaged_overflow_beside_postgresql_is_set_aside_and_hooks_go_to_a_new_one(
    scene: Scene, postgres_url: str, tmp_path: Path
) -> None:
    (journal := tmp_path / "journal.db").write_bytes(GARBAGE)
    with (
        swallowing_proxy(postgres_url) as (proxy, behind),
        served(scene.environ(behind, SIDECAR_DATABASE__JOURNAL=str(journal)), tmp_path) as process,
    ):
        await until(lambda: scene.metric(process, "sidecar_damaged_files") == 1)
        proxy.refuse()
        scene.call(process, "meanwhile")
        await until(lambda: scene.metric(process, "sidecar_journal_aside") == 3)
        overwrite(journal, 0, GARBAGE[:100])
        scene.call(process, "later")
        proxy.accept()
        process.wait_until_ready()
        await scene.until_told("later")
    assert kept_beside(journal)[0].read_bytes() == GARBAGE


@pytest.mark.parametrize("name", ["sidecar.db", "journal.db"])
async def test_a_torn_log_is_said_by_check_and_at_the_start_and_a_copy_is_kept(
    scene: Scene, sqlite_url: str, tmp_path: Path, name: str
) -> None:
    environ = scene.environ(sqlite_url)
    with served(environ, tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        process.kill()
        overwrite(tmp_path / f"{name}-wal", LOG_HEADER + 100, os.urandom(PAGE))
        torn = {each: (tmp_path / each).read_bytes() for each in (f"{name}{suffix}" for suffix in ("", "-wal", "-shm"))}
        assert f"{name}-wal is damaged" in command(environ, tmp_path, "check").stdout
        for each, content in torn.items():  # looking at it has taken what could be read of it into the database
            (tmp_path / each).write_bytes(content)
        process.start()
        assert "log_of_database_torn" in process.log.read_text()
        assert scene.metric(process, "sidecar_damaged_files") == 1
        scene.call(process, "after")
        await scene.until_told("after")
        assert f"{name}.damaged-" in command(environ, tmp_path, "check").stdout
    (kept,) = kept_beside(tmp_path / name)
    assert kept.read_bytes() == torn[f"{name}-wal"]


async def test_a_journal_cut_to_nothing_is_said_by_check_and_at_the_start(
    scene: Scene, sqlite_url: str, tmp_path: Path
) -> None:
    environ = scene.environ(sqlite_url)
    with served(environ, tmp_path) as process:
        scene.call(process, "before")
        await scene.until_told("before")
        assert process.stop() == 0
        (tmp_path / "journal.db").write_bytes(b"")
        assert "journal.db is empty" in command(environ, tmp_path, "check").stdout
        process.start()
        assert "journal_file_damaged" in (said := process.log.read_text())
        assert "hooks_missing_in_journal" in said
        assert scene.metric(process, "sidecar_damaged_files") == 1
        scene.call(process, "after")
        await scene.until_told("after")
        assert "journal.db.damaged-" in command(environ, tmp_path, "check").stdout
