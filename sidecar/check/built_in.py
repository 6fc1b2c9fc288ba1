"""How Zammad's built-in integration would read a row, where that differs (docs/reference/zammad.md section 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sidecar.calls.numbers.number_pattern import NumberPattern
from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.reasons import Reason, because
from sidecar.codes.findings import Difference

_PLAIN = re.compile(r"[1-9][0-9]*|anonymous", re.ASCII)


def block_difference(written: str, country: str) -> Reason | None:
    """The built-in compares whole strings with the digits that sipgate sends."""
    if _PLAIN.fullmatch(written):
        return None
    if "*" in written or "?" in written:
        return because(Difference.NO_WILDCARDS)
    pattern = NumberPattern.compile(written, country)
    return because(Difference.SPELLED_CALLS, pattern=pattern.text) if pattern else None


def routing_difference(written: str, country: str) -> Reason | None:
    """The built-in makes a regular expression of the row: `*` is at least one character."""
    pattern = NumberPattern.compile(written, country)
    if pattern is None or pattern.text == WITHHELD:
        return None
    spelling = written.removeprefix("+")  # a leading plus is read leniently
    if re.search(r"[()\[\]|]", spelling):
        return because(Difference.EXPRESSION)
    if "?" in spelling:
        return because(Difference.OPTIONAL_DIGIT)
    if spelling != pattern.text:
        return because(Difference.SPELLED_NUMBERS, pattern=pattern.text)
    return None


def order_differences(written: Sequence[str], country: str) -> Iterator[tuple[int, int]]:
    """Places of rows and of an earlier row that the built-in, which takes the first, would prefer to them.

    Rows that it reads otherwise anyway are left out.
    """
    same = [text if routing_difference(text, country) is None else "" for text in written]
    patterns = [NumberPattern.compile(text, country) for text in same]
    for place, pattern in enumerate(patterns):
        if pattern is None or pattern.text == WITHHELD:
            continue
        sample = pattern.text.replace("*", "1111").replace("?", "1")
        for earlier in range(place):
            wider = patterns[earlier]
            if wider and len(wider.literal_prefix) < len(pattern.literal_prefix) and wider.matches(sample):
                yield place, earlier
                break
