"""The main numbers of a company as admins write them: exact ones, patterns, and blocks of extensions (`…-0`)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sidecar.calls.numbers.layout import plain
from sidecar.calls.numbers.number_pattern import NumberPattern, pattern_in
from sidecar.calls.numbers.numbering_plans import calling_code
from sidecar.calls.numbers.numbers import WITHHELD, e164_digits
from sidecar.calls.numbers.readings import LONGEST_WITHOUT_AREA, is_from_abroad
from sidecar.calls.numbers.unclear_rows import Unclear, why_not_one_number, why_unclear
from sidecar.calls.numbers.written_numbers import FoundNumber, numbers_in
from sidecar.calls.reasons import Reason, because

LONGEST_EXTENSION = 4  # digits that may stand for the 0 of …-0
LONGEST_TEXT = 64  # of one of them

Patterns = tuple[NumberPattern, ...]


def main_numbers_in(written: str, country: str, area_code: str = "") -> Mapping[str, Patterns | Reason]:
    """Each of the texts between commas, semicolons and line ends, and what it covers or why that cannot be said."""
    texts = (text.strip()[:LONGEST_TEXT] for text in re.split(r"[,;\n\r]+", plain(written)))
    return {text: _covered(text, country, area_code) for text in texts if text}


def _covered(text: str, country: str, area_code: str) -> Patterns | Reason:
    if refused := why_not_one_number(text, country):
        return refused
    if "*" in text or "?" in text:
        return _pattern(text, country, area_code)
    found = numbers_in(text, country, area_code).found
    if any(number.doubtful for number in found):
        return because(Unclear.DOUBTFUL, numbers=tuple(number.e164.removeprefix("+") for number in found))
    if found:
        return tuple(pattern for number in found for pattern in _with_extensions(number))
    digits = e164_digits(text, country) if _has_prefix(text) else None
    return (NumberPattern(text=digits),) if digits else why_unclear(text)


def _with_extensions(number: FoundNumber) -> Patterns:
    if not number.head:
        return (NumberPattern(text=number.e164.removeprefix("+")),)
    head = number.head.removeprefix("+")
    return tuple(NumberPattern(text=head + "?" * length) for length in range(LONGEST_EXTENSION + 1))


def _pattern(text: str, country: str, area_code: str) -> Patterns | Reason:
    """Without + and 0 it is one of this country only with its code, or of the area."""
    pattern = pattern_in(text, country)
    if isinstance(pattern, Reason):
        return pattern
    if pattern.text == WITHHELD or not pattern.literal_prefix:
        return because(Unclear.NO_PATTERN)
    if _has_prefix(text) or pattern.text.startswith(calling_code(country)):
        return (pattern,)
    if area_code and len(pattern.text.replace("*", "")) <= LONGEST_WITHOUT_AREA:
        return (NumberPattern(text=f"{calling_code(country)}{area_code}{pattern.text}"),)
    return because(Unclear.NO_PREFIX)


def _has_prefix(text: str) -> bool:
    return is_from_abroad(text) or re.match(r"[\s(\[]*0", text) is not None
