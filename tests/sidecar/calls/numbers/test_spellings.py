"""A number is found in every spelling, and no other number with it."""

from __future__ import annotations

import pytest

from sidecar.calls.numbers.spellings import spellings

BERLIN = spellings(["49301234567"])


@pytest.mark.parametrize(
    "text",
    [
        *("49301234567", "+49301234567", "0049301234567", "0301234567", "030/1234567", "(030) 123 45 67"),
        *("+49 (0)30 1234567", "+49-30-1234567", "030.123.45.67", "phone: 030 1234567, mobile", '"+49301234567"'),
        *("event=newCall&from=49301234567&to=1", "30 1234567"),
    ],
)
def test_found(text: str) -> None:
    assert BERLIN.search(text)


@pytest.mark.parametrize(
    "text",
    ["493012345678", "149301234567", "49301234568", "0891234567", "", "anonymous", "4930123456", "49301234,567"],
)
def test_not_found(text: str) -> None:
    assert not BERLIN.search(text)


def test_without_numbers_nothing_is_found() -> None:
    assert not spellings([]).search("49301234567")


def test_a_number_without_a_country_is_found_as_it_is() -> None:
    assert spellings(["9990001112223"]).search("from=9990001112223")
