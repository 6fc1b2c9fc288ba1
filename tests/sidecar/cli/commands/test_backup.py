"""Backup while the service works, and the way back, both compared with what they should be."""

from __future__ import annotations

import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from sidecar.calls.reasons import as_written
from sidecar.cli import run
from sidecar.errors import StoreError
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import place_hooks, recent_hooks
from sidecar.store.missed.tables import missed_parts
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.store.replicas.leases import take_lease
from sidecar.store.sqlite_file import copy, row_counts
from tests.sidecar.store.calls.saved_calls import add_calls, add_person, missed, talked
from tests.sidecar.store.journal.earlier_releases import leave_spool, make_database_with_hooks_inside
from tests.sidecar.store.journal.hook_rows import delete_hooks, hook_row, keep


@pytest.fixture
def used(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with a few rows, configured."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", "https://zammad.example.com")
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", "secret")
    monkeypatch.setenv("SIDECAR_DATABASE__URL", sqlite_url)
    write(sqlite_url, 10)
    return tmp_path / "sidecar.db"


def write(url: str, count: int) -> None:
    with closing(Database(url)) as database:
        keep(database, *(hook_row(number) for number in range(count)))


def contents(used: Path) -> list[str]:
    """Of the database and its local journal."""
    lines: list[str] = []
    for path in (used, used.with_name("journal.db")):
        with closing(sqlite3.connect(path)) as connection:
            lines += [line for line in connection.iterdump() if "sqlite_sequence" not in line]
    return lines


def hooks_in(file: Path, condition: str = "true") -> int:
    with closing(sqlite3.connect(file)) as connection:
        count: int = connection.execute(f"SELECT count(*) FROM hooks WHERE {condition}").fetchone()[0]  # noqa: S608 - our own words
        return count


def test_a_backup_holds_what_the_database_holds_and_is_nobody_elses(used: Path, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{used}")) as database, database.writing() as connection:
        place_hooks(connection, {1: 7, 2: 7})
    assert run(["backup", "copy.db"]) == 0
    backup = tmp_path / "copy.db"
    assert row_counts(backup) == {**row_counts(used), "hooks": 10}
    assert (hooks_in(backup, "conversation_id = 7"), hooks_in(backup, "conversation_id IS NULL")) == (2, 8)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("copy.db-*")), "one file is all there is to keep"


def test_a_backup_of_a_database_that_is_written_to_is_one_moment_of_it(used: Path, sqlite_url: str) -> None:
    over, journal = Event(), used.with_name("journal.db")

    def write_on() -> None:
        while not over.is_set():
            write(sqlite_url, 2)

    writer = Thread(target=write_on)
    writer.start()
    try:
        counts = [copy(used, journal, used.with_name(f"copy-{number}.db"))["hooks"] for number in range(5)]
    finally:
        over.set()
        writer.join()
    assert all(count % 2 == 0 for count in counts), "whole transactions alone"
    assert counts == sorted(counts)


def test_a_backup_replaces_nothing(used: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert used.exists()
    (tmp_path / "copy.db").write_text("precious")
    assert run(["backup", "copy.db"]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_backup_into_a_folder_that_is_not_there_says_so(used: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert used.exists()
    assert run(["backup", "nowhere/copy.db"]) == 1
    assert capsys.readouterr().err == (
        "nowhere/copy.db: no such file or directory; correct the path or its permissions\n"
    )


def test_a_backup_that_failed_leaves_nothing_in_the_way_of_the_next(used: Path) -> None:
    sound = used.read_bytes()
    used.write_text("no database at all\n" * 500)
    assert run(["backup", "copy.db"]) == 1
    assert not list(used.parent.glob("copy.db*"))
    used.write_bytes(sound)
    assert run(["backup", "copy.db"]) == 0


def test_restored_is_what_was_backed_up(used: Path, sqlite_url: str) -> None:
    before = contents(used)
    assert run(["backup", "copy.db"]) == 0
    write(sqlite_url, 5)
    assert contents(used) != before
    assert run(["restore", "copy.db", "--yes"]) == 0
    assert contents(used) == before


def test_restored_into_nothing_is_what_was_backed_up(used: Path) -> None:
    before = contents(used)
    assert run(["backup", "copy.db"]) == 0
    for file in (*used.parent.glob("sidecar.db*"), *used.parent.glob("journal.db*")):
        file.unlink()
    assert run(["restore", "copy.db"]) == 0
    assert contents(used) == before


def test_a_backup_made_by_an_earlier_release_is_restored_too(used: Path, tmp_path: Path) -> None:
    make_database_with_hooks_inside(tmp_path / "earlier.db", [hook_row(1), hook_row(2)], {1: 7})
    assert run(["restore", "earlier.db", "--yes"]) == 0
    with closing(Database(f"sqlite:///{used}")) as database, database.reading() as connection:
        assert [(hook.call_id, hook.conversation_id) for hook in recent_hooks(connection)] == [("2", None), ("1", 7)]


def test_a_backup_before_the_first_start_of_this_release_leaves_the_database_to_the_one_that_runs(
    used: Path, tmp_path: Path
) -> None:
    for file in (*tmp_path.glob("sidecar.db*"), *tmp_path.glob("journal.db*")):
        file.unlink()
    make_database_with_hooks_inside(used, [hook_row(1), hook_row(2)], {1: 7})
    assert run(["backup", "copy.db"]) == 0
    assert row_counts(tmp_path / "copy.db") == row_counts(used)
    assert not (tmp_path / "journal.db").exists()


def test_what_lay_beside_a_database_does_not_come_into_the_one_that_replaced_it(used: Path) -> None:
    assert run(["backup", "copy.db"]) == 0
    leave_spool(used, hook_row(10))
    assert run(["restore", "copy.db", "--yes"]) == 0
    assert hooks_in(used.with_name("journal.db")) == 10


def test_a_database_in_use_is_not_replaced(used: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(used)
    assert run(["backup", "copy.db"]) == 0
    assert run(["restore", "copy.db"]) == 1
    assert "there is something in this database" in capsys.readouterr().err
    with closing(Database(sqlite_url)) as database, database.writing() as connection:
        take_lease(connection, "settings", "another process", time.time(), 60)
    assert run(["restore", "copy.db"]) == 1
    assert "is in use" in capsys.readouterr().err
    assert len(contents(used)) == len(before) + 1


def _keep_a_call(connection: Connection) -> None:
    add_calls(connection, talked())


def _keep_a_missed_call(connection: Connection) -> None:
    (call,) = add_calls(connection, missed())
    connection.execute(missed_parts.delete())
    connection.execute(conversations.delete().where(conversations.c.id == call))


def _keep_a_deed(connection: Connection) -> None:
    note_deed(connection, Deed(at=0.0, user_id=1, name="Jane Doe", what="agent_assigned", subject=as_written("w0")))


@pytest.mark.parametrize("bring", [_keep_a_call, _keep_a_missed_call, _keep_a_deed])
def test_without_hooks_a_database_is_not_empty_yet(
    used: Path, sqlite_url: str, bring: Callable[[Connection], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["backup", "copy.db"]) == 0
    with closing(Database(sqlite_url)) as database:
        delete_hooks(database)
        with database.writing() as connection:
            bring(connection)
    before = contents(used)
    assert run(["restore", "copy.db"]) == 1
    assert "there is something in this database" in capsys.readouterr().err
    assert contents(used) == before


@pytest.mark.usefixtures("used")
def test_what_zammad_gives_again_is_replaced_without_asking(sqlite_url: str) -> None:
    assert run(["backup", "copy.db"]) == 0
    with closing(Database(sqlite_url)) as database:
        delete_hooks(database)
        with database.writing() as connection:
            add_person(connection, 7, "Otto")
    assert run(["restore", "copy.db"]) == 0


@pytest.mark.usefixtures("used")
def test_readers_of_a_running_service_see_what_was_restored(sqlite_url: str) -> None:
    assert run(["backup", "copy.db"]) == 0
    with closing(Database(sqlite_url)) as database:
        keep(database, hook_row(99))
        assert run(["restore", "copy.db", "--yes"]) == 0
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM hooks").scalar_one() == 10


@pytest.mark.parametrize("damage", ["nothing", "text", "torn", "foreign"])
def test_what_is_no_sound_backup_is_refused(used: Path, damage: str, tmp_path: Path) -> None:
    before, file = contents(used), tmp_path / "damaged.db"
    copy(used, used.with_name("journal.db"), file)
    match damage:
        case "nothing":
            file.write_bytes(b"")
        case "text":
            file.write_text("no database at all\n" * 500)
        case "torn":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        case _:
            file.unlink()
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("CREATE TABLE customers (id)")
    with pytest.raises(StoreError):
        row_counts(file)
    assert run(["restore", str(file), "--yes"]) == 1
    assert contents(used) == before


def test_postgresql_has_tools_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIDECAR_ZAMMAD__URL", "https://zammad.example.com")
    monkeypatch.setenv("SIDECAR_ZAMMAD__TOKEN", "secret")
    monkeypatch.setenv("SIDECAR_DATABASE__URL", "postgresql+psycopg://sidecar@db.example.com/sidecar")
    assert run(["backup", "copy.dump"]) == 1
    assert "pg_dump --format=custom --file=copy.dump" in capsys.readouterr().err
    (tmp_path / "copy.dump").touch()
    assert run(["restore", "copy.dump"]) == 1
    assert "pg_restore" in capsys.readouterr().err
