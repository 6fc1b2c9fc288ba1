"""Rules by number: the exact number, else the pattern with the longest literal prefix, else the first row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sidecar.calls.numbers.number_pattern import NumberPattern
from sidecar.calls.numbers.pattern_set import PatternSet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NumberTable(Generic[T]):
    """Looked up in a time that hardly depends on how many rules there are: the phone waits for it."""

    _exact: Mapping[str, T]
    _patterns: Mapping[str, tuple[PatternSet, tuple[T, ...]]]  # by literal prefix, in the order of the rows
    _prefix_lengths: tuple[int, ...]  # that occur, the longest first

    @classmethod
    def of(cls, rows: Iterable[tuple[NumberPattern, T]]) -> NumberTable[T]:
        exact: dict[str, T] = {}
        patterns: dict[str, list[tuple[NumberPattern, T]]] = {}
        for pattern, rule in rows:
            if pattern.exact:
                exact.setdefault(pattern.text, rule)
            else:
                patterns.setdefault(pattern.literal_prefix, []).append((pattern, rule))
        lengths = sorted({len(prefix) for prefix in patterns}, reverse=True)
        return cls(exact, {prefix: _together(rows) for prefix, rows in patterns.items()}, tuple(lengths))

    @property
    def empty(self) -> bool:
        return not (self._exact or self._patterns)

    def rules(self) -> Iterator[T]:
        """All of them, in no order."""
        yield from self._exact.values()
        for _, rules in self._patterns.values():
            yield from rules

    def find(self, digits: str) -> T | None:
        """The rule for E.164 digits, or for "anonymous"."""
        if (rule := self._exact.get(digits)) is not None:
            return rule
        for length in self._prefix_lengths:
            if (found := self._patterns.get(digits[:length])) is None:
                continue
            patterns, rules = found
            if (place := patterns.first_match(digits)) is not None:
                return rules[place]
        return None


def _together(rows: Sequence[tuple[NumberPattern, T]]) -> tuple[PatternSet, tuple[T, ...]]:
    return PatternSet.of(pattern.text for pattern, _ in rows), tuple(rule for _, rule in rows)
