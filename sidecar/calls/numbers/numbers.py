"""Phone numbers as sipgate, admins and customers write them, read into E.164 digits and patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sidecar.calls.numbers.layout import compact, plain
from sidecar.calls.numbers.numbering_plans import calling_code, e164, has_trunk_zero, parsed
from sidecar.calls.numbers.pattern_set import PatternSet
from sidecar.calls.numbers.readings import has_lone_zero, international, is_from_abroad, reading_of
from sidecar.calls.numbers.trunk_zero import without_trunk_zero, without_zero_in_brackets
from sidecar.calls.reasons import Reason, because

EXTENSION_DIGITS = 5  # so many at most are an extension of one's own (docs/reference/sipgate.md section 1.3)
LONGEST_TEXT = 100  # of a number with its layout
MOST_DIGITS = 18  # E.164 allows 15; German direct-dial numbers are known to be longer
WITHHELD = "anonymous"

_ABROAD = re.compile(r"\+[*?]+")


class Unclear(StrEnum):
    """Why a rule's number cannot be understood."""

    NO_COUNTRY = "unclear.no_country"
    NO_PATTERN = "unclear.no_pattern"


def e164_digits(raw: str, country: str) -> str | None:
    """The digits of E.164, without plus, of a hook's `from` or `to`.

    Digits alone that do not begin with 0 are E.164 already: sipgate leaves out the plus. None for what is no number to
    look up: withheld, SIP ids, extensions, rubbish.
    """
    digits = _e164_digits(raw[:LONGEST_TEXT], country)
    if digits is None or not EXTENSION_DIGITS < len(digits) <= MOST_DIGITS or digits.startswith("0"):
        return None
    return digits


@lru_cache(maxsize=4096)
def _e164_digits(raw: str, country: str) -> str | None:
    text = plain(raw)
    digits = compact(text).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return None
    written_so = is_from_abroad(text) or digits.startswith("0")
    number = reading_of(text, country).number if written_so else international(digits)
    if number or not written_so:
        return number.removeprefix("+") if number else digits
    if has_lone_zero(text):
        return None
    likely = parsed(
        compact(text), country
    )  # drops a trunk prefix; Italy's leading zero belongs to the number and stays
    return e164(likely).removeprefix("+") if likely else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPattern:
    """A number or a pattern of numbers in a rule: `*` is any number of digits, `?` exactly one.

    `text` holds digits and wildcards, or "anonymous" for withheld numbers, which no wildcard matches.
    """

    text: str

    @classmethod
    def compile(cls, text: str, country: str) -> NumberPattern | None:
        """The pattern written in any spelling (`+49 89*`, `0049 89*`, `089/*`); None if it cannot be understood.

        `00*` and `+*` neither: whoever writes that means calls from abroad, and `*` would be everybody.
        """
        read = _pattern_text(plain(text).strip(), country)
        return None if read is None else cls(text=read)

    @property
    def exact(self) -> bool:
        return not ("*" in self.text or "?" in self.text)

    @property
    def matches_every_number(self) -> bool:
        """But for a few short ones, where question marks stand beside the star."""
        return "*" in self.text and not self.text.strip("*?")

    @property
    def literal_prefix(self) -> str:
        """The digits before the first wildcard; an exact pattern's digits."""
        return "" if self.text == WITHHELD else re.split(r"[*?]", self.text, maxsplit=1)[0]

    def matches(self, digits: str) -> bool:
        """Whether E.164 digits fit; "" (or "anonymous") stands for a withheld number."""
        if digits in {"", WITHHELD}:
            return self.text == WITHHELD
        return self.text != WITHHELD and PatternSet.of([self.text]).first_match(digits) is not None


def _pattern_text(written: str, country: str) -> str | None:
    if written.lower() == WITHHELD:
        return WITHHELD
    if not ("*" in written or "?" in written):
        return e164_digits(written, country)
    digits = compact(without_zero_in_brackets(written))
    if not re.fullmatch(r"\+?[0-9*?]{1,40}", digits) or _ABROAD.fullmatch(digits):
        return None
    return re.sub(r"\*+", "*", _international_pattern(digits, country))


def _international_pattern(written: str, country: str) -> str:
    if not written.startswith("0"):
        return without_trunk_zero(written.removeprefix("+"))
    national = written.removeprefix("0") if has_trunk_zero(country) else written
    return f"{calling_code(country)}{national}"


def no_pattern(written: str) -> Reason:
    """Why a rule's number cannot be understood."""
    if _ABROAD.fullmatch(compact(without_zero_in_brackets(plain(written)))):
        return because(Unclear.NO_COUNTRY)
    return because(Unclear.NO_PATTERN)


def masked(number: str) -> str:
    """A number as logs may show it: `+49301234***`. What is no number is hidden whole."""
    if number.lower() == WITHHELD:
        return WITHHELD
    digits = compact(number).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or not EXTENSION_DIGITS < len(digits) <= MOST_DIGITS:
        return "***" if number else ""
    return f"{'' if digits.startswith('0') else '+'}{digits[:-3]}***"
