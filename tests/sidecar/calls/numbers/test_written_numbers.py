from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from sidecar.calls.numbers.written_numbers import numbers_in
from tests.sidecar.calls.numbers.written_forms import TABLES, written_forms

KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)


def found(text: str, country: str = "DE") -> list[str]:
    return [number.e164 for number in numbers_in(text, country).found]


def test_the_table_has_at_least_two_hundred_forms() -> None:
    assert len({(country, written) for country, written, _meant in written_forms()}) >= 200


@pytest.mark.parametrize(("country", "written", "meant"), written_forms())
def test_every_written_form_is_the_number_that_is_meant(country: str, written: str, meant: list[str]) -> None:
    numbers = numbers_in(written, country)
    assert [number.e164 for number in numbers.found] == meant
    assert numbers.unreadable == ()


@st.composite
def valid_numbers(draw: st.DrawFn) -> tuple[str, phonenumbers.PhoneNumber]:
    """A valid number of any of the countries: an example whose last digits are replaced."""
    country = draw(st.sampled_from(sorted(TABLES)))
    example = phonenumbers.example_number_for_type(country, draw(st.sampled_from(KINDS)))
    assert example is not None
    national = phonenumbers.national_significant_number(example)
    changed = draw(st.integers(min_value=1, max_value=len(national) - 2))
    digits = national[:-changed] + "".join(
        draw(st.lists(st.sampled_from("0123456789"), min_size=changed, max_size=changed))
    )
    number = phonenumbers.parse(f"+{example.country_code}{digits}")
    assume(phonenumbers.is_valid_number(number))
    return country, number


@given(
    valid_numbers(),
    st.sampled_from(
        [
            PhoneNumberFormat.INTERNATIONAL,
            PhoneNumberFormat.NATIONAL,
            PhoneNumberFormat.E164,
            PhoneNumberFormat.RFC3966,
        ]
    ),
)
def test_any_formatting_of_a_valid_number_is_the_same_number(
    country_and_number: tuple[str, phonenumbers.PhoneNumber], form: int
) -> None:
    country, number = country_and_number
    written = phonenumbers.format_number(number, form)
    assert found(written, country) == [phonenumbers.format_number(number, PhoneNumberFormat.E164)], written


@given(valid_numbers(), valid_numbers(), st.sampled_from([", ", "; ", "\n", " / ", " | ", " oder ", " or "]))
def test_two_numbers_are_told_apart(
    one: tuple[str, phonenumbers.PhoneNumber], other: tuple[str, phonenumbers.PhoneNumber], separator: str
) -> None:
    both = [phonenumbers.format_number(number, PhoneNumberFormat.E164) for _country, number in (one, other)]
    assert found(separator.join(both), one[0]) == list(dict.fromkeys(both))


@pytest.mark.parametrize(
    "text",
    [
        "2022-01-15",
        "15.01.2022",
        "kunde123456@example.com",
        "1234567w0",
        "12",
        "110",
        "+49",
        "https://example.com/4930123",
    ],
)
def test_what_is_no_phone_number_is_told_as_unreadable(text: str) -> None:
    numbers = numbers_in(text, "DE")
    assert numbers.found == ()
    assert numbers.unreadable == (text,)


@pytest.mark.parametrize("text", ["", "   ", "siehe Notiz", "-", "???", "privat"])
def test_text_without_digits_is_neither_number_nor_unreadable(text: str) -> None:
    numbers = numbers_in(text, "DE")
    assert (numbers.found, numbers.unreadable) == ((), ())


def test_one_unreadable_piece_does_not_hide_the_others() -> None:
    numbers = numbers_in("030 1234567, 12, 0171 2345678", "DE")
    assert [number.e164 for number in numbers.found] == ["+49301234567", "+491712345678"]


def test_a_found_number_knows_how_it_was_written() -> None:
    assert numbers_in("Tel. 030/1234567 (Büro)", "DE").found[0].written == "030/1234567"


@given(st.text(max_size=300))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    for number in numbers_in(text, "DE").found:
        assert number.e164[1:].isdigit()
