"""When people call."""

from __future__ import annotations

from datetime import date

from sidecar.calls.pages.statistics import Figures, Report
from sidecar.web.recent.numbers import Numbers
from sidecar.web.statistics.heat_map import SHADES, HeatMap, heat_map
from sidecar.words.wording import Words

MONDAY, TUESDAY = 0, 1


def drawn(view: str, calls: dict[tuple[int, int], Figures], *, mondays: int = 2, tuesdays: int = 1) -> HeatMap:
    report = Report(
        total=Figures(), by_hour={}, by_day={}, by_weekday_and_hour=calls, by_line={}, by_agent={}, dialled={}
    )
    numbers = Numbers(
        report=report,
        before=Figures(),
        days=(date(2026, 11, 23),),
        weekdays={MONDAY: mondays, TUESDAY: tuesdays, **dict.fromkeys(range(2, 7), 0)},
        agents={},
        read_at=0.0,
        position=None,
    )
    return heat_map(numbers, view, Words())


def test_calls_are_averaged_over_such_weekdays() -> None:
    drawing = drawn("offered", {(MONDAY, 9): Figures(offered=9), (TUESDAY, 9): Figures(offered=9)})
    assert [row.name for row in drawing.rows] == ["Mon", "Tue"]
    texts = [[field.text for field in row.fields if field.hour == 9] for row in drawing.rows]
    assert texts == [["4.5"], ["9"]]
    shades = [[field.shade for field in row.fields if field.hour == 9] for row in drawing.rows]
    assert shades == [[3], [SHADES]]


def test_the_share_missed_has_nothing_where_nobody_called() -> None:
    drawing = drawn("missed", {(MONDAY, 9): Figures(offered=4, missed=1), (MONDAY, 10): Figures(offered=4)})
    fields = {field.hour: field for field in drawing.rows[0].fields}
    assert (fields[9].text, fields[9].shade) == ("25%", SHADES)
    assert (fields[10].text, fields[10].shade) == ("0%", 0)
    assert (fields[11].text, fields[11].shade) == ("", 0)


def test_a_map_of_nothing_is_a_map() -> None:
    assert {field.shade for row in drawn("offered", {}).rows for field in row.fields} == {0}
