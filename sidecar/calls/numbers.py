"""Phone numbers as sipgate, admins and customers write them, read into E.164 digits and patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from sidecar.calls.pattern_set import PatternSet
from sidecar.calls.reasons import Reason, because
from sidecar.calls.trunk_zero import readings_of_zero_in_brackets, without_trunk_zero, without_zero_in_brackets

EXTENSION_DIGITS = 5  # so many at most are an extension of one's own (docs/reference/sipgate.md section 1.3)
MOST_DIGITS = 18  # E.164 allows 15; German direct-dial numbers are known to be longer
WITHHELD = "anonymous"

LAYOUT = r"\s\-\u2010-\u2015./()\[\]|"  # what people put between digits, for a class of a pattern
_LAYOUT = re.compile(f"[{LAYOUT}]+")
_ABROAD = re.compile(r"(?:\+|00)[*?]+")


class Unclear(StrEnum):
    """Why a rule's number cannot be understood."""

    NO_COUNTRY = "unclear.no_country"
    NO_PATTERN = "unclear.no_pattern"


def e164_digits(raw: str, country: str) -> str | None:
    """The digits of E.164, without plus, of a hook's `from` or `to`.

    Digits alone that do not begin with 0 are E.164 already: sipgate leaves out the plus. None for what is no number to
    look up: withheld, SIP ids, extensions, rubbish.
    """
    if raw.isascii() and raw.isdigit() and raw[0] != "0":
        return raw if EXTENSION_DIGITS < len(raw) <= MOST_DIGITS else None
    return _e164_digits_as_written(raw[:64], country)


@lru_cache(maxsize=4096)
def _e164_digits_as_written(raw: str, country: str) -> str | None:
    digits = _international_digits(raw, country)
    if digits is None or not EXTENSION_DIGITS < len(digits) <= MOST_DIGITS or digits.startswith("0"):
        return None
    return digits


def _international_digits(raw: str, country: str) -> str | None:
    written = _compact(raw)
    digits = written.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return None
    for reading in readings_of_zero_in_brackets(raw):
        likely = _parsed(_compact(reading), country)
        if likely and phonenumbers.is_valid_number(likely):
            return _e164(likely)
    number = _parsed(written, country)  # drops a trunk prefix; Italy's leading zero belongs to the number and stays
    if number is None:
        return None if digits.startswith("0") else digits
    return _e164(number) if written.startswith(("+", "0")) else digits


def _compact(raw: str) -> str:
    written = _LAYOUT.sub("", raw)
    return f"+{written[2:]}" if written.startswith("00") else written


def _parsed(written: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


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
        read = _pattern_text(text.strip(), country)
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
    compact = _LAYOUT.sub("", without_zero_in_brackets(written))
    if not re.fullmatch(r"\+?[0-9*?]{1,40}", compact) or _ABROAD.fullmatch(compact):
        return None
    return re.sub(r"\*+", "*", _international_pattern(compact, country))


def _international_pattern(compact: str, country: str) -> str:
    if not compact.startswith("0") or compact.startswith("00"):
        return without_trunk_zero(compact.removeprefix("+").removeprefix("00"))
    trunk = phonenumbers.ndd_prefix_for_region(country, strip_non_digits=True) or ""
    national = compact.removeprefix("0") if trunk == "0" else compact
    return f"{phonenumbers.country_code_for_region(country)}{national}"


def no_pattern(written: str) -> Reason:
    """Why a rule's number cannot be understood."""
    if _ABROAD.fullmatch(_LAYOUT.sub("", without_zero_in_brackets(written))):
        return because(Unclear.NO_COUNTRY)
    return because(Unclear.NO_PATTERN)


def masked(number: str) -> str:
    """A number as logs may show it: `+49301234***`. What is no number is hidden whole."""
    if number.lower() == WITHHELD:
        return WITHHELD
    digits = _LAYOUT.sub("", number).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or not EXTENSION_DIGITS < len(digits) <= MOST_DIGITS:
        return "***" if number else ""
    return f"{'' if digits.startswith('0') else '+'}{digits[:-3]}***"
