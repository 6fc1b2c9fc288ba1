"""Which group's tickets a called line means: the rows of all groups' `cti_callbacks`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sidecar.calls.numbers.number_pattern import NumberPattern, pattern_in
from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.reasons import Reason
from sidecar.calls.rules.block_list import as_sent, is_literal

NONE = "none"
_SEPARATORS = re.compile(r"[,;\n\r]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOfLines:
    """A group of Zammad's as its admin has set it; `written` is the attribute."""

    id: int
    name: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    group: GroupOfLines
    written: str
    pattern: NumberPattern | None  # None: exactly this text, which is no number

    @property
    def rank(self) -> tuple[int, int]:
        """The longest literal beginning first, then the older group."""
        length = len(self.written) if self.pattern is None else len(self.pattern.literal_prefix)
        return -length, self.group.id


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclearRow:
    group: str
    written: str
    why: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """The same row in several groups: the first of them gets the tickets."""

    written: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackLines:
    country: str
    rows: tuple[LineRow, ...] = ()
    unclear: tuple[UnclearRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def groups(self) -> tuple[GroupOfLines, ...]:
        """Those with lines, each once."""
        return tuple({row.group.id: row.group for row in self.rows}.values())

    @property
    def ties(self) -> tuple[Tie, ...]:
        named: dict[str, dict[int, str]] = defaultdict(dict)
        for row in self.rows:
            named[row.pattern.text if row.pattern else row.written][row.group.id] = row.group.name
        return tuple(
            Tie(written=written, groups=tuple(groups.values())) for written, groups in named.items() if len(groups) > 1
        )

    def group_of(self, line: str) -> GroupOfLines | None:
        """Whose tickets calls of this line become; `line` as sipgate says it."""
        digits = e164_digits(line, self.country)
        sent = as_sent(line)
        return next((row.group for row in self.rows if _means(row, sent, digits)), None)


def lines_from(groups: Iterable[GroupOfLines], country: str) -> CallbackLines:
    rows: list[LineRow] = []
    unclear: list[UnclearRow] = []
    for group in groups:
        for written in _rows_in(group.written):
            if is_literal(as_sent(written)):
                rows.append(LineRow(group=group, written=as_sent(written), pattern=None))
                continue
            match pattern_in(written, country):
                case NumberPattern() as pattern:
                    rows.append(LineRow(group=group, written=written, pattern=pattern))
                case Reason() as why:
                    unclear.append(UnclearRow(group=group.name, written=written, why=why))
    return CallbackLines(country=country, rows=tuple(sorted(rows, key=lambda row: row.rank)), unclear=tuple(unclear))


def _rows_in(written: str) -> Iterator[str]:
    rows = [row.strip() for row in _SEPARATORS.split(written) if row.strip()]
    if [row.lower() for row in rows] != [NONE]:
        yield from rows


def _means(row: LineRow, sent: str, digits: str | None) -> bool:
    if row.pattern is None:
        return row.written == sent
    return digits is not None and row.pattern.matches(digits)
