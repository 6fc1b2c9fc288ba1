"""The rows admins write in Zammad, of any shape, one by one: a bad one is a warning and never disables the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sidecar.calls.form import on_one_line

Json = object  # what a JSON text can hold; narrowed where it is read
LONGEST_NUMBER = 10**30  # of an integer that is taken for the text it was meant to be


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWarning:
    """A row that was ignored, or a part of one; or a row in force that is hardly meant so."""

    position: str  # block list row 3
    text: str  # as written, shortened
    problem: str
    ignored: bool = True


@dataclass(slots=True)
class Warnings:
    """Collected while rules are read."""

    found: list[RuleWarning] = field(default_factory=list)

    def add(self, position: str, value: Json, problem: str, *, ignored: bool = True) -> None:
        text = on_one_line(value if isinstance(value, str) else type(value).__name__, 80)
        self.found.append(RuleWarning(position=position, text=text, problem=problem, ignored=ignored))


def section(parent: Mapping[str, Json], key: str, position: str, warnings: Warnings) -> Mapping[str, Json]:
    """The object under a key; empty where there is none."""
    if key not in parent:
        return {}
    return as_section(parent[key], position, warnings)


def as_section(value: Json, position: str, warnings: Warnings) -> Mapping[str, Json]:
    if isinstance(value, dict):
        return value
    warnings.add(position, value, "is not an object with keys")
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table, and where it stands."""

    position: str
    values: Mapping[str, Json]
    warnings: Warnings

    def text(self, key: str) -> str:
        """A value as text; empty where there is none. A whole number counts as its digits.

        Another type is reported and empty.
        """
        value = self.values.get(key, "")
        text = plain_text(value)
        if text is None:
            self.warn(value, f"{key} is not a text")
        return text or ""

    def warn(self, value: Json, problem: str, *, ignored: bool = True) -> None:
        self.warnings.add(self.position, value, problem, ignored=ignored)


def plain_text(value: Json) -> str | None:
    """A text, or a whole number as text, without blanks around it; null is empty; None for other types."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LONGEST_NUMBER:
        return str(value)
    return None


def rows(parent: Mapping[str, Json], key: str, position: str, warnings: Warnings) -> Iterator[Row]:
    """The rows of the table under a key, numbered from 1; what is no row is reported."""
    table = parent.get(key, [])
    if not isinstance(table, list):
        warnings.add(position, table, "is not a list")
        return
    for number, values in enumerate(table, start=1):
        place = f"{position} row {number}"
        if isinstance(values, dict):
            yield Row(position=place, values=values, warnings=warnings)
        else:
            warnings.add(place, values, "is not a row")
