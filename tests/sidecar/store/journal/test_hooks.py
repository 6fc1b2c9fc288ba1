"""Hooks in the database."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import cast

import pytest

from sidecar.store.database import Database
from sidecar.store.journal.hooks import (
    NO_CONVERSATION,
    HookRow,
    StoredHook,
    append_hooks,
    append_hooks_singly,
    find_hook,
    hooks_of,
    place_hooks,
    recent_hooks,
    waiting_hooks,
    was_appended,
)
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row

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


def append(database: Database, *rows: HookRow) -> None:
    with database.writing() as connection:
        append_hooks(connection, rows)


def newest(database: Database, limit: int = 50, before: int | None = None) -> list[StoredHook]:
    with database.reading() as connection:
        return recent_hooks(connection, limit=limit, before=before)


@pytest.mark.parametrize("rows", [(), (NEW_CALL,), (EMPTY,), (STRANGE,), (NEW_CALL, EMPTY, STRANGE)])
def test_rows_come_back_as_they_were(database: Database, rows: tuple[HookRow, ...]) -> None:
    append(database, *rows)
    stored = newest(database)[::-1]
    assert [hook.id for hook in stored] == list(range(1, len(rows) + 1))
    assert stored == [
        StoredHook(**asdict(row), id=number, conversation_id=None) for number, row in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize("together", [1, 2])
def test_what_no_database_can_store_is_replaced(database: Database, together: int) -> None:
    append(database, *[replace(NEW_CALL, caller="4\x009", callee="4\udc80")] * together)
    assert [(hook.caller, hook.callee) for hook in newest(database)] == [
        ("4\N{REPLACEMENT CHARACTER}9", "4?")
    ] * together


def test_hooks_wait_in_the_order_they_came_until_they_are_placed(database: Database) -> None:
    append(database, hook_row(1), EMPTY, hook_row(2), hook_row(3))
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


def test_the_newest_are_listed_first_and_page_by_page(database: Database) -> None:
    append(database, *map(hook_row, range(5)))
    page = newest(database, limit=2)
    assert [hook.call_id for hook in page] == ["4", "3"]
    assert [hook.call_id for hook in newest(database, limit=2, before=page[-1].id)] == ["2", "1"]


def test_one_hook_is_found_by_its_id(database: Database) -> None:
    append(database, NEW_CALL)
    with database.reading() as connection:
        found = find_hook(connection, 1)
        assert found is not None
        assert found.body == NEW_CALL.body
        assert find_hook(connection, 2) is None


def test_a_row_that_is_refused_leaves_the_others_alone(database: Database) -> None:
    broken = replace(NEW_CALL, received_at=cast("float", object()))
    with database.writing() as connection:
        refused = append_hooks_singly(connection, [hook_row(1), broken, hook_row(2)])
    assert list(refused) == [1]
    assert [hook.call_id for hook in newest(database)] == ["2", "1"]


def test_a_row_is_recognised_after_its_commit_and_not_before(database: Database) -> None:
    append(database, hook_row(1))
    with database.reading() as connection:
        assert was_appended(connection, hook_row(1))
        assert not was_appended(connection, hook_row(2))
        assert not was_appended(connection, replace(hook_row(1), body=b"another"))


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT * FROM hooks WHERE conversation_id IN (7, 8) ORDER BY id", "hooks_by_conversation"),
        (
            "SELECT * FROM hooks WHERE conversation_id IS NULL AND event IS NOT NULL ORDER BY id LIMIT 9",
            "hooks_not_placed",
        ),
    ],
)
def test_queries_use_the_partial_indexes(sqlite_url: str, query: str, index: str) -> None:
    database = Database(sqlite_url)
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    database.close()
    assert index in str(plan)
