"""Every spelling of a phone number, to find it wherever it was written down."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import chain

import phonenumbers

_GAP = r"[\s\-\u2010-\u2015./()\[\]|]{0,3}"  # what people put between digits


def spellings(numbers: Collection[str]) -> re.Pattern[str]:
    """Matches each of these numbers (E.164 digits) with `+`, `00`, a national `0` or bare, whatever is between digits.

    Not inside a longer run of digits.
    """
    return re.compile("|".join(_spelling(digits) for digits in numbers) or r"(?!)")


def plain_spellings(digits: str) -> tuple[str, str]:
    """Of E.164 digits: as sipgate sends them, and national."""
    _, subscriber = _parts(digits)
    return digits, f"0{subscriber}"


def _spelling(digits: str) -> str:
    country, subscriber = _parts(digits)
    abroad = _GAP.join(chain((r"(?:\+|00)?",), country, (r"0?", "")))
    return rf"(?<!\d)(?:{abroad}|0{_GAP})?{_GAP.join(subscriber)}(?!\d)"


def _parts(digits: str) -> tuple[str, str]:
    """Country code and the rest; without a known country code all of it is the rest."""
    try:
        code = str(phonenumbers.parse(f"+{digits}", None).country_code)
    except phonenumbers.NumberParseException:
        return "", digits
    return code, digits.removeprefix(code)
