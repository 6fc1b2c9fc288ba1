"""Bars of a chart."""

from __future__ import annotations

import random

import pytest

from sidecar.calls.pages.statistics import Figures
from sidecar.web.statistics.charts import bar_chart, service_chart


def test_bars_stand_on_one_another_and_fit_into_the_drawing() -> None:
    chance = random.Random(3)
    columns = [(str(hour), Figures(offered=90, answered=chance.randrange(60), missed=30)) for hour in range(24)]
    for bar in bar_chart(columns).bars:
        assert bar.answered_y + bar.answered_height == pytest.approx(200.0, abs=0.11)
        assert bar.missed_y + bar.missed_height == pytest.approx(bar.answered_y, abs=0.11)
        assert bar.other_y + bar.other_height == pytest.approx(bar.missed_y, abs=0.11)
        assert 0 <= bar.x <= bar.x + bar.width <= 720
        assert bar.other_y >= 0


def test_a_chart_of_nothing_is_a_chart() -> None:
    assert [number for _, number in bar_chart([]).lines] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("most", "top"), [(0, 4), (4, 4), (5, 8), (9, 12), (21, 24), (25, 32), (41, 60), (97, 100)])
def test_axes_fit_what_they_measure(most: int, top: int) -> None:
    numbers = [number for _, number in bar_chart([("09", Figures(offered=most))]).lines]
    assert numbers == [top * quarter // 4 for quarter in range(5)]


def test_the_service_level_stands_beside_its_target() -> None:
    chart = service_chart([("09", Figures(ended=4, in_time=3)), ("10", Figures())], 0.8)
    assert [bar.share for bar in chart.bars] == [0.75, None]
    assert chart.target_y < chart.bars[0].y < chart.bars[1].y == 200.0
