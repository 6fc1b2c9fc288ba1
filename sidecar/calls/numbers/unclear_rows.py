"""Rows that look like a number or a pattern and are none: what was meant, and how it is written."""

from __future__ import annotations

import re
from enum import StrEnum

from sidecar.calls.numbers.layout import compact, odd_characters
from sidecar.calls.numbers.numbering_plans import LONGEST_IN_PRACTICE, calling_code, national_length, valid
from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.numbers.readings import has_lone_zero
from sidecar.calls.numbers.trunk_zero import without_zero_in_brackets
from sidecar.calls.numbers.written_numbers import numbers_in
from sidecar.calls.reasons import Reason, because

SMALL_STEP = 1000  # from the first number of a range to its last
SMALL_STEP_OF_BEGINNINGS = 100
MOST_NAMED = 3  # odd characters
_EXPRESSION = re.compile(r"[\[\]{}^$|]|\\[A-Za-z]|\)[?+]|\(\?|[0-9).]\+\s*$")
_LISTED = re.compile(r"[,;\n]|[0-9?*]\s*\+|\*[^0-9+*?]+[0-9]|\*\++")
_IN_WORDS = re.compile(r"[0-9]\s*(?:bis|to|until|\.\.+|~)\s*[+0-9]", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"(?P<first>.*[0-9]\)?)\s*/\s*(?P<end>[0-9]{1,2})[*?]*")
_DASHED = re.compile(r"(?P<first>.*[0-9]\)?)\s*-\s*(?P<end>[0-9]+)(?P<rest>[*?]*)")
_OPEN_END = re.compile(r"[-/_:·]\s*$|\.\.+$")
_LAST_GROUP = re.compile(r"[0-9]+(?=\)?$)")
_WORD = re.compile(r"[A-Za-z]{3}")  # whoever writes words knows it
_ABROAD = re.compile(r"\+[*?]+")


class Unclear(StrEnum):
    """Why a rule's number cannot be understood."""

    NO_COUNTRY = "unclear.no_country"
    NO_PATTERN = "unclear.no_pattern"
    ODD_CHARACTERS = "unclear.odd_characters"  # characters, by name
    EXPRESSION = "unclear.expression"
    SEVERAL = "unclear.several"
    RANGE = "unclear.range"
    RANGE_OF = "unclear.range_of"  # first, last, such_as
    ALTERNATIVE = "unclear.alternative"  # first, second
    OPEN_END = "unclear.open_end"  # such_as
    TOO_LONG = "unclear.too_long"  # digits, most
    TOO_SHORT = "unclear.too_short"
    OUTSIDE_LINE = "unclear.outside_line"
    NO_PREFIX = "unclear.no_prefix"  # of main numbers, which may lack an area code
    DOUBTFUL = "unclear.doubtful"  # numbers; likewise


def why_not_one_number(text: str, country: str) -> Reason | None:
    """Of plain text: whether it means several numbers, although it could be read as one or as a pattern."""
    if _EXPRESSION.search(text):
        return because(Unclear.EXPRESSION)
    if _IN_WORDS.search(text):
        return because(Unclear.RANGE)
    if _LISTED.search(text):
        return because(Unclear.SEVERAL)
    if _OPEN_END.search(text):
        return because(Unclear.OPEN_END, such_as=f"{re.sub(r'[^0-9)?*]+$', '', text)}*")
    if found := _alternative(text, country) or _range(text, country):
        return found
    return None if "*" in text or "?" in text else _several_or_too_long(text, country)


def why_unclear(text: str) -> Reason:
    """Of plain text that was read as nothing."""
    digits = compact(without_zero_in_brackets(text))
    if has_lone_zero(text):
        return because(Unclear.OUTSIDE_LINE)
    if _ABROAD.fullmatch(digits):
        return because(Unclear.NO_COUNTRY)
    if (odd := odd_characters(text)) and not _WORD.search(text):
        return because(Unclear.ODD_CHARACTERS, characters=odd[:MOST_NAMED])
    return because(Unclear.TOO_SHORT if "?" in digits else Unclear.NO_PATTERN)


def _several_or_too_long(text: str, country: str) -> Reason | None:
    if sum(not number.doubtful for number in numbers_in(text, country).found) > 1:
        return because(Unclear.SEVERAL)
    number, most = e164_digits(text, country), LONGEST_IN_PRACTICE.get(country)
    if most is None or number is None or not number.startswith(calling_code(country)):
        return None
    length = national_length(f"+{number}", country)
    return because(Unclear.TOO_LONG, digits=length, most=most) if length > most else None


def _alternative(text: str, country: str) -> Reason | None:
    """030 23125011/12"""
    found = _ALTERNATIVE.fullmatch(text)
    first = found and _number(found["first"], country)
    if not found or not first:
        return None
    return because(Unclear.ALTERNATIVE, first=first, second=_with_end(first, found["end"]))


def _range(text: str, country: str) -> Reason | None:
    """030 2312501-19; where the last digits before the dash are no less, what is behind it is an extension."""
    if (found := _DASHED.fullmatch(text)) is None:
        return _range_of_whole_numbers(text, country)
    if found["rest"]:
        return _range_of_beginnings(found["first"], found["end"])
    first, end = _number(found["first"], country), found["end"]
    if not first or len(end) >= len(first):
        return None
    step = int(end) - int(first[-len(end) :])
    if step <= 0 or (len(end) > len(str(SMALL_STEP - 1)) and step >= SMALL_STEP):
        return None
    last = _with_end(first, end)
    shared = next(place for place in range(len(first)) if first[place] != last[place])
    such_as = first[:shared] + "?" * (len(first) - shared)
    return because(Unclear.RANGE_OF, first=first, last=last, such_as=such_as)


def _range_of_beginnings(first: str, end: str) -> Reason | None:
    """+49 30-39*"""
    group = _LAST_GROUP.search(first)
    if group is None or len(group[0]) != len(end) or group[0].startswith("0") != end.startswith("0"):
        return None
    return because(Unclear.RANGE) if 0 < int(end) - int(group[0]) < SMALL_STEP_OF_BEGINNINGS else None


def _range_of_whole_numbers(text: str, country: str) -> Reason | None:
    """030 2312501-030 2312519"""
    for dash in re.finditer("-", text):
        first, last = _number(text[: dash.start()], country), _number(text[dash.end() :], country)
        if first and last:
            return because(Unclear.RANGE)
    return None


def _number(text: str, country: str) -> str | None:
    digits = e164_digits(text, country)
    return digits if digits and valid(f"+{digits}") else None


def _with_end(digits: str, end: str) -> str:
    return digits[: len(digits) - len(end)] + end
