"""Phone numbers as sipgate sends them and admins write them, read into E.164 digits."""

from __future__ import annotations

from functools import lru_cache

from sidecar.calls.numbers.layout import compact, digits_of, plain
from sidecar.calls.numbers.numbering_plans import e164, parsed
from sidecar.calls.numbers.readings import has_lone_zero, international, is_from_abroad, reading_of

EXTENSION_DIGITS = 5  # so many at most are an extension of one's own (docs/reference/sipgate.md section 1.3)
LONGEST_TEXT = 100  # of a number with its layout
MOST_DIGITS = 18  # E.164 allows 15; German direct-dial numbers are known to be longer
WITHHELD = "anonymous"


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
    written_so = is_from_abroad(text) or digits_of(text).startswith("0")
    number = reading_of(text, country).number if written_so else international(digits)
    if number or not written_so:
        return number.removeprefix("+") if number else digits
    if has_lone_zero(text):
        return None
    likely = parsed(
        compact(text), country
    )  # drops a trunk prefix; Italy's leading zero belongs to the number and stays
    return e164(likely).removeprefix("+") if likely else digits


def masked(number: str) -> str:
    """A number as logs may show it: `+49301234***`. What is no number is hidden whole."""
    if number.lower() == WITHHELD:
        return WITHHELD
    digits = compact(number).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or not EXTENSION_DIGITS < len(digits) <= MOST_DIGITS:
        return "***" if number else ""
    return f"{'' if digits.startswith('0') else '+'}{digits[:-3]}***"
