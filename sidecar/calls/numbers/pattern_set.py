"""Many patterns of numbers tried at once, in a time that grows with the length of the number and nothing else.

Shift-And: a bit for each place in each pattern, set while what was read so far fits up to there (Baeza-Yates and
Gonnet, A new approach to text searching, 1992; with gaps: Navarro and Raffinot, Flexible pattern matching in strings).
A regular expression for `*?*?*?2` would try every way of dividing the digits among the stars.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_GAP = re.compile(r"[*?]*\*[*?]*")


@dataclass(frozen=True, slots=True)
class PatternSet:
    """Patterns of digits, `?` (one digit) and `*` (any number of digits). Bits are those of one long integer."""

    _begins: int  # the place before each pattern
    _goes_on: tuple[int, ...]  # by digit: places from which it leads to the next one
    _stays: int  # places where a star takes any digit
    _ends: tuple[int, ...]  # the last place of each pattern, ascending
    _ended: int  # the same as bits

    @classmethod
    def of(cls, patterns: Iterable[str]) -> PatternSet:
        begins, stays, ends = _places(), _places(), _places()
        goes_on = tuple(_places() for _ in range(10))
        place = 0
        for pattern in patterns:
            begins.append(place)
            for symbol in _stars_last(pattern):
                if symbol == "*":
                    stays.append(place)
                    continue
                for digit in range(10) if symbol == "?" else (int(symbol),):
                    goes_on[digit].append(place)
                place += 1
            ends.append(place)
            place += 1
        size = place // 8 + 1
        on = tuple(_bits(places, size) for places in goes_on)
        return cls(_bits(begins, size), on, _bits(stays, size), tuple(ends), _bits(ends, size))

    def first_match(self, digits: str) -> int | None:
        """Position of the first pattern that all of these ASCII digits fit; none fits no digits or other characters."""
        if not (digits.isascii() and digits.isdigit()):
            return None
        places = self._begins
        for digit in digits:
            places = ((places & self._goes_on[int(digit)]) << 1) | (places & self._stays)
        matched = places & self._ended
        if not matched:
            return None
        return bisect_left(self._ends, (matched & -matched).bit_length() - 1)


def _stars_last(pattern: str) -> Iterator[str]:
    """`*?*?` is as good as `??*`, and has one star."""
    return iter(_GAP.sub(lambda gap: "?" * gap.group().count("?") + "*", pattern))


def _places() -> array[int]:
    """Four octets for each: of 100,000 patterns there are millions."""
    return array("I")


def _bits(places: array[int], size: int) -> int:
    octets = bytearray(size)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")
