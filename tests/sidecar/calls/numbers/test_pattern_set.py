"""Patterns tried at once find what each of them finds alone, and never try one twice."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.numbers.number_pattern import NumberPattern
from sidecar.calls.numbers.number_table import NumberTable
from sidecar.calls.numbers.pattern_set import PatternSet

PATTERNS = st.lists(st.text("012*?", max_size=8), max_size=6)
DIGITS = st.text("012", min_size=1, max_size=9)


@given(PATTERNS, DIGITS)
def test_the_first_pattern_that_fits_is_found(patterns: list[str], digits: str) -> None:
    fitting = [place for place, pattern in enumerate(patterns) if re.match(translate(pattern), digits)]
    assert PatternSet.of(patterns).first_match(digits) == (fitting[0] if fitting else None)


@pytest.mark.parametrize(
    "text", ["", "anonymous", "12a", "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}", "+12", "1 2"]
)
def test_what_is_no_number_fits_nothing(text: str) -> None:
    assert PatternSet.of(["*", "??", "12"]).first_match(text) is None


def test_stars_between_question_marks_ask_for_the_digits_between_them_only() -> None:
    patterns = PatternSet.of(["*?*?*?2"])
    assert [patterns.first_match(digits) for digits in ("012", "0012", "00120", "000000000000002")] == [
        None, 0, None, 0,
    ]  # fmt: skip


def test_a_hundred_thousand_rows_are_looked_through_in_as_many_steps_as_the_number_has_digits() -> None:
    rows = [f"*{number}*?{number % 7}" for number in range(100_000)]
    table = NumberTable.of([(NumberPattern(text=row), row) for row in [*rows, "49*"]])
    assert table.find("499999999999998") == "49*"  # the longest literal beginning goes first
    assert table.find("3105550") == "*0*?0"
    assert table.find("3199") is None
