"""Statements about many rows: the same on both databases, whatever stands in the rows."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from sidecar.store.calls.tables import call_words, conversations
from sidecar.store.database import Database
from sidecar.store.row_lists import (
    RowStatement,
    adding,
    adding_with_ids,
    changing,
    deleting,
    execute_rows,
    ids_of_added,
)

NAMES = (
    *("direction", "internal", "test", "state", "caller", "callee", "line", "agent_id", "started_at", "ended_at"),
    *("story", "told", "changed_at"),
)
ADD = adding_with_ids(conversations, NAMES)
CHANGE = changing(conversations, ("caller", "ended_at", "story"), besides="agent_id = conversations.agent_id + 1")
ADD_WORDS = adding(call_words, ("conversation_id", "word"), then="ON CONFLICT DO NOTHING")
DELETE_WORDS = deleting(call_words, ("conversation_id", "word"))
TEXTS = ("", "it's", 'in "quotes" and \\', "Müller 🐘", "a\nb\tc", "$1 :rows %s", "null")


def row_of(caller: str, number: int) -> dict[str, object]:
    return {
        "direction": "in", "internal": False, "test": True, "state": "missed", "caller": caller, "callee": "1",
        "line": "2", "agent_id": number, "started_at": 1_795_376_000.123456, "ended_at": None,
        "story": [{"legs": (caller, None, 0.1, True)}], "told": {}, "changed_at": 0.1 + 0.2,
    }  # fmt: skip


def added(connection: Connection) -> list[int]:
    return list(ids_of_added(connection, ADD, [row_of(each, number) for number, each in enumerate(TEXTS)]))


def test_rows_are_kept_as_they_are_and_their_ids_are_in_their_order(database: Database) -> None:
    with database.writing() as connection:
        ids = added(connection)
        found = connection.execute(select(conversations).order_by(conversations.c.id)).all()
    assert [row.id for row in found] == ids
    assert [row.caller for row in found] == list(TEXTS)
    assert [row.agent_id for row in found] == list(range(len(TEXTS)))
    assert {(row.internal, row.test, row.started_at, row.ended_at, row.changed_at) for row in found} == {
        (False, True, 1_795_376_000.123456, None, 0.1 + 0.2)
    }
    assert [row.story for row in found] == [[{"legs": [each, None, 0.1, True]}] for each in TEXTS]


def test_only_named_rows_and_columns_are_changed(database: Database) -> None:
    with database.writing() as connection:
        first, second, *others = added(connection)
        new = [{"id": number, "caller": f"new {number}", "ended_at": 2.5, "story": []} for number in (second, first)]
        execute_rows(connection, CHANGE, new)
        found = {row.id: row for row in connection.execute(select(conversations))}
    assert (found[first].caller, found[first].ended_at, found[first].agent_id) == (f"new {first}", 2.5, 1)
    assert (found[second].caller, found[second].story, found[second].agent_id) == (f"new {second}", [], 2)
    assert [found[number].caller for number in others] == list(TEXTS[2:])


def test_rows_are_deleted_by_all_their_values(database: Database) -> None:
    with database.writing() as connection:
        number, other, *_ = added(connection)
        words = [{"conversation_id": number, "word": word} for word in TEXTS]
        execute_rows(connection, ADD_WORDS, words)
        execute_rows(connection, ADD_WORDS, [*words[:2], {"conversation_id": other, "word": TEXTS[0]}])
        execute_rows(connection, DELETE_WORDS, words[:-1])
        left = connection.execute(select(call_words)).all()
    assert {(row.conversation_id, row.word) for row in left} == {(number, TEXTS[-1]), (other, TEXTS[0])}


@pytest.mark.parametrize("statement", [CHANGE, ADD_WORDS, DELETE_WORDS])
def test_no_rows_are_no_statement(database: Database, statement: RowStatement) -> None:
    with database.reading() as connection:
        execute_rows(connection, statement, [])
        assert ids_of_added(connection, ADD, []) == ()
