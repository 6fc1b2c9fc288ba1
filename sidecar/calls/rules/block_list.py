"""Whose calls are rejected: the page's block list, and everybody who is marked as blocked in Zammad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.numbers.number_table import NumberTable
from sidecar.calls.numbers.numbers import NumberPattern, no_pattern
from sidecar.calls.reasons import Reason, as_text, as_written, because, reason_in
from sidecar.calls.rules.rows import Place, Row, Warnings
from sidecar.calls.sipgate.form import on_one_line

LONGEST_NOTE = 200  # Zammad's caller log takes 500 characters of a cause


class Blocked(StrEnum):
    """Why a caller is told busy. The words are shown in Zammad's caller log, too."""

    ROW = "blocked.row"  # number, as written
    NOTED_ROW = "blocked.noted_row"  # note, number
    MARKED = "blocked.marked"  # who
    ORGANIZATION = "blocked.organization"  # name; who is marked
    EVERYBODY = "blocked.everybody"  # what is wrong with a row
    NO_NUMBER = "blocked.no_number"  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedNumber:
    """A number of somebody who is marked as blocked in Zammad."""

    pattern: str  # digits or a pattern, +49 30 998*
    who: Reason  # the name of a person, or an organization


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRule:
    reason: Reason


def marked_person(pattern: str, name: str) -> BlockedNumber:
    return BlockedNumber(pattern=pattern, who=as_written(on_one_line(name, LONGEST_NOTE)))


def marked_organization(pattern: str, name: str) -> BlockedNumber:
    return BlockedNumber(pattern=pattern, who=because(Blocked.ORGANIZATION, name=on_one_line(name, LONGEST_NOTE)))


def blocked_number_in(kept: Mapping[str, object]) -> BlockedNumber:
    """What `as_kept` has made, or a release that kept names and kinds in words."""
    return BlockedNumber(pattern=str(kept.get("pattern", "")), who=reason_in(str(kept.get("reason", ""))))


def as_kept(blocked: BlockedNumber) -> dict[str, str]:
    """For JSON. The names of its parts are those that every release knows."""
    return {"pattern": blocked.pattern, "reason": as_text(blocked.who)}


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
            row.warn("", because(Blocked.NO_NUMBER))
        elif (pattern := NumberPattern.compile(number, country)) is None:
            row.warn(number, no_pattern(number))
        else:
            if pattern.matches_every_number:
                row.warn(number, because(Blocked.EVERYBODY), ignored=False)
            yield pattern, BlockRule(reason=_by_row(on_one_line(number, 80), on_one_line(note, LONGEST_NOTE)))


def _by_row(number: str, note: str) -> Reason:
    return because(Blocked.NOTED_ROW, note=note, number=number) if note else because(Blocked.ROW, number=number)


def _of_marked(marked: Iterable[BlockedNumber], country: str, warnings: Warnings) -> Iterator[_Entry]:
    for entry in marked:
        if (pattern := NumberPattern.compile(entry.pattern, country)) is None:
            warnings.add(because(Place.NUMBER_OF, who=entry.who), entry.pattern, no_pattern(entry.pattern))
        else:
            yield pattern, BlockRule(reason=because(Blocked.MARKED, who=entry.who))
