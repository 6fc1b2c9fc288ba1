"""Which numbers are dialled with a click."""

from __future__ import annotations

import pytest

from sidecar.calls.reasons import Reason
from sidecar.calls.sipgate.dialling import NotDialled, number_to_dial


@pytest.mark.parametrize(
    ("written", "country", "digits"),
    [
        ("+49 30 1234567", "DE", "49301234567"),
        ("030 1234567", "DE", "49301234567"),
        ("491713920010", "DE", "491713920010"),
        ("+43 1 5880339", "DE", "4315880339"),
        ("+49 800 3301000", "DE", "498003301000"),
        ("0176/1234 5678", "DE", "4917612345678"),
        ("+49 (0)30 1234567", "DE", "49301234567"),
        ("0049 30 1234567", "DE", "49301234567"),
    ],
)
def test_ordinary_numbers_are_dialled(written: str, country: str, digits: str) -> None:
    assert number_to_dial(written, country) == digits


@pytest.mark.parametrize(
    ("written", "country", "why"),
    [
        ("110", "DE", NotDialled.EMERGENCY),
        ("112", "AT", NotDialled.EMERGENCY),
        ("1 1 2", "US", NotDialled.EMERGENCY),
        ("911", "US", NotDialled.EMERGENCY),
        ("144", "AT", NotDialled.EMERGENCY),
        ("11833", "DE", NotDialled.EXPENSIVE),
        ("118 33 00", "DE", NotDialled.EXPENSIVE),
        ("+49 900 1234567", "DE", NotDialled.EXPENSIVE),
        ("0180 5 123456", "DE", NotDialled.EXPENSIVE),
        ("201", "DE", NotDialled.TOO_SHORT),
        ("123456", "DE", NotDialled.TOO_SHORT),
        ("", "DE", NotDialled.TOO_SHORT),
        ("anonymous", "DE", NotDialled.TOO_SHORT),
        ("+49 30 99999999999999999", "DE", NotDialled.NO_NUMBER),
        ("0137 7123456", "DE", NotDialled.EXPENSIVE),
        ("030-BAHNHOF", "DE", NotDialled.TOO_SHORT),
        ("0176 12345678 (Handy)", "DE", NotDialled.NO_NUMBER),
        ("030 1234567 / 0171 1234567", "DE", NotDialled.NO_NUMBER),
        ("1234567w0", "DE", NotDialled.NO_NUMBER),
        ("sip:0301234567@example.com", "DE", NotDialled.NO_NUMBER),
        ("9999-12-31", "DE", NotDialled.NO_NUMBER),
        ("+999 1234567", "DE", NotDialled.NO_NUMBER),
        ("+49 110", "DE", NotDialled.TOO_SHORT),
        ("030 1234567" + " " * 30 + "89", "DE", NotDialled.NO_NUMBER),
    ],
)
def test_others_are_left_to_the_telephone(written: str, country: str, why: NotDialled) -> None:
    found = number_to_dial(written, country)
    assert isinstance(found, Reason)
    assert found.code == why
