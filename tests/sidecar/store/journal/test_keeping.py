"""Hooks kept and deleted, in a file or in a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from typing import cast

import pytest

from sidecar.store.database import Database
from sidecar.store.journal.hooks import NO_CONVERSATION, hooks_of, place_hooks, recent_hooks, waiting_hooks
from sidecar.store.journal.keeping import HookStore, delete_hooks_of, hook_store
from tests.sidecar.store.journal.hook_rows import NEW_CALL, hook_row, keep


@pytest.fixture
def store(database: Database) -> Iterator[HookStore]:
    with closing(hook_store(database)) as store:
        yield store


def call_ids(database: Database) -> list[str | None]:
    with database.reading() as connection:
        return [hook.call_id for hook in recent_hooks(connection, limit=2000)][::-1]


@pytest.mark.parametrize("count", [1, 2, 3, 64, 100, 512, 513, 1500])
def test_any_number_of_rows_is_kept_in_its_order(database: Database, store: HookStore, count: int) -> None:
    assert store.keep([hook_row(number) for number in range(count)]) == {}
    assert call_ids(database) == [str(number) for number in range(count)]


def test_a_row_that_is_refused_leaves_the_others_alone(database: Database, store: HookStore) -> None:
    broken = replace(NEW_CALL, received_at=cast("float", object()))
    assert list(store.keep([hook_row(1), broken, hook_row(2)])) == [1]
    assert call_ids(database) == ["1", "2"]


def test_what_an_attempt_without_an_answer_wrote_is_not_written_twice(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database, closing(hook_store(database)) as store:
        store.keep([hook_row(1), hook_row(2)])
        store.keep([hook_row(1), hook_row(2)], again=True)
        store.keep([hook_row(3)], again=True)
        store.keep([replace(hook_row(1), body=b"another")], again=True)
        assert call_ids(database) == ["1", "2", "3", "1"]


def test_deleted_hooks_never_wait_again(database: Database, store: HookStore) -> None:
    """Neither they nor any before them, although nothing is left that says how far the fold has come."""
    keep(database, *map(hook_row, range(3)))
    with database.writing() as connection:
        place_hooks(connection, {1: 7, 2: NO_CONVERSATION, 3: 7})
    with database.writing() as connection:
        delete_hooks_of(connection, store, [7, 8])
    assert call_ids(database) == ["1"]
    with database.reading() as connection:
        assert hooks_of(connection, [7]) == {7: []}
        assert waiting_hooks(connection, 10) == []
    with database.writing() as connection:
        store.delete(connection, [2])
    keep(database, hook_row(9))
    with database.reading() as connection:
        (waiting,) = waiting_hooks(connection, 10)
    assert (waiting.id, waiting.call_id) == (4, "9"), "no id is used twice"


def test_on_sqlite_a_hook_is_gone_even_if_its_place_stays(sqlite_url: str) -> None:
    """As after a crash between the two files."""
    with closing(Database(sqlite_url)) as database, closing(hook_store(database)) as store:
        keep(database, *map(hook_row, range(2)))
        with database.writing() as connection:
            place_hooks(connection, {1: 7, 2: 7})
        with suppress(LookupError), database.writing() as connection:
            store.delete(connection, [2])
            raise LookupError
        assert call_ids(database) == ["0"]
        with database.writing() as connection:
            delete_hooks_of(connection, store, [7])
        assert call_ids(database) == []
