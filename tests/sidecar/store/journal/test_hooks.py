"""Hooks in the database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import Select, event, func, select

from sidecar.store.database import Database
from sidecar.store.journal.hooks import (
    NO_CONVERSATION,
    find_hook,
    hooks_of,
    is_waiting,
    move_hooks,
    place_hooks,
    recent_hooks,
    waiting_hooks,
)
from sidecar.store.journal.rows import HookRow, StoredHook
from sidecar.store.journal.tables import hooks
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row, keep

EMPTY = replace(
    NEW_CALL,
    content_type=None,
    body=b"",
    event=None,
    call_id=None,
    direction=None,
    caller=None,
    callee=None,
    status="unreadable",
    rejected=True,
)
STRANGE = replace(NEW_CALL, body=bytes(range(256)), caller="Ünïcode ☎ 🐘 \\ \t\n'\"", callee="", call_id="x" * 100_000)


def newest(database: Database, limit: int = 50, before: int | None = None) -> list[StoredHook]:
    with database.reading() as connection:
        return recent_hooks(connection, limit=limit, before=before)


@pytest.mark.parametrize("rows", [(), (NEW_CALL,), (EMPTY,), (STRANGE,), (NEW_CALL, EMPTY, STRANGE)])
def test_rows_come_back_as_they_were(database: Database, rows: tuple[HookRow, ...]) -> None:
    keep(database, *rows)
    stored = newest(database)[::-1]
    assert [hook.id for hook in stored] == list(range(1, len(rows) + 1))
    assert stored == [
        StoredHook(**asdict(row), id=number, conversation_id=None) for number, row in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize("together", [1, 2])
def test_what_no_database_can_store_is_replaced(database: Database, together: int) -> None:
    keep(database, *[replace(NEW_CALL, caller="4\x009", callee="4\udc80")] * together)
    assert [(hook.caller, hook.callee) for hook in newest(database)] == [
        ("4\N{REPLACEMENT CHARACTER}9", "4?")
    ] * together


def test_hooks_wait_in_the_order_they_came_until_they_are_placed(database: Database) -> None:
    keep(database, hook_row(1), EMPTY, hook_row(2), hook_row(3))
    with database.writing() as connection:
        first, second, third = waiting_hooks(connection, 10)
        assert [hook.call_id for hook in (first, second, third)] == ["1", "2", "3"]
        assert waiting_hooks(connection, 1) == [first]
        place_hooks(connection, {first.id: 7, third.id: 7, second.id: NO_CONVERSATION})
        place_hooks(connection, {})
        assert waiting_hooks(connection, 10) == []
        assert hooks_of(connection, [7, 8]) == {
            7: [replace(first, conversation_id=7), replace(third, conversation_id=7)],
            8: [],
        }


def test_hooks_move_from_conversations_that_prove_to_be_one(database: Database) -> None:
    keep(database, *map(hook_row, range(4)))
    with database.writing() as connection:
        place_hooks(connection, {1: 7, 2: 8, 3: 9, 4: 10})
        move_hooks(connection, to=7, out_of=[8, 9])
        found = hooks_of(connection, [7, 8, 9, 10])
    assert {number: [hook.id for hook in placed] for number, placed in found.items()} == {
        7: [1, 2, 3], 8: [], 9: [], 10: [4],
    }  # fmt: skip


def test_the_newest_are_listed_first_and_page_by_page(database: Database) -> None:
    keep(database, *map(hook_row, range(5)))
    page = newest(database, limit=2)
    assert [hook.call_id for hook in page] == ["4", "3"]
    assert [hook.call_id for hook in newest(database, limit=2, before=page[-1].id)] == ["2", "1"]


def test_one_hook_is_found_by_its_id(database: Database) -> None:
    keep(database, NEW_CALL)
    with database.reading() as connection:
        found = find_hook(connection, 1)
        assert found is not None
        assert found.body == NEW_CALL.body
        assert find_hook(connection, 2) is None


@pytest.mark.parametrize(
    ("query", "step"),
    [
        (select(hooks).where(hooks.c.id == 7), "SEARCH main.hook_places USING INTEGER PRIMARY KEY"),
        (select(hooks).order_by(hooks.c.id.desc()).limit(50), "SEARCH main.hook_places USING INTEGER PRIMARY KEY"),
        (select(func.max(hooks.c.id)), "SEARCH journal.hooks"),
    ],
)
def test_the_view_of_sqlite_is_read_by_ids(sqlite_url: str, query: Select[Any], step: str) -> None:
    steps = plan(sqlite_url, query)
    assert step in steps
    assert "TEMP B-TREE" not in steps


def test_on_sqlite_waiting_hooks_are_found_behind_the_last_one_that_has_a_place(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        query = select(hooks.c.id).where(is_waiting(connection)).order_by(hooks.c.id)
    assert "SEARCH journal.hooks USING INTEGER PRIMARY KEY (rowid>?)" in plan(sqlite_url, query)


def test_on_sqlite_hooks_of_a_conversation_are_found_by_their_places(sqlite_url: str) -> None:
    statements: list[str] = []
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: statements.append(said[2]))
        hooks_of(connection, [7, 8])
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[-1]}", ("[7, 8]",)).all()
    assert "hook_places_by_conversation" in str(steps)
    assert "SCAN journal.hooks" not in str(steps)


def plan(url: str, query: Select[Any]) -> str:
    with closing(Database(url)) as database, database.reading() as connection:
        literal = query.compile(connection, compile_kwargs={"literal_binds": True})
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {literal}").all())
