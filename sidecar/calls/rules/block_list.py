"""Whose calls are rejected: the page's block list, and everybody who is marked as blocked in Zammad."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.calls.numbers.layout import plain
from sidecar.calls.numbers.number_pattern import NumberPattern, pattern_in
from sidecar.calls.numbers.number_table import NumberTable
from sidecar.calls.numbers.numbering_plans import begins_with_country, calling_code
from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.numbers.unclear_rows import Unclear
from sidecar.calls.reasons import Reason, as_text, as_written, because, reason_in
from sidecar.calls.rules.rows import Place, Row, Warnings
from sidecar.calls.sipgate.form import on_one_line

LONGEST_NOTE = 200  # Zammad's caller log takes 500 characters of a cause
ABROAD = frozenset({"abroad", "ausland"})
_LITERAL = re.compile(r"[0-9]{1,5}|0+|[0-9]+[a-z][0-9]+", re.ASCII)  # what sipgate sends that is no number


class Blocked(StrEnum):
    """Why a caller is told busy. The words are shown in Zammad's caller log, too."""

    ROW = "blocked.row"  # number, as written
    NOTED_ROW = "blocked.noted_row"  # note, number
    MARKED = "blocked.marked"  # who
    ORGANIZATION = "blocked.organization"  # name; who is marked
    EVERYBODY = "blocked.everybody"  # what is wrong with a row
    NO_NUMBER = "blocked.no_number"  # likewise
    SAY_ABROAD = "blocked.say_abroad"  # likewise


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


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockList:
    """Rules for what comes as `from`. `wide` and `abroad` name nobody: they may spare whoever is known."""

    firm: NumberTable[BlockRule]  # exact rows, and everybody who is marked
    wide: NumberTable[BlockRule]  # rows with wildcards
    abroad: BlockRule | None
    literal: Mapping[str, BlockRule]  # by what sipgate sends that is no number
    calling_code: str  # of our country

    def named(self, caller: str, digits: str | None) -> BlockRule | None:
        """The rule that means this caller. `digits`: E.164, or "anonymous", where the caller has them."""
        if digits is not None:
            return self.firm.find(digits)
        return self.literal.get(as_sent(caller))

    def covering(self, digits: str | None) -> BlockRule | None:
        """The rule that means many, this one among them."""
        if digits is None or digits == WITHHELD:
            return None
        return self.wide.find(digits) or (self.abroad if self._is_abroad(digits) else None)

    @property
    def spares(self) -> bool:
        """Whether there is a rule that could spare somebody."""
        return self.abroad is not None or not self.wide.empty

    def _is_abroad(self, digits: str) -> bool:
        return not digits.startswith(self.calling_code) and begins_with_country(digits)


def as_sent(caller: str) -> str:
    """As a literal row is compared."""
    return plain(caller).strip().lower()


def is_literal(sent: str) -> bool:
    """Whether a row means exactly what sipgate sends that is no number."""
    return _LITERAL.fullmatch(sent) is not None


_Entry = tuple[NumberPattern, BlockRule]


def block_list_from(
    page: Iterable[Row], marked: Iterable[BlockedNumber], country: str, warnings: Warnings
) -> BlockList:
    """Where both hold a number, the page's row names the reason."""
    read = _PageReader(country=country)
    for row in page:
        read.row(row)
    exact = [entry for entry in read.patterns if entry[0].exact]
    return BlockList(
        firm=NumberTable.of([*exact, *_of_marked(marked, country, warnings)]),
        wide=NumberTable.of(entry for entry in read.patterns if not entry[0].exact),
        abroad=read.abroad,
        literal=read.literal,
        calling_code=calling_code(country),
    )


@dataclass(slots=True, kw_only=True)
class _PageReader:
    country: str
    patterns: list[_Entry] = field(default_factory=list)
    literal: dict[str, BlockRule] = field(default_factory=dict)
    abroad: BlockRule | None = None

    def row(self, row: Row) -> None:
        number, note = row.text("caller_id"), row.text("note")
        rule = BlockRule(reason=_by_row(on_one_line(number, 80), on_one_line(note, LONGEST_NOTE)))
        if not number:
            row.warn("", because(Blocked.NO_NUMBER))
        elif (sent := as_sent(number)) in ABROAD:
            self.abroad = self.abroad or rule
        elif is_literal(sent):
            self.literal.setdefault(sent, rule)
        else:
            self._pattern(row, number, rule)

    def _pattern(self, row: Row, number: str, rule: BlockRule) -> None:
        match pattern_in(number, self.country):
            case NumberPattern() as pattern:
                if pattern.matches_every_number:
                    row.warn(number, because(Blocked.EVERYBODY), ignored=False)
                self.patterns.append((pattern, rule))
            case Reason(code=Unclear.NO_COUNTRY):
                row.warn(number, because(Blocked.SAY_ABROAD))
            case Reason() as why:
                row.warn(number, why)


def _by_row(number: str, note: str) -> Reason:
    return because(Blocked.NOTED_ROW, note=note, number=number) if note else because(Blocked.ROW, number=number)


def _of_marked(marked: Iterable[BlockedNumber], country: str, warnings: Warnings) -> Iterator[_Entry]:
    for entry in marked:
        match pattern_in(entry.pattern, country):
            case NumberPattern() as pattern:
                yield pattern, BlockRule(reason=because(Blocked.MARKED, who=entry.who))
            case Reason() as why:
                warnings.add(because(Place.NUMBER_OF, who=entry.who), entry.pattern, why)
