"""Which numbers Zammad itself would find in a user's record, and what it has to be given besides.

Zammad's extraction is that of docs/reference/zammad.md section 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 2000  # characters that fit into the attribute `cti_numbers`

_RUN = re.compile(r"[0-9 \t\r\n\f\v\-(|)]{6,26}")
_BRACKETS_AFTER_COUNTRY = re.compile(r"^(00)?(\+?[0-9][0-9])\(0?([0-9]*)\)")  # Zammad's own expression


def numbers_zammad_finds(texts: Iterable[str]) -> set[str]:
    """The digits under which Zammad indexes a record with these texts; some of them are no phone numbers."""
    return {_digits_of_run(run) for text in texts for run in _RUN.findall(text)} - {""}


def _digits_of_run(run: str) -> str:
    compact = re.sub(r"[ \t\r\n\f\v-]", "", run)
    digits = re.sub(r"[^0-9]", "", _BRACKETS_AFTER_COUNTRY.sub(r"\1\2\3", compact))
    if digits.startswith("00"):
        return digits[2:]
    return "49" + digits[1:] if digits.startswith("0") else digits


def numbers_to_add(own: Iterable[str], texts: Iterable[str]) -> str:
    """What `cti_numbers` must hold: those of a person's own E.164 numbers that Zammad does not find in the other texts.

    Joined in the form that Zammad reads rightly; empty where nothing is missing.
    """
    found = numbers_zammad_finds(texts)
    joined = ""
    for number in dict.fromkeys(own):
        longer = f"{joined}, {number}" if joined else number
        if number.removeprefix("+") not in found and len(longer) <= LONGEST:
            joined = longer
    return joined
