"""The rows admins write in Zammad, of any shape, one by one: a bad one is a warning and never disables the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.calls.reasons import Reason, because
from sidecar.calls.sipgate.form import on_one_line

Json = object  # what a JSON text can hold; narrowed where it is read
LONGEST_NUMBER = 10**30  # of an integer that is taken for the text it was meant to be


class Place(StrEnum):
    """Where something stands that an admin has written."""

    CONFIG = "place.config"
    INBOUND = "place.inbound"
    OUTBOUND = "place.outbound"
    BLOCK_LIST = "place.block_list"
    BLOCK_LIST_ROW = "place.block_list_row"  # row
    ROUTING_TABLE = "place.routing_table"
    ROUTING_TABLE_ROW = "place.routing_table_row"  # row
    DEFAULT_CALLER_ID = "place.default_caller_id"
    AGENT_MAP = "place.agent_map"
    AGENT_MAP_ROW = "place.agent_map_row"  # row
    NUMBER_OF = "place.number_of"  # who
    SIPGATE_USERS = "place.sipgate_users"  # user
    SIPGATE_NUMBER = "place.sipgate_number"  # user


class Shape(StrEnum):
    """What is wrong with something that has not the shape it should have."""

    NO_OBJECT = "shape.no_object"
    NO_LIST = "shape.no_list"
    NO_ROW = "shape.no_row"
    NO_TEXT = "shape.no_text"
    COLUMN_IS_NO_TEXT = "shape.column_is_no_text"  # column


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWarning:
    """A row that was ignored, or a part of one; or a row in force that is hardly meant so."""

    place: Reason  # a `Place`
    text: str  # as written, shortened
    problem: Reason
    ignored: bool = True


@dataclass(slots=True)
class Warnings:
    """Collected while rules are read."""

    found: list[RuleWarning] = field(default_factory=list)

    def add(self, place: Reason, value: Json, problem: Reason, *, ignored: bool = True) -> None:
        text = on_one_line(value if isinstance(value, str) else type(value).__name__, 80)
        self.found.append(RuleWarning(place=place, text=text, problem=problem, ignored=ignored))


def section(parent: Mapping[str, Json], key: str, place: Place, warnings: Warnings) -> Mapping[str, Json]:
    """The object under a key; empty where there is none."""
    if key not in parent:
        return {}
    return as_section(parent[key], place, warnings)


def as_section(value: Json, place: Place, warnings: Warnings) -> Mapping[str, Json]:
    if isinstance(value, dict):
        return value
    warnings.add(because(place), value, because(Shape.NO_OBJECT))
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table, and where it stands."""

    place: Reason
    values: Mapping[str, Json]
    warnings: Warnings

    def text(self, key: str) -> str:
        """A value as text; empty where there is none. A whole number counts as its digits.

        Another type is reported and empty.
        """
        value = self.values.get(key, "")
        text = plain_text(value)
        if text is None:
            self.warn(value, because(Shape.COLUMN_IS_NO_TEXT, column=key))
        return text or ""

    def warn(self, value: Json, problem: Reason, *, ignored: bool = True) -> None:
        self.warnings.add(self.place, value, problem, ignored=ignored)


def plain_text(value: Json) -> str | None:
    """A text, or a whole number as text, without blanks around it; null is empty; None for other types."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LONGEST_NUMBER:
        return str(value)
    return None


def rows(parent: Mapping[str, Json], key: str, table: Place, row: Place, warnings: Warnings) -> Iterator[Row]:
    """The rows of the table under a key, numbered from 1; what is no row is reported."""
    listed = parent.get(key, [])
    if not isinstance(listed, list):
        warnings.add(because(table), listed, because(Shape.NO_LIST))
        return
    for number, values in enumerate(listed, start=1):
        place = because(row, row=number)
        if isinstance(values, dict):
            yield Row(place=place, values=values, warnings=warnings)
        else:
            warnings.add(place, values, because(Shape.NO_ROW))
