"""Every spelling of a phone number, to find it wherever it was written down."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import chain

import phonenumbers

from sidecar.calls.numbers import LAYOUT

_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_GAP = f"[{LAYOUT}]{{0,3}}"


def spellings(numbers: Collection[str]) -> re.Pattern[str]:
    """Matches each of these numbers (E.164 digits) with `+`, `00`, a national `0` or bare, whatever is between digits.

    Not inside a longer run of digits.
    """
    return re.compile("|".join(_spelling(digits) for digits in numbers) or r"(?!)")


def may_be_spelled(numbers: Collection[str], text: str) -> bool:
    """Quick and never wrong in saying no: whether a search for their spellings is worth while."""
    written = text.encode().translate(None, _NO_DIGITS)
    return any(_parts(digits)[1].encode() in written for digits in numbers)


def plain_spellings(digits: str) -> tuple[str, str]:
    """Of E.164 digits: as sipgate sends them, and national."""
    _, subscriber = _parts(digits)
    return digits, f"0{subscriber}"


def _spelling(digits: str) -> str:
    country, subscriber = _parts(digits)
    abroad = _GAP.join(chain((r"(?:\+|00)?",), country, (r"0?", "")))
    return rf"(?<!\d)(?:{abroad}|0{_GAP})?{_GAP.join(subscriber)}(?!\d)"


@lru_cache(maxsize=64)
def _parts(digits: str) -> tuple[str, str]:
    """Country code and the rest; without a known country code all of it is the rest."""
    try:
        code = str(phonenumbers.parse(f"+{digits}", None).country_code)
    except phonenumbers.NumberParseException:
        return "", digits
    return code, digits.removeprefix(code)
