"""Every spelling of a phone number, to find it wherever it was written down."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from itertools import chain

import phonenumbers

from sidecar.calls.numbers.layout import digits_as_written, layout_as_written, with_ascii_digits

MOST_BETWEEN = 5  # characters from one digit to the next: ") - ("
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))


def spellings(numbers: Collection[str]) -> re.Pattern[str]:
    """Matches each of these numbers (E.164 digits) with `+`, `00`, a national `0` or bare, whatever is between digits.

    Not inside a longer run of digits.
    """
    return re.compile("|".join(_spelling(digits) for digits in numbers) or r"(?!)")


def may_be_spelled(numbers: Collection[str], text: str) -> bool:
    """Quick and never wrong in saying no: whether a search for their spellings is worth while."""
    written = with_ascii_digits(text).encode().translate(None, _NO_DIGITS)
    return any(_parts(digits)[1].lstrip("0").encode() in written for digits in numbers)


def plain_spellings(digits: str) -> tuple[str, str]:
    """Of E.164 digits: as sipgate sends them, and national."""
    _, subscriber = _parts(digits)
    return digits, f"0{subscriber}"


def _spelling(digits: str) -> str:
    code, subscriber = _parts(digits)
    gap, zero = _gap(), f"[{digits_as_written()['0']}]"
    abroad = gap.join(chain((rf"(?:[+\uff0b]|{zero}{gap}{zero})?",), _written_digits(code), (rf"{zero}?", "")))
    rest = gap.join(_written_digits(subscriber.lstrip("0")))  # a 0 of its own is left out by many, as in Italy
    return rf"(?<!\d)(?:{abroad}|{zero}{gap})?{rest}(?!\d)"


def _written_digits(digits: str) -> list[str]:
    return [f"[{digits_as_written()[digit]}]" for digit in digits]


@lru_cache(maxsize=1)
def _gap() -> str:
    """Without double quotes: in JSON they are between texts."""
    return f"[{layout_as_written().replace(chr(34), '')}]{{0,{MOST_BETWEEN}}}"


@lru_cache(maxsize=64)
def _parts(digits: str) -> tuple[str, str]:
    """Country code and the rest; without a known country code all of it is the rest."""
    try:
        code = str(phonenumbers.parse(f"+{digits}", None).country_code)
    except phonenumbers.NumberParseException:
        return "", digits
    return code, digits.removeprefix(code)
