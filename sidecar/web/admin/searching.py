"""What admins look for in a list: every word of it stands in a row as the page says it, in either case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from starlette.requests import Request

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.pages.listing import spelled
from sidecar.calls.sipgate.form import on_one_line

LONGEST = 200
ON_A_PAGE = 100
AT_ONCE = 500
LOOKED_AT = 5_000  # rows for one page: what is older comes with the next one
SHORTEST_NUMBER = 5  # digits; fewer may be anything


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[Row]):
    """`older`: behind which id the rest lies; None: there is none."""

    rows: Sequence[Row]
    older: int | None


def wanted_in(request: Request) -> str:
    return on_one_line(request.query_params.get("q", "").strip(), LONGEST)


def fits(wanted: str, *said: object, country: str = "") -> bool:
    """`country`: where a number may be meant, in any spelling."""
    text = "\n".join(spelling for each in said for spelling in spelled(str(each)))
    if all(any(spelling in text for spelling in spelled(word)) for word in wanted.split()):
        return True
    digits = e164_digits(wanted, country) if country else None
    return digits is not None and len(digits) >= SHORTEST_NUMBER and digits in text


def look_back(
    read: Callable[[int | None, int], Sequence[Row]], is_wanted: Callable[[Row], bool], before: int | None
) -> Found[Row]:
    """`read`: the newest rows with a smaller id than this, at most so many."""
    found: list[Row] = []
    for _ in range(LOOKED_AT // AT_ONCE):
        rows = read(before, AT_ONCE)
        for row in rows:
            if is_wanted(row):
                found.append(row)
            before = row.id
            if len(found) == ON_A_PAGE:
                return Found(rows=found, older=before if row is not rows[-1] or read(before, 1) else None)
        if len(rows) < AT_ONCE:
            return Found(rows=found, older=None)
    return Found(rows=found, older=before)
