"""How Zammad's built-in integration reads rows, where that differs."""

from __future__ import annotations

import pytest

from sidecar.check.built_in import block_difference, order_differences, routing_difference
from tests.sentences import said


@pytest.mark.parametrize(
    ("written", "difference"),
    [
        ("4989123456", None),
        ("anonymous", None),
        ("4989*", "it knows no wildcards"),
        ("+49 89 123456", "calls come as 4989123456"),
        ("089/123456", "calls come as 4989123456"),
        ("call me", None),  # ignored here as well, which is said elsewhere
    ],
)
def test_the_block_list_compares_whole_strings(written: str, difference: str | None) -> None:
    found = block_difference(written, "DE")
    assert found is None if difference is None else difference in said(found)


@pytest.mark.parametrize(
    ("written", "difference"),
    [
        ("41*", None),
        ("+49*", None),
        ("4930123456", None),
        ("0041*", "numbers come as 41*"),
        ("030 12*", "numbers come as 493012*"),
        ("49?0*", "makes the digit before it optional"),
        ("(030) 12*", "regular expression"),
        ("anonymous", None),
    ],
)
def test_the_routing_table_is_read_as_regular_expressions(written: str, difference: str | None) -> None:
    found = routing_difference(written, "DE")
    assert found is None if difference is None else difference in said(found)


@pytest.mark.parametrize(
    ("rows", "differing"),
    [
        (["41*", "49*"], []),
        (["49*", "4930*"], [(1, 0)]),
        (["4930*", "49*"], []),
        (["*", "49*", "49301*"], [(1, 0), (2, 0)]),
        (["49*", "rubbish", "030 1*"], []),
    ],
)
def test_the_first_row_wins_there_and_the_longest_prefix_here(
    rows: list[str], differing: list[tuple[int, int]]
) -> None:
    assert list(order_differences(rows, "DE")) == differing
