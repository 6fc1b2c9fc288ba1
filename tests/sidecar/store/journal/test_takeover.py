"""What earlier releases left of SQLite's: taken over whole, once, whenever the process that does it is killed."""

from __future__ import annotations

import fcntl
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.journal import takeover
from sidecar.store.journal.hooks import NO_CONVERSATION, recent_hooks, waiting_hooks
from sidecar.store.migrations import is_left_by_earlier_release, known_schema, upgrade
from sidecar.store.schema_version import read_schema_version
from tests.sidecar.store.journal.earlier_releases import leave_spool, make_database_with_hooks_inside
from tests.sidecar.store.journal.hook_rows import NEW_CALL, delete_hooks, hook_row, keep

ODD = replace(NEW_CALL, body=bytes(range(256)), caller="übel\n", call_id=None, rejected=True)
UPGRADE = "from sidecar.store.database import Database; from sidecar.store.migrations import upgrade; print(flush=True)"
LOCAL_JOURNAL = 5  # the schema from which on hooks lie in a file of their own


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sidecar.db"


def kept(url: str) -> list[tuple[int, str | None, int | None]]:
    with closing(Database(url)) as database, database.reading() as connection:
        return [(hook.id, hook.call_id, hook.conversation_id) for hook in recent_hooks(connection, limit=10**6)][::-1]


def brought_up(url: str) -> None:
    with closing(Database(url)) as database:
        upgrade(database)
        assert not is_left_by_earlier_release(database)
        with database.reading() as connection:
            assert read_schema_version(connection).revision_number == known_schema()


def test_hooks_move_out_of_the_database_with_their_ids_and_places(file: Path) -> None:
    rows = [hook_row(1), ODD, hook_row(3), hook_row(4)]
    url = make_database_with_hooks_inside(file, rows, {1: 7, 2: NO_CONVERSATION, 3: 7})
    with closing(Database(url)) as database:
        assert is_left_by_earlier_release(database)
    brought_up(url)
    assert kept(url) == [(1, "1", 7), (2, None, NO_CONVERSATION), (3, "3", 7), (4, "4", None)]
    with closing(Database(url)) as database:
        with database.reading() as connection:
            assert recent_hooks(connection)[2].body == ODD.body
            assert [hook.id for hook in waiting_hooks(connection, 10)] == [4]
        keep(database, hook_row(5))
    assert kept(url)[-1] == (5, "5", None)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'hooks'").fetchall() == []


def test_a_previous_release_is_told_that_it_cannot_use_the_result(file: Path) -> None:
    url = make_database_with_hooks_inside(file, [hook_row(1)], {})
    brought_up(url)
    with closing(Database(url)) as database, database.reading() as connection:
        assert read_schema_version(connection).oldest_compatible_number >= LOCAL_JOURNAL


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_hooks_are_there_once_whenever_the_process_that_moves_them_is_killed(file: Path, lines: int) -> None:
    rows = [hook_row(number) for number in range(3 * takeover.PORTION)]
    url = make_database_with_hooks_inside(file, rows, {1: 7, len(rows): 8})
    code = f"{UPGRADE}; upgrade(Database({url!r}))"
    for wait in range(lines, 12, 3):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            try:
                process.wait(wait * 0.03)
            except subprocess.TimeoutExpired:
                process.kill()
    brought_up(url)
    found = kept(url)
    assert [number for number, _, _ in found] == list(range(1, len(rows) + 1))
    assert [call_id for _, call_id, _ in found] == [row.call_id for row in rows]
    assert {number: place for number, _, place in found if place} == {1: 7, len(rows): 8}


def test_what_was_moved_by_half_before_is_not_mixed_with_what_is_moved(file: Path) -> None:
    url = make_database_with_hooks_inside(file, [hook_row(1), hook_row(2)], {})
    brought_up(url)
    journal = file.with_name("journal.db").read_bytes()
    file.unlink()
    make_database_with_hooks_inside(file, [hook_row(8)], {})
    file.with_name("journal.db").write_bytes(journal)
    brought_up(url)
    assert kept(url) == [(1, "8", None)]


def test_with_a_new_journal_no_hook_gets_an_id_the_database_has_seen(sqlite_url: str, tmp_path: Path) -> None:
    with closing(Database(sqlite_url)) as database, database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO hook_places VALUES (40, 7)")
    for left in tmp_path.glob("journal.db*"):
        left.unlink()
    brought_up(sqlite_url)
    with closing(Database(sqlite_url)) as database:
        keep(database, hook_row(1))
        with database.reading() as connection:
            assert [hook.id for hook in waiting_hooks(connection, 10)] == [41]


# the spool


def test_what_a_killed_process_spooled_is_carried_over_once_and_in_its_order(sqlite_url: str, file: Path) -> None:
    with closing(Database(sqlite_url)) as database:
        keep(database, hook_row(1), hook_row(2))
        spool = leave_spool(file, hook_row(4), ODD, hook_row(2), hook_row(3))
        assert is_left_by_earlier_release(database)
    brought_up(sqlite_url)
    assert not spool.exists()
    assert [call_id for _, call_id, _ in kept(sqlite_url)] == ["1", "2", None, "3", "4"]


def test_a_spool_goes_with_the_hooks_it_was_written_beside(file: Path) -> None:
    url = make_database_with_hooks_inside(file, [hook_row(1)], {1: 7})
    leave_spool(file, hook_row(1), hook_row(2))
    brought_up(url)
    assert kept(url) == [(1, "1", 7), (2, "2", None)]


def test_a_spooled_row_that_was_not_wholly_written_is_none(sqlite_url: str, file: Path) -> None:
    spool = leave_spool(file, hook_row(1), hook_row(2))
    content = spool.read_bytes()
    spool.write_bytes(content[: content.rindex(b"}") - 20].ljust(len(content), b"\0"))
    brought_up(sqlite_url)
    assert [call_id for _, call_id, _ in kept(sqlite_url)] == ["1"]


def test_a_spooled_row_that_cannot_be_read_is_set_aside(sqlite_url: str, file: Path) -> None:
    spool = leave_spool(file, hook_row(1))
    for text in (b'{"body": 7}', b"[1]", b'{"received_at": null, "body": ""}'):
        spool.write_bytes(spool.read_bytes() + b"%08x %s\n" % (zlib.crc32(text), text))
    brought_up(sqlite_url)
    assert [call_id for _, call_id, _ in kept(sqlite_url)] == ["1"]


def test_a_spooled_row_that_is_refused_takes_no_other_along(sqlite_url: str, file: Path) -> None:
    leave_spool(file, hook_row(1), replace(hook_row(3), path=None), hook_row(2))  # type: ignore[arg-type]  # refused is what it is to be
    brought_up(sqlite_url)
    assert [call_id for _, call_id, _ in kept(sqlite_url)] == ["1", "2"]


def test_while_the_previous_release_runs_nothing_is_taken_from_it(file: Path) -> None:
    url = make_database_with_hooks_inside(file, [hook_row(1)], {})
    spool = leave_spool(file, hook_row(2))
    with spool.open("rb") as used, closing(Database(url)) as database:
        fcntl.flock(used, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="the previous release still runs on it; restart it"):
            upgrade(database)
        assert is_left_by_earlier_release(database)
    brought_up(url)
    assert [call_id for _, call_id, _ in kept(url)] == ["1", "2"]


def test_after_all_hooks_are_deleted_ids_still_grow(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        keep(database, hook_row(1), hook_row(2))
        delete_hooks(database)
    brought_up(sqlite_url)
    with closing(Database(sqlite_url)) as database:
        keep(database, hook_row(3))
    assert kept(sqlite_url) == [(3, "3", None)]
