"""Main numbers as admins write them: what they cover, and what cannot be said."""

from __future__ import annotations

import pytest

from sidecar.calls.numbers.main_numbers import main_numbers_in
from sidecar.calls.reasons import Reason
from tests.sentences import said


def covered(written: str, digits: str, area_code: str = "") -> bool:
    return any(
        pattern.matches(digits)
        for what in main_numbers_in(written, "DE", area_code).values()
        if not isinstance(what, Reason)
        for pattern in what
    )


@pytest.mark.parametrize(
    "written",
    [
        "030/23125-0",
        "030 / 23125 - 0",
        "030 23125\u20130",
        "+49 30 23125-0",
        "+49 (0)30 23125-0",
        "0049 30 23125 -0",
        "030 23125 DW 0",
        "Zentrale: 030/23125-0",
        "030/23125-0, +49 171 5000000",
        "\uff10\uff13\uff10/23125\u22120",
    ],
)
def test_a_zero_behind_a_dash_covers_the_extensions(written: str) -> None:
    for inside in ("4930231250", "493023125", "4930231251", "49302312512", "493023125123", "4930231251234"):
        assert covered(written, inside), inside
    for outside in ("49302312", "4930231260", "49302312512345", "4930231241", "493123125"):
        assert not covered(written, outside), outside


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("030/23125-11", "49302312511", "49302312512"),
        ("+49 30 231250", "4930231250", "49302312501"),
        ("0171 2345678-0", "4917123456780", "4917123456781"),  # mobile numbers have no extensions
        ("+33 1 23 45 67 8-0", "33123456780", "33123456781"),  # nor have those of fixed length
        ("+49 30 998*", "493099812", "493099712"),
        ("030/998-*", "493099812", "493099712"),
        ("4930998*", "493099812", "493099712"),
        ("+49 30 998??", "493099812", "4930998123"),
    ],
)
def test_other_main_numbers_cover_what_they_say(written: str, inside: str, outside: str) -> None:
    assert covered(written, inside)
    assert not covered(written, outside)


def test_an_austrian_company_has_extensions_too() -> None:
    (patterns,) = main_numbers_in("+43 1 5330000-0", "DE").values()
    assert not isinstance(patterns, Reason)
    assert any(pattern.matches("43153300001234") for pattern in patterns)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("030 2312501-19", "a range"),
        ("030 23125011/12", "may be two numbers"),
        ("030 1234567 0171 2345678", "more than one number"),
        ("+49[23]*", "regular expression"),
        ("231 25011", "may be read as +49 231 25011"),
        ("33 1 23 45 67 89", "may be read as"),
        ("23125*", "neither a country code nor an area code"),
        ("43 1 998*", "neither a country code nor an area code"),
        ("anonymous", "neither a number nor a pattern"),
        ("*", "neither a number nor a pattern"),
        ("nonsense*", "neither a number nor a pattern"),
        ("00*", "names no country"),
    ],
)
def test_what_cannot_be_said_for_certain_is_no_main_number(written: str, why: str) -> None:
    (what,) = main_numbers_in(written, "DE").values()
    assert isinstance(what, Reason)
    assert why in said(what)


@pytest.mark.parametrize(
    ("written", "inside"),
    [("23125-0", "49302312512"), ("23125011", "493023125011"), ("23125*", "493023125011"), ("231 25-*", "49302312511")],
)
def test_with_an_area_code_a_main_number_without_one_is_there(written: str, inside: str) -> None:
    assert covered(written, inside, area_code="30")
    assert not covered(written, inside)
