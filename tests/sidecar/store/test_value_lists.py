"""Statements about many values: one parameter, an index, and nothing found where nothing is asked for."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Select, insert, select

from sidecar.store.calls import conversations
from sidecar.store.calls import listed as listed_calls
from sidecar.store.database import Database
from sidecar.store.journal import hooks as journal
from sidecar.store.missed import from_calls as missed
from sidecar.store.pages import changed_calls as call_notes
from sidecar.store.people import people
from sidecar.store.replicas.tables import leases
from sidecar.store.value_lists import is_one_of_many, rows_about

KEYS = ("a", "b", "it's", 'in "quotes"', "ü[1]", "")


@pytest.mark.parametrize("asked", [(), ("a",), KEYS[1:4], KEYS, ("none of them",), tuple(map(str, range(40_000)))])
def test_the_rows_with_any_of_the_values(database: Database, asked: tuple[str, ...]) -> None:
    with database.writing() as connection:
        connection.execute(insert(leases), [{"name": key, "holder": "h", "expires_at": 1.0} for key in KEYS])
        found = rows_about(connection, select(leases.c.name).where(is_one_of_many(leases.c.name)), asked)
        assert {row.name for row in found} == set(KEYS).intersection(asked)


def test_all_other_rows(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(leases), [{"name": key, "holder": "h", "expires_at": 1.0} for key in KEYS])
        query = select(leases.c.name).where(~is_one_of_many(leases.c.name, "these"))
        assert set(connection.scalars(query, {"these": ["a", "ü[1]"]})) == set(KEYS) - {"a", "ü[1]"}


@pytest.mark.parametrize(
    "query",
    [
        conversations._KNOWN,
        conversations._WITH_KEYS,
        conversations._OF_NUMBERS,
        journal._OF_CONVERSATIONS["sqlite"],
        listed_calls._WITH_NAMES,
        listed_calls._AGENTS,
        call_notes._OLD_WORDS,
        missed._PARTS,
        missed._OPEN,
        missed._BY_ID,
        missed._OPEN_OF_CUSTOMERS,
        missed._TALKS_BY_NUMBER,
        missed._TALKS_BY_CUSTOMER,
        people._WITH_NUMBERS,
    ],
)
def test_no_table_is_read_from_end_to_end(sqlite_url: str, query: Select[Any]) -> None:
    with closing(Database(sqlite_url)) as database, database.reading() as connection:
        statement = str(query.compile(connection))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[]",) * statement.count("?"))
        steps = [step.detail for step in plan]
    assert not [step for step in steps if step.startswith("SCAN") and "json_each" not in step], steps
