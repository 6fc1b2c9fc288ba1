"""Texts for people in which Zammad finds no number, and addresses that lead to the same place."""

from __future__ import annotations

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.callbacks.unindexed import unlike_numbers, unlike_numbers_in_address
from zammad_client.simulator.models.recognition import numbers_of

TEXTS = st.text(st.sampled_from("0123456789 -()|\n\tab.:+"), max_size=60)


@given(TEXTS)
def test_no_number_is_found_and_no_digit_is_lost(text: str) -> None:
    made = unlike_numbers(text)
    assert numbers_of([made]) == {}
    assert [sign for sign in made if sign.isdigit()] == [sign for sign in text if sign.isdigit()]


def test_a_number_is_read_as_ever() -> None:
    assert unlike_numbers("+49 30 1234567").replace("\N{NO-BREAK SPACE}", " ") == "+49 30 123 4567"


@given(st.from_regex(r"https://[a-z.]{1,9}/calls/[0-9]{1,18}", fullmatch=True))
def test_an_address_leads_to_the_same_place(url: str) -> None:
    made = unlike_numbers_in_address(url)
    assert unquote(made) == url
    assert numbers_of([made]) == {}
