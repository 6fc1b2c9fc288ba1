"""The numbers of people who are known for certain: hundreds of thousands, each looked up in microseconds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

WIDTH = 20  # of one number, filled up with blanks


def piece_of(digits: str) -> str:
    return digits.ljust(WIDTH)


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """E.164 digits in ascending order, as one text of equal pieces: a database puts it together by itself."""

    joined: str = field(repr=False)

    @classmethod
    def of(cls, numbers: Iterable[str]) -> KnownNumbers:
        return cls("".join(piece_of(number) for number in sorted(numbers)))

    def __len__(self) -> int:
        return len(self.joined) // WIDTH

    def __contains__(self, digits: object) -> bool:
        if not isinstance(digits, str):
            return False
        place = bisect_left(range(len(self)), digits, key=self._at)
        return place < len(self) and self._at(place) == digits

    def _at(self, place: int) -> str:
        return self.joined[place * WIDTH : (place + 1) * WIDTH].rstrip()


class Anybody:
    """As `KnownNumbers`, where it cannot be asked who is known: whoever may be counts as known."""

    def __contains__(self, digits: object) -> bool:
        return isinstance(digits, str)


ANYBODY = Anybody()
