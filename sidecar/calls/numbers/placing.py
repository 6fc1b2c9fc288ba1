"""Where a number goes in a customer's record, and how it is taken out again."""

from __future__ import annotations

import re
from collections.abc import Mapping

import phonenumbers

from sidecar.calls.numbers.numbers import e164_digits

MORE = "cti_more_numbers"
FIELDS = ("phone", "mobile", MORE)
_SEPARATORS = re.compile(r"[,;\n]+")


def as_written(digits: str) -> str:
    """+49 30 1234567."""
    parsed = phonenumbers.parse(f"+{digits}")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def with_number(fields: Mapping[str, str], digits: str, country: str) -> Mapping[str, str]:
    """What has to be changed; nothing where it is there already.

    A mobile number goes into `mobile`, any other into `phone`, where that is empty; else it is appended.
    """
    if any(digits in _digits_in(fields.get(name, ""), country) for name in FIELDS):
        return {}
    number = as_written(digits)
    kind = phonenumbers.number_type(phonenumbers.parse(f"+{digits}"))
    own = "mobile" if kind == phonenumbers.PhoneNumberType.MOBILE else "phone"
    if not fields.get(own, "").strip():
        return {own: number}
    more = fields.get(MORE, "").strip()
    return {MORE: f"{more}, {number}" if more else number}


def without_number(fields: Mapping[str, str], digits: str, country: str) -> Mapping[str, str]:
    """What has to be changed for nothing of it to be left in these fields."""
    changes: dict[str, str] = {}
    for name in FIELDS:
        pieces = [piece.strip() for piece in _SEPARATORS.split(fields.get(name, "")) if piece.strip()]
        kept = [piece for piece in pieces if e164_digits(piece, country) != digits]
        if len(kept) < len(pieces):
            changes[name] = ", ".join(kept)
    return changes


def _digits_in(text: str, country: str) -> set[str | None]:
    return {e164_digits(piece.strip(), country) for piece in _SEPARATORS.split(text) if piece.strip()}
