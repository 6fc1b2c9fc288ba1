"""Statements about any number of ids or texts: the values are one parameter, so each statement is compiled once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import Boolean, TypeEngine


class _ValueList(TypeDecorator[Any]):
    """Many values as one parameter: an array in PostgreSQL, JSON text in SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self._item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self._item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[object] | None, dialect: Dialect) -> object:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _IsOneOf(GenericFunction[bool]):
    name = "is_one_of"
    type = Boolean()
    inherit_cache = True

    # Ignored twice: what SQLAlchemy returns here is wider, and what it gives is not needed.
    def self_group(self, against: OperatorType | None = None) -> ColumnElement[bool]:  # type: ignore[override]  # noqa: ARG002
        """As it is: SQLAlchemy would ask SQLite whether it equals 1, and no index would be used."""
        return self


@compiles(_IsOneOf, "postgresql")
def _in_array(element: _IsOneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} = ANY({compiler.process(values, **kw)})"


@compiles(_IsOneOf, "sqlite")
def _in_json(element: _IsOneOf, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(values, **kw)}))"  # noqa: S608 - a column and a placeholder, no value


def is_one_of_many(column: ColumnElement[Any], parameter: str = "many") -> ColumnElement[bool]:
    """Whether it is among the values of this parameter, of which there may be none."""
    return _IsOneOf(column, bindparam(parameter, type_=_ValueList(column.type)))


def rows_about(connection: Connection, query: Select[Any], many: Iterable[object]) -> Sequence[Row[Any]]:
    """The rows of a query for what `is_one_of_many`; none where nothing is asked for."""
    values = list(many)
    return connection.execute(query, {"many": values}).all() if values else ()
