"""Statements about any number of ids or texts: built once, run in portions that every database bears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam

T = TypeVar("T")
PORTION = 500  # values in one IN list


def is_one_of_many(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that `rows_about` fills. Building a statement takes longer than running it."""
    return column.in_(bindparam("many", expanding=True))


def rows_about(connection: Connection, query: Select[Any], many: Iterable[object]) -> Iterator[Row[Any]]:
    """The rows of a query with `is_one_of_many`, portion by portion."""
    for some in in_portions(many):
        yield from connection.execute(query, {"many": some}).all()


def in_portions(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, PORTION)):
        yield some
