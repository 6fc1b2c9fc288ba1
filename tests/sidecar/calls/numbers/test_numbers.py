from __future__ import annotations

from itertools import product

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from sidecar.calls.numbers.numbers import e164_digits, masked


@pytest.mark.parametrize(
    ("raw", "country", "digits"),
    [
        ("492111234567", "DE", "492111234567"),
        ("+492111234567", "DE", "492111234567"),
        ("00492111234567", "DE", "492111234567"),
        ("0049 211 1234567", "US", "492111234567"),
        ("0211/1234567", "DE", "492111234567"),
        ("0211 1234567", "AT", "432111234567"),
        ("+49 (0)30 1234567", "DE", "49301234567"),
        ("+39 (0)6 12345678", "DE", "390612345678"),
        ("+48 (0)22 123 45 67", "DE", "48221234567"),
        ("0048 (0)22 123 45 67", "PL", "48221234567"),
        ("(+48) (0)22 123 45 67", "DE", "48221234567"),
        ("+36 (0)1 234 5678", "DE", "3612345678"),
        ("+34 (0)912 345 678", "DE", "34912345678"),
        ("+47 ( 0 ) 22 12 34 56", "DE", "4722123456"),
        ("+420 (0)221 234 567", "DE", "420221234567"),
        ("+352 (0)26 12 34 56", "DE", "35226123456"),
        ("+39 (0)347 123 4567", "DE", "393471234567"),
        ("+49 (0)99 12", "DE", "499912"),  # valid in neither reading
        ("06 12345678", "IT", "390612345678"),
        ("(212) 555-1234", "DE", "2125551234"),
        ("+999 1234567", "DE", "9991234567"),
        ("123456", "DE", "123456"),
    ],
)
def test_a_number_of_a_hook_is_read_in_any_spelling(raw: str, country: str, digits: str) -> None:
    assert e164_digits(raw, country) == digits


@pytest.mark.parametrize(
    "raw", ["", "anonymous", "Anonymous", "1452406e0", "11", "12345", "00000", "0", "000", "+", "1" * 40, "٣٠١٢٣٤٥٦٧"]
)
def test_what_is_nobodys_number_has_no_digits(raw: str) -> None:
    assert e164_digits(raw, "DE") is None


@given(st.text(max_size=80))
def test_no_text_whatever_breaks_the_reader(raw: str) -> None:
    digits = e164_digits(raw, "DE")
    assert digits is None or (digits.isascii() and digits.isdigit())
    masked(raw)


def test_a_zero_in_brackets_costs_no_country_its_numbers() -> None:
    """Whether it has a trunk zero, another prefix, none, or numbers that begin with 0."""
    somebody_elses = {"AC fixed", "AC mobile", "IT mobile", "VA mobile"}  # valid with the zero as well
    kinds = {"fixed": PhoneNumberType.FIXED_LINE, "mobile": PhoneNumberType.MOBILE}
    wrong = set()
    for region, (name, kind) in product(phonenumbers.SUPPORTED_REGIONS, kinds.items()):
        if example := phonenumbers.example_number_for_type(region, kind):
            code, national = example.country_code, phonenumbers.national_significant_number(example)
            read = e164_digits(f"+{code} (0){national.removeprefix('0')}", "DE")
            wrong |= set() if read == f"{code}{national}" else {f"{region} {name}"}
    assert wrong <= somebody_elses


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("49301234567", "+49301234***"),
        ("+49301234567", "+49301234***"),
        ("+49 30 1234567", "+49301234***"),
        ("0301234567", "0301234***"),
        ("anonymous", "anonymous"),
        ("", ""),
        ("11", "***"),
        ("1452406e0", "***"),
        ("Erika Mustermann", "***"),
    ],
)
def test_logs_show_a_number_without_its_last_digits(number: str, shown: str) -> None:
    assert masked(number) == shown
