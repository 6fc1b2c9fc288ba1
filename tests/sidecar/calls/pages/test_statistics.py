"""Percentiles."""

from __future__ import annotations

import pytest

from sidecar.calls.pages.statistics import percentile


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.5, 2.0), (0.9, 4.0), (0.25, 1.0), (1.0, 4.0), (0.0, 1.0), (0.75, 3.0)]
)
def test_a_percentile_is_the_value_that_share_does_not_exceed(share: float, wanted: float) -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], share) == wanted


def test_ninety_of_a_hundred_are_ninety() -> None:
    assert percentile([float(number) for number in range(1, 101)], 0.9) == 90.0
    assert percentile([float(number) for number in range(1, 11)], 0.9) == 9.0
    assert percentile([], 0.9) is None
