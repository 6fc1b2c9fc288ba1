"""Which numbers are dialled for somebody who presses a button: none that costs or that an emergency depends on."""

from __future__ import annotations

from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType, shortnumberinfo

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.reasons import Reason, because

FEWEST_DIGITS = 7
LONGEST = 40  # characters; what is longer is more than one number
EMERGENCY = frozenset({"110", "112"})  # everywhere
DIRECTORY_ENQUIRIES = "118"
EXPENSIVE = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


class NotDialled(StrEnum):
    """Why not."""

    EMERGENCY = "not_dialled.emergency"
    EXPENSIVE = "not_dialled.expensive"
    TOO_SHORT = "not_dialled.too_short"
    NO_NUMBER = "not_dialled.no_number"


def number_to_dial(written: str, country: str) -> str | Reason:
    """E.164 digits, or why this number is not dialled."""
    digits = "".join(each for each in written if each.isascii() and each.isdigit())
    if digits in EMERGENCY or (digits and shortnumberinfo.is_emergency_number(digits, country)):
        return because(NotDialled.EMERGENCY)
    if digits.startswith(DIRECTORY_ENQUIRIES):
        return because(NotDialled.EXPENSIVE)
    if len(digits) < FEWEST_DIGITS:
        return because(NotDialled.TOO_SHORT)
    e164 = e164_digits(written, country) if len(written) <= LONGEST else None
    number = _parsed(e164) if e164 else None
    if e164 is None or number is None:
        return because(NotDialled.NO_NUMBER)
    if phonenumbers.number_type(number) in EXPENSIVE or str(number.national_number).startswith(DIRECTORY_ENQUIRIES):
        return because(NotDialled.EXPENSIVE)
    return e164


def _parsed(e164: str) -> phonenumbers.PhoneNumber | None:
    """None for digits that begin with no country's code: 99991231."""
    try:
        return phonenumbers.parse(f"+{e164}")
    except phonenumbers.NumberParseException:
        return None
