"""The number index makes the same mistakes as Zammad's (docs/reference/zammad.md section 2.1)."""

from __future__ import annotations

import pytest

from zammad_client.simulator import Simulator
from zammad_client.simulator.models.recognition import numbers_of


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("+49 30 1234567", ["49301234567"]),
        ("0049 30 1234567", ["49301234567"]),
        ("030 1234567", ["49301234567"]),
        ("(030) 1234567", ["49301234567"]),
        ("+49 (0)30 1234567", ["49301234567"]),
        ("0049 (0)30 1234567", ["49301234567"]),
        ("+49 (030) 1234567", ["49301234567"]),
        ("+43 (0664) 1234567", ["436641234567"]),
        ("030/7654321", ["7654321"]),
        ("0171/2345678", ["2345678"]),
        ("+49.30.1234567", ["1234567"]),
        ("030.1234567", ["1234567"]),
        ("0664 1234567", ["496641234567"]),
        ("+43 0664 1234567", ["4306641234567"]),
        ("+358 (0)9 1234567", ["358091234567"]),
        ("49301234567 491712345678", ["49301234567491712345678"]),
        ("+49301234567, +491712345678", ["49301234567", "491712345678"]),
        ("+49301234567\n+491712345678", ["49301234567", "491712345678"]),
        ("customer since 2022-01-15", ["20220115"]),
        ("kunde123456@example.com", ["123456"]),
        ("1234567w0", ["1234567"]),
        ("w0, w5", []),
        ("anonymous", []),
        ("------", []),
    ],
)
def test_a_text_is_indexed_as_zammad_does(text: str, indexed: list[str]) -> None:
    assert list(numbers_of([text])) == indexed


def test_numbers_of_two_attributes_are_never_glued() -> None:
    assert list(numbers_of(["030 123456", "0171 2345678"])) == ["4930123456", "491712345678"]


def test_a_removed_number_is_forgotten_and_the_newest_entry_comes_first() -> None:
    sim = Simulator()
    sim.change_user(7, phone="+49 30 1234567")
    assert [entry.user_id for entry in sim.index.matches("49301234567")] == [7, 6]
    sim.change_user(7, phone="")
    assert [entry.user_id for entry in sim.index.matches("49301234567")] == [6]


def test_at_most_twenty_people_share_a_number() -> None:
    sim = Simulator()
    for number in range(25):
        sim.add_user("Somebody", str(number), phone="+49 89 5555555")
    matches = sim.index.matches("49895555555")
    assert len(matches) == 20
    assert matches[0].user_id > matches[-1].user_id
