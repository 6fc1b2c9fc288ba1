"""Whose calls are rejected: the page's block list, and everybody who is marked as blocked in Zammad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sidecar.calls.form import on_one_line
from sidecar.calls.number_table import NumberTable
from sidecar.calls.numbers import NumberPattern, no_pattern
from sidecar.calls.rows import Row, Warnings

LONGEST_NOTE = 200  # Zammad's caller log takes 500 characters of a cause


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedNumber:
    """A number of somebody who is marked as blocked in Zammad."""

    pattern: str  # digits or a pattern, +49 30 998*
    reason: str  # Erika Mustermann; organization Bäckerei Müller


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRule:
    reason: str  # blocked: spam (4989*)


BlockList = NumberTable[BlockRule]
_Entry = tuple[NumberPattern, BlockRule]


def block_list_from(
    page: Iterable[Row], marked: Iterable[BlockedNumber], country: str, warnings: Warnings
) -> BlockList:
    """One table of both; where both hold a number, the page's row names the reason."""
    return NumberTable.of([*_of_page(page, country), *_of_marked(marked, country, warnings)])


def _of_page(page: Iterable[Row], country: str) -> Iterator[_Entry]:
    for row in page:
        number, note = row.text("caller_id"), row.text("note")
        if not number:
            row.warn("", "has no number")
        elif (pattern := NumberPattern.compile(number, country)) is None:
            row.warn(number, no_pattern(number))
        else:
            if pattern.matches_every_number:
                row.warn(number, "rejects everybody who shows a number", ignored=False)
            why = f"{note} ({number})" if note else number
            yield pattern, BlockRule(reason=f"blocked: {on_one_line(why, LONGEST_NOTE)}")


def _of_marked(marked: Iterable[BlockedNumber], country: str, warnings: Warnings) -> Iterator[_Entry]:
    for entry in marked:
        if (pattern := NumberPattern.compile(entry.pattern, country)) is None:
            warnings.add(f"number of {entry.reason}", entry.pattern, no_pattern(entry.pattern))
        else:
            who = on_one_line(entry.reason, LONGEST_NOTE)
            yield pattern, BlockRule(reason=f"blocked: {who} is marked as blocked")
