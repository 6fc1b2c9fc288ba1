"""Whatever stands between the digits of a number, at every place where numbers are written.

Shown by zammad/zammad 4872 and 5128 (slashes), mdezube/sms-analysis 9 (no-break spaces),
CareTogether/CareTogetherCMS 467 (soft hyphens), google/libphonenumber 1672 (tabs).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sidecar.calls.numbers.layout import odd_characters, plain
from sidecar.calls.numbers.number_pattern import NumberPattern
from sidecar.calls.numbers.numbers import e164_digits, masked
from sidecar.calls.numbers.spellings import may_be_spelled, spellings
from sidecar.calls.numbers.written_numbers import numbers_in
from sidecar.calls.pages.search import terms_of
from sidecar.calls.rules.routing import caller_id_digits
from sidecar.sync.records import Reader, organization_record_from
from tests.sidecar.calls.numbers.valid_numbers import BETWEEN, WIDE
from zammad_client.records import Organization

DIGITS = "493023125011"
ALSO_LAYOUT = (
    "/",
    "\u2044",
    "\u2215",
    "\u29f8",
    "\\",
    "\uff0f",
    "\u2219",
    "\u22c5",
    "\u30fb",
    "\u2018",
    "`",
    "\u2032",
    "\u3164",
)


def in_a_field(written: str) -> str | None:
    found = numbers_in(written, "DE").found
    return None if len(found) != 1 or found[0].doubtful else found[0].e164.removeprefix("+")


def in_a_row(written: str) -> str | None:
    pattern = NumberPattern.compile(written, "DE")
    return pattern.text if pattern else None


def in_a_hook(written: str) -> str | None:
    return e164_digits(written, "DE")


def as_caller_id(written: str) -> str | None:
    return caller_id_digits(written, "DE")


def as_main_number(written: str) -> str | None:
    organization = Organization(id=1, name="Bakery", updated_at=datetime.now(UTC), texts={"cti_main_numbers": written})
    patterns = organization_record_from(organization, Reader(country="DE")).patterns
    return next(iter(patterns)) if len(patterns) == 1 else None


def searched(written: str) -> str | None:
    (term,) = terms_of(written, "DE")
    return (
        DIGITS if term.found_in(frozenset({f"+{DIGITS}"})) and not term.found_in(frozenset({"+49302312501"})) else None
    )


def erased(written: str) -> str | None:
    """Found in a text that is looked through."""
    found = may_be_spelled([DIGITS], written) and spellings([DIGITS]).search(written)
    return DIGITS if found else None


DOORS = (in_a_field, in_a_row, in_a_hook, as_caller_id, as_main_number, searched, erased)


@pytest.mark.parametrize("read", DOORS)
@pytest.mark.parametrize("between", [*BETWEEN, *ALSO_LAYOUT], ids=ascii)
def test_layout_is_left_out_at_every_door(between: str, read: Callable[[str], str | None]) -> None:
    for form in ("+49{0}30{0}23125011", "0049{0}30{0}23125011", "030{0}23125011", "+49 30 23{0}125{0}011"):
        assert read(form.format(between)) == DIGITS, form


@pytest.mark.parametrize("read", DOORS)
@pytest.mark.parametrize(
    "written",
    [
        "+49 30 23125011".translate(WIDE),
        "\uff0b49 30 23125011",
        "\u202a+49 30 23125011\u202c",
        "\ufeff030 23125011",
        "030 23125011\u00a0",
        "\uff08030\uff09 23125011",
        "+49 (0)30 23125011",
        "\u201c030 23125011\u201d",
        "0\ufe0f\u20e330 23125011",  # a key that was drawn
    ],
    ids=ascii,
)
def test_wide_and_invisible_characters_are_what_they_look_like(written: str, read: Callable[[str], str | None]) -> None:
    assert read(written) == DIGITS


def test_every_blank_dash_and_format_character_is_layout() -> None:
    kinds = {"Zs": " ", "Pd": "-", "Cf": ""}
    for each in map(chr, range(0x80, 0x20000)):
        kind = kinds.get(unicodedata.category(each))
        if kind is not None and each != "\u301c":  # a wave dash is a tilde
            assert plain(f"0{each}3") == f"0{kind}3"


@pytest.mark.parametrize("written", ["030 1234567\u00b2", "\u2460 030 1234567", "030 1234567\u2070"])
def test_a_footnote_or_a_fraction_is_no_digit(written: str) -> None:
    assert in_a_field(written) in {None, "49301234567"}
    assert in_a_row(written) is None


def test_digits_of_other_scripts_are_read_in_fields() -> None:
    assert in_a_field("\u0660\u0663\u0660 \u0661\u0662\u0663\u0664\u0665\u0666\u0667") == "49301234567"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("+49 30 1234567", ()),
        ("+49 3O 1234567", ('"O" (LATIN CAPITAL LETTER O)',)),
        ("+49 3\u043e 1234567;1", ('"\u043e" (CYRILLIC SMALL LETTER O)', '";" (SEMICOLON)')),
        ("030 1\ufffd2", ('"\ufffd" (REPLACEMENT CHARACTER)',)),
        ("030\u20071", ()),
        ("030 1\u00b2", ('"\u00b2" (SUPERSCRIPT TWO)',)),
    ],
    ids=ascii,
)
def test_what_no_number_has_is_called_by_its_name(written: str, names: tuple[str, ...]) -> None:
    assert odd_characters(written) == names


def test_logs_hide_the_end_of_a_number_in_any_layout() -> None:
    assert masked("+49\u00a030\u200b1234567".translate(WIDE)) == "+49301234***"
