from __future__ import annotations

import pytest

from sidecar.words.titles import LONGEST, caller_in_title
from sidecar.words.wording import Words

ENGLISH, GERMAN = Words(), Words(language="de")


@pytest.mark.parametrize(
    ("caller", "digits", "name", "title"),
    [
        ("4930998123", "4930998123", "Kunde GmbH", "Kunde GmbH (+49 30 998123)"),
        ("4915177700099", "4915177700099", None, "+49 1517 7700099"),
        ("4930998123", "4930998123", "Kunde\nGmbH \t & Co.", "Kunde GmbH & Co. (+49 30 998123)"),
        ("anonymous", None, None, "a withheld number"),
        ("", None, None, "a withheld number"),
        ("1452406e0", None, None, "an unknown number"),
    ],
)
def test_a_title_says_who_calls_in_one_line(caller: str, digits: str | None, name: str | None, title: str) -> None:
    assert caller_in_title(caller, digits, name, ENGLISH) == title


def test_words_are_those_of_the_agent() -> None:
    assert caller_in_title("anonymous", None, None, GERMAN) == "unterdrückter Nummer"
    assert caller_in_title("00000", None, None, GERMAN) == "unbekannter Nummer"


def test_a_name_gives_way_to_the_number() -> None:
    title = caller_in_title("4930998123", "4930998123", "x" * 300, ENGLISH)
    assert len(title) == LONGEST
    assert title.endswith("…  (+49 30 998123)".replace("  ", " "))
