"""Statements about any number of rows, compiled once. SQLite, at home, takes row by row.

PostgreSQL is asked once for all rows, which are one parameter: there and back and planning took longer than the work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Executable, Row, Table, TextClause, bindparam, insert, text
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStatement:
    """Its rows have the values of these columns."""

    sqlite: Executable
    postgresql: TextClause


def adding(table: Table, names: Sequence[str], then: str = "") -> RowStatement:
    """`then`: what follows, as ON CONFLICT."""
    marks = ", ".join(f":{name}" for name in names)
    return RowStatement(
        sqlite=_with_types(table, names, f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks}) {then}"),  # noqa: S608 - names of the schema
        postgresql=_added(table, names, then),
    )


def adding_with_ids(table: Table, names: Sequence[str]) -> RowStatement:
    """For `ids_of_added`."""
    return RowStatement(
        sqlite=insert(table).returning(table.c.id, sort_by_parameter_order=True),
        postgresql=_added(table, names, "RETURNING id"),
    )


def adding_where_new(table: Table, names: Sequence[str]) -> RowStatement:
    """For `rows_added`: rows that are there already are left alone."""
    return RowStatement(
        sqlite=insert_sqlite(table).on_conflict_do_nothing().returning(*(table.c[name] for name in names)),
        postgresql=_added(table, names, f"ON CONFLICT DO NOTHING RETURNING {', '.join(names)}"),
    )


def changing(table: Table, names: Sequence[str], besides: str = "") -> RowStatement:
    """Rows found by `id`. `besides`: another assignment."""
    own, new = ([f"{name} = {source}{name}" for name in names] + [besides] * bool(besides) for source in (":", "new."))
    return RowStatement(
        sqlite=_with_types(table, ["id", *names], f"UPDATE {table.name} SET {', '.join(own)} WHERE id = :id"),  # noqa: S608 - as above
        postgresql=text(
            f"UPDATE {table.name} SET {', '.join(new)} FROM {_rows(table)} AS new WHERE {table.name}.id = new.id"  # noqa: S608 - as above
        ),
    )


def deleting(table: Table, names: Sequence[str]) -> RowStatement:
    """Rows with exactly these values."""
    own, old = (" AND ".join(f"{table.name}.{name} = {source}{name}" for name in names) for source in (":", "old."))
    return RowStatement(
        sqlite=_with_types(table, names, f"DELETE FROM {table.name} WHERE {own}"),  # noqa: S608 - as above
        postgresql=text(f"DELETE FROM {table.name} USING {_rows(table)} AS old WHERE {old}"),  # noqa: S608 - as above
    )


def execute_rows(connection: Connection, statement: RowStatement, rows: Rows) -> None:
    """Nothing is asked where there are none."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(statement.sqlite, rows)
    else:
        connection.execute(statement.postgresql, {"rows": json.dumps(rows)})


def ids_of_added(connection: Connection, statement: RowStatement, rows: Rows) -> Sequence[int]:
    """In the order of the rows."""
    if not rows:
        return ()
    if connection.dialect.name == "sqlite":
        return connection.execute(statement.sqlite, rows).scalars().all()
    added = connection.execute(statement.postgresql, {"rows": json.dumps(rows)})
    return sorted(added.scalars())  # rows of JSON come, and are numbered, in their order


def rows_added(connection: Connection, statement: RowStatement, rows: Rows) -> Sequence[Row[Any]]:
    """Those that were not there."""
    if not rows:
        return ()
    if connection.dialect.name == "sqlite":
        return connection.execute(statement.sqlite, rows).all()
    return connection.execute(statement.postgresql, {"rows": json.dumps(rows)}).all()


def _added(table: Table, names: Sequence[str], then: str) -> TextClause:
    columns = ", ".join(names)
    return text(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {_rows(table)} {then}")  # noqa: S608 - as above


def _rows(table: Table) -> str:
    return f"json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json))"


def _with_types(table: Table, names: Sequence[str], statement: str) -> TextClause:
    return text(statement).bindparams(*(bindparam(name, type_=table.c[name].type) for name in names))
