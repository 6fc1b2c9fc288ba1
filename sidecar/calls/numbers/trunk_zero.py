"""The trunk zero, dialled at home and left out abroad; many write it in brackets: +49 (0)30."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumberType

_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")
_FROM_ABROAD = re.compile(r"[\s(]*(?:\+|0\s*0)")
_LONGEST_COUNTRY_CODE = 3
_LONGEST_NATIONAL = 15  # digits
_FILLINGS = (*(digit * _LONGEST_NATIONAL for digit in "0123456789"), "123456789012345", "201234567890123")


def readings_of_zero_in_brackets(text: str) -> Iterator[str]:
    """What a number with country code and `(0)` may mean: the zero counts, as in Italy, or it does not.

    Which of the two is valid decides: many countries have no trunk zero, and people write it all the same. Nothing
    where there is no such zero.
    """
    if _FROM_ABROAD.match(text) and _IN_BRACKETS.search(text):
        yield text
        yield _IN_BRACKETS.sub("", text)


def with_another_zero(digits: str) -> Iterator[str]:
    """Digits that begin with a country code, with one 0 more after it, and with one less where there is one."""
    code = _country_code(digits)
    national = digits[len(code) :]
    if code and national:
        yield f"{code}0{national}"
        if national.startswith("0"):
            yield f"{code}{national[1:]}"


def with_likely_zero(pattern: str) -> str:
    """A pattern that begins with a country code, with or without a 0 after it, as numbers there have it.

    Another one than is written where no number begins as written, and numbers begin in exactly one of the other ways.
    """
    code = _country_code(pattern)
    national = pattern[len(code) :]
    written = national[: len(national) - len(national.lstrip("0123456789"))]
    if not code or len(written.lstrip("0")) == 0:
        return pattern
    if _has_trunk_zero(code):
        return code + national.removeprefix("0")
    if not (written.startswith("0") or _keeps_zero(code)) or _numbers_begin(code, written):
        return pattern
    others = {f"0{national}": f"0{written}"}
    if written.startswith("0"):
        others[national[1:]] = written[1:]
    likely = [other for other, beginning in others.items() if _numbers_begin(code, beginning)]
    return code + likely[0] if len(likely) == 1 else pattern


@lru_cache(maxsize=4096)
def _numbers_begin(code: str, beginning: str) -> bool:
    """Whether a valid number begins with these digits after the country code, as far as trying a few tells."""
    for length in range(len(beginning), _LONGEST_NATIONAL + 1):
        for filling in _FILLINGS:
            number = phonenumbers.PhoneNumber(
                country_code=int(code),
                national_number=int((beginning + filling)[:length]),
                italian_leading_zero=beginning.startswith("0") or None,
            )
            if phonenumbers.is_valid_number(number):
                return True
    return False


def without_zero_in_brackets(pattern: str) -> str:
    """The same for `(0)` in a pattern as written; the zero stays where the numbers have it, or nothing is before it."""
    zero = _IN_BRACKETS.search(pattern)
    if zero is None:
        return pattern
    before, after = pattern[: zero.start()], pattern[zero.end() :]
    digits = re.sub(r"\D", "", before).removeprefix("00")
    stays = not digits or _keeps_zero(_country_code(digits))
    return f"{before}{'0' if stays else ''}{after}"


def _country_code(digits: str) -> str:
    """The one that these digits begin with; empty where there is none."""
    starts = (digits[:length] for length in range(1, _LONGEST_COUNTRY_CODE + 1))
    return next((start for start in starts if start.isdigit() and int(start) in COUNTRY_CODE_TO_REGION_CODE), "")


def _has_trunk_zero(country_code: str) -> bool:
    region = phonenumbers.region_code_for_country_code(int(country_code))
    return phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) == "0"


@lru_cache(maxsize=256)
def _keeps_zero(country_code: str) -> bool:
    """Whether numbers begin with 0 after the country code, as in Italy."""
    if not country_code:
        return False
    region = phonenumbers.region_code_for_country_code(int(country_code))
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    examples = (phonenumbers.example_number_for_type(region, kind) for kind in kinds)
    return any(example and example.italian_leading_zero for example in examples)
