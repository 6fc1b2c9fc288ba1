"""A number or a pattern of numbers as admins write it in a row, and why some rows are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sidecar.calls.numbers.layout import compact, plain
from sidecar.calls.numbers.numbering_plans import calling_code, has_trunk_zero
from sidecar.calls.numbers.numbers import EXTENSION_DIGITS, WITHHELD, e164_digits
from sidecar.calls.numbers.pattern_set import PatternSet
from sidecar.calls.numbers.readings import has_lone_zero
from sidecar.calls.numbers.trunk_zero import with_likely_zero, without_zero_in_brackets
from sidecar.calls.numbers.unclear_rows import why_not_one_number, why_unclear
from sidecar.calls.reasons import Reason

KEPT = 1 << 17  # rows whose reading is kept: all rules are computed anew whenever one of them changes
_PLAIN = re.compile(r"\+?[0-9]*[*?]?", re.ASCII)
_PATTERN = re.compile(r"\+?[0-9*?]{1,40}", re.ASCII)
_ABROAD = re.compile(r"\+[*?]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPattern:
    """A number or a pattern of numbers in a rule: `*` is any number of digits, `?` exactly one.

    `text` holds digits and wildcards, or "anonymous" for withheld numbers, which no wildcard matches.
    """

    text: str

    @classmethod
    def compile(cls, text: str, country: str) -> NumberPattern | None:
        """The pattern written in any spelling (`+49 89*`, `0049 89*`, `089/*`); None if it cannot be understood."""
        read = pattern_in(text, country)
        return read if isinstance(read, cls) else None

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


@lru_cache(maxsize=KEPT)
def pattern_in(written: str, country: str) -> NumberPattern | Reason:
    """What a row means, or why it is refused: an `Unclear`.

    `00*` and `+*` are, too: whoever writes that means calls from abroad, and `*` would be everybody.
    """
    text = plain(written).strip(" \t\n\r,;\"'")
    if text.lower() == WITHHELD:
        return NumberPattern(text=WITHHELD)
    if not _PLAIN.fullmatch(text) and (refused := why_not_one_number(text, country)):
        return refused
    read = _wildcards(text, country) if "*" in text or "?" in text else e164_digits(text, country)
    return NumberPattern(text=read) if read else why_unclear(text)


def beginning_of_numbers(written: str, country: str) -> str:
    """The digits with which E.164 numbers begin that are written so: of a part of a number, in any spelling."""
    read = _wildcards(f"{plain(written)}*", country)
    return read.removesuffix("*") if read else ""


def _wildcards(text: str, country: str) -> str | None:
    written = compact(without_zero_in_brackets(text))
    if has_lone_zero(text) or _ABROAD.fullmatch(written) or not _PATTERN.fullmatch(written):
        return None
    pattern = re.sub(r"\*+", "*", _international(written, country))
    return pattern if "*" in pattern or len(pattern) > EXTENSION_DIGITS else None


def _international(written: str, country: str) -> str:
    if not written.startswith("0"):
        return with_likely_zero(written.removeprefix("+"))
    national = written.removeprefix("0") if has_trunk_zero(country) else written
    return f"{calling_code(country)}{national}"
