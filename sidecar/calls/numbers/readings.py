"""Which numbers the digits of one written number may mean, and whether that can be told for certain.

Written with + or 00, or with a leading 0, it says itself how it is meant. Digits alone may lack a 0, a plus, an area
code, or all of them: what they may mean is tried, and several valid meanings are several readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sidecar.calls.numbers.layout import digits_of
from sidecar.calls.numbers.numbering_plans import (
    begins_as_mobile,
    calling_code,
    dialled_alike,
    has_room_for_area_code,
    has_trunk_zero,
    is_landline,
    is_mobile,
    longest_mobile,
    national_length,
    plausible_length,
    possible,
    valid,
)
from sidecar.calls.numbers.trunk_zero import readings_of_zero_in_brackets, with_another_zero

LONGEST_WITHOUT_AREA = 8  # digits of a landline without its area code
_FROM_ABROAD = re.compile(r"[\s(\[]*(?:\+|00)")
_LONE_ZERO = re.compile(r"[\s(\[]*0[^\d+*?]+(?=0)")  # 0 030…: it gets the outside line
_ENDS_WITH_ZERO = re.compile(r"[0-9)]\s*-\s*0$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """E.164 numbers with plus. Not certain: it may be any of them, or none."""

    numbers: tuple[str, ...] = ()
    certain: bool = False

    @property
    def number(self) -> str | None:
        """The one that it certainly is."""
        return self.numbers[0] if self.certain else None


UNREADABLE = Reading()


def reading_of(text: str, country: str, area_code: str = "") -> Reading:
    """Of plain text that is one number. `area_code`: without trunk 0, that of numbers without one."""
    if lone_zero := _LONE_ZERO.match(text):
        return _after_lone_zero(text, text[lone_zero.end() :], country)
    digits = digits_of(text)
    if is_from_abroad(text):
        return _one_of([international(text)])
    if digits.startswith("0"):
        return _national(digits, country)
    return _without_any_zero(digits, country, area_code)


def has_lone_zero(text: str) -> bool:
    """Whether a 0 before the number gets the outside line, as in `0 030…`; or it is a 00 written in two pieces."""
    return _LONE_ZERO.match(text) is not None


def is_from_abroad(text: str) -> bool:
    """Whether it begins with + or 00."""
    return _FROM_ABROAD.match(text) is not None


def international(text: str) -> str | None:
    """The valid number with the country code that this begins with, with or without + or 00.

    Where it is none as written, but one with a 0 more or one with a 0 less after the country code, that is meant.
    """
    for reading in (*readings_of_zero_in_brackets(text), text):
        if number := valid(f"+{digits_of(reading).removeprefix('00')}"):
            return number
    others = with_another_zero(digits_of(text).removeprefix("00"))
    found = {number for each in others if (number := valid(f"+{each}"))}
    return found.pop() if len(found) == 1 else None


def possible_as_written(text: str, country: str) -> str | None:
    """What stands there behind + or 00, or behind a 0, although phonenumbers does not know it as valid."""
    digits = digits_of(text)
    if is_from_abroad(text):
        return possible(f"+{digits.removeprefix('00')}")
    if digits.startswith("0") and not (has_lone_zero(text) or digits.startswith(f"0{calling_code(country)}")):
        return possible(digits, country)
    return None


def extensions_behind(text: str, number: str) -> str:
    """What is before the 0 of a landline written as `030/23125-0`, where the 0 may be another extension; else nothing.

    In countries whose landlines differ in length.
    """
    head = number[:-1]
    written_so = _ENDS_WITH_ZERO.search(text) is not None and number.endswith("0")
    open_ended = valid(head) or valid(f"{number}0")
    return head if written_so and open_ended and is_landline(number) else ""


def _after_lone_zero(whole: str, rest: str, country: str) -> Reading:
    """Nothing where it may be the 0 for the outside line as well as the first of a 00."""
    inside = reading_of(rest, country)
    found = _one_of([*inside.numbers, international(f"+{digits_of(whole).removeprefix('00')}")])
    return found if found.certain else UNREADABLE


def _national(digits: str, country: str) -> Reading:
    """With a leading 0. `049 30…` is no number at home: the 0 stands for a plus, or for 00."""
    home = valid(digits, country) or (None if has_trunk_zero(country) else _own(digits, country))
    if home and (other := dialled_alike(home, digits, country)):
        return _one_of([home, other])
    rest = digits.lstrip("0")
    own = international(f"+{rest}") if rest.startswith(calling_code(country)) else None
    if home and own and not plausible_length(home, country):
        return _one_of([home, own])
    return _one_of([home or own])


def _own(digits: str, country: str) -> str | None:
    """The valid number of this country with these digits behind its code."""
    return international(f"+{calling_code(country)}{digits}")


def _without_any_zero(digits: str, country: str, area_code: str) -> Reading:
    own = _own_code(digits, country)
    home = _at_home(digits, country, own)
    foreign = [] if digits.startswith(calling_code(country)) else [valid(f"+{digits}")]
    if not own and len(home) == 1 and is_mobile(home[0]):
        return _one_of(home)
    lacks_area = not home or (has_trunk_zero(country) and has_room_for_area_code(digits, country))
    if lacks_area and len(digits) <= LONGEST_WITHOUT_AREA:
        if area_code:
            return _one_of([_in_area(digits, country, area_code)])
        return Reading(numbers=_one_of([*home, own, *foreign]).numbers)
    if home and not has_trunk_zero(country):  # that is how they are dialled at home
        return _one_of([*home, own])
    return _one_of([*home, own, *foreign])


def _own_code(digits: str, country: str) -> str | None:
    """The number of this country with the country code but no plus; a mobile one of any length that is possible."""
    code = calling_code(country)
    if not digits.startswith(code):
        return None
    if number := international(f"+{digits}"):
        return number
    beginning = digits.removeprefix(code)[:2]
    return possible(f"+{digits}") if begins_as_mobile(beginning, country) else None


def _at_home(digits: str, country: str, own: str | None) -> list[str]:
    """Numbers of this country with neither country code nor trunk 0."""
    zero = "0" if has_trunk_zero(country) else ""
    tried = [valid(f"{zero}{digits}", country), valid(f"+{calling_code(country)}{digits}")]
    found = [number for number in dict.fromkeys(tried) if number and plausible_length(number, country)]
    if not found and not zero:
        found = [number for number in [_own(digits, country)] if number]
    return [number for number in found if not (own and national_length(number, country) > longest_mobile(country))]


def _in_area(digits: str, country: str, area_code: str) -> str | None:
    return valid(f"+{calling_code(country)}{area_code}{digits}")


def _one_of(numbers: Iterable[str | None]) -> Reading:
    """Certain where it is one."""
    found = tuple(dict.fromkeys(number for number in numbers if number))
    return Reading(numbers=found, certain=len(found) == 1)
