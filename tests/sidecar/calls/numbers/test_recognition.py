from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.numbers.recognition import LONGEST, numbers_to_add, numbers_zammad_finds
from sidecar.calls.numbers.written_numbers import numbers_in
from tests.sidecar.calls.numbers.written_forms import written_forms
from tests.sidecar.calls.numbers.zammads_extraction import extraction


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("+49 30 1234567", {"49301234567"}),
        ("0049 30 1234567", {"49301234567"}),
        ("030 1234567", {"49301234567"}),
        ("(030) 1234567", {"49301234567"}),
        ("+49 (0)30 1234567", {"49301234567"}),
        ("0049 (0)30 1234567", {"49301234567"}),
        ("+49 (030) 1234567", {"49301234567"}),
        ("+43 (0664) 1234567", {"436641234567"}),
        ("0043 (0664) 1234567", {"436641234567"}),
        ("+49 (30) 1234567", {"49301234567"}),
        ("+49 30 (0) 1234567", {"493001234567"}),
        ("+49 (0|30) 1234567", {"490301234567"}),
        ("+358 (09) 1234567", {"358091234567"}),
        ("030/7654321", {"7654321"}),
        ("0171/2345678", {"2345678"}),
        ("030.1234567", {"1234567"}),
        ("0664 1234567", {"496641234567"}),
        ("+43 0664 1234567", {"4306641234567"}),
        ("+358 (0)9 1234567", {"358091234567"}),
        ("+49301234567, +491712345678", {"49301234567", "491712345678"}),
        ("+49301234567\n+491712345678", {"49301234567", "491712345678"}),
        ("customer since 2022-01-15", {"20220115"}),
        ("kunde123456@example.com", {"123456"}),
        ("1234567w0", {"1234567"}),
        ("no number", set()),
    ],
)
def test_what_zammad_makes_of_a_text(text: str, found: set[str]) -> None:
    assert numbers_zammad_finds([text]) == found
    assert extraction([text]) == found


@pytest.mark.parametrize("written", ["0049 (0)30 1234567", "+43 (0664) 1234567", "+49 (030) 1234567"])
def test_what_zammad_finds_by_itself_is_not_added(written: str) -> None:
    (own,) = numbers_in(written, "DE").found
    assert numbers_to_add([own.e164], [written]) == ""


def test_numbers_with_only_a_blank_between_them_are_lost_to_zammad() -> None:
    assert "49301234567" not in numbers_zammad_finds(["49301234567 491712345678"])


def test_only_what_zammad_misses_is_added() -> None:
    texts = ["030 1234567", "0171/2345678"]
    assert numbers_to_add(["+49301234567", "+491712345678"], texts) == "+491712345678"


def test_a_number_that_stands_in_another_text_is_not_added() -> None:
    assert numbers_to_add(["+49307654321"], ["030/7654321", "note: 030 7654321"]) == ""


def test_what_is_added_fits_into_the_attribute() -> None:
    added = numbers_to_add([f"+4930{number:07}" for number in range(1000)], [])
    assert len(added) <= LONGEST
    assert added.startswith("+49300000000, +49300000001")
    assert all(len(number) == 12 for number in added.split(", "))


@given(st.lists(st.text(alphabet="0123456789 -()|/+.,\nabc", max_size=60), max_size=5))
def test_both_extractions_agree(texts: list[str]) -> None:
    assert numbers_zammad_finds(texts) == extraction(texts)


@given(st.lists(st.sampled_from(written_forms()), min_size=1, max_size=4), st.text(max_size=40))
def test_with_what_is_added_zammad_finds_every_own_number(forms: list[tuple[str, str, list[str]]], note: str) -> None:
    texts = [*(written for _country, written, _meant in forms), note]
    own = [number.e164 for country, written, _meant in forms for number in numbers_in(written, country).found]
    added = numbers_to_add(own, texts)
    assert {number.removeprefix("+") for number in own} <= extraction([*texts, added])
    assert all(number.removeprefix("+") not in extraction(texts) for number in added.split(", ") if number)
