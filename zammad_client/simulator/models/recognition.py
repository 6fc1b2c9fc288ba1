"""Zammad's own number index, with all its mistakes (docs/reference/zammad.md section 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .clock import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zammad_client.records import Json

_RUN = re.compile(r"[\d\s\-(|)]{6,26}", re.ASCII)
_SPACING = str.maketrans("", "", " -\t\n\r\f\v")
_TRUNK_ZERO = re.compile(r"^(00)?(\+?\d\d)\(0?(\d*)\)", re.ASCII)
_NO_DIGIT = re.compile(r"\D", re.ASCII)
_MOST_MATCHES = 20


class Entry(NamedTuple):
    id: int
    caller_id: str
    level: str  # known | maybe
    object: str  # User | Ticket
    o_id: int
    user_id: int
    created_at: float

    def as_json(self) -> Json:
        return {
            **self._asdict(),
            "comment": None,
            "preferences": None,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.created_at),
        }


def numbers_of(texts: Iterable[str]) -> dict[str, None]:
    """Unique, in order of appearance."""
    runs = _RUN.findall("\0".join(texts))  # a character that ends every run
    return {number: None for run in runs if (number := _normalized(run))}


def _normalized(run: str) -> str:
    number = run.translate(_SPACING)
    if not number.isdecimal():
        number = _NO_DIGIT.sub("", _TRUNK_ZERO.sub(r"\1\2\3", number))
    if number.startswith("00"):
        return number[2:]
    if number.startswith("0"):
        return "49" + number[1:]
    return number


class NumberIndex:
    def __init__(self) -> None:
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._last_id = 0

    def add(self, number: str, *, level: str, model: str, o_id: int, user_id: int, now: float) -> None:
        self._last_id += 1
        entry = Entry(self._last_id, number, level, model, o_id, user_id, now)
        self._entries[number] = (entry, *self._entries.get(number, ()))

    def remove(self, number: str, *, model: str, o_id: int) -> None:
        kept = tuple(entry for entry in self._entries.get(number, ()) if (entry.object, entry.o_id) != (model, o_id))
        if kept:
            self._entries[number] = kept
        else:
            self._entries.pop(number, None)

    def matches(self, raw: str) -> list[Entry]:
        """Who calls: the known ones, else the maybe ones; newest entry first, one per user, at most 20."""
        found = [entry for number in numbers_of([raw]) for entry in self._entries.get(number, ())]
        chosen = [entry for entry in found if entry.level == "known"] or found
        by_user = {entry.user_id: entry for entry in sorted(chosen)}
        return sorted(by_user.values(), reverse=True)[:_MOST_MATCHES]
