"""When people call: hours across, weekdays down, the darker the more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sidecar.calls.pages.statistics import NO_CALLS, Figures
from sidecar.web.recent.numbers import Numbers
from sidecar.web.statistics.tables import busy_hours
from sidecar.words.wording import Words

OFFERED: Final = "offered"
MISSED: Final = "missed"
SHADES = 5  # the style has so many, and none for nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    hour: int
    shade: int  # 0 to SHADES
    text: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    weekday: int  # Monday is 0
    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    view: str  # OFFERED: calls of such an hour on average; MISSED: share of them that nobody answered
    hours: tuple[int, ...]
    rows: tuple[Row, ...]


def heat_map(numbers: Numbers, view: str, words: Words) -> HeatMap:
    hours = tuple(busy_hours(numbers.report))
    values = {(day, hour): _value(numbers, day, hour, view) for day in range(7) for hour in hours}
    most = max(value or 0.0 for value in values.values())

    def field(day: int, hour: int) -> Field:
        value = values[day, hour]
        return Field(
            hour=hour,
            shade=_shade(value or 0.0, most),
            text=_text(value, view, words),
            figures=_figures(numbers, day, hour),
        )

    rows = (
        Row(weekday=day, name=words.weekday(day), fields=tuple(field(day, hour) for hour in hours))
        for day in range(7)
        if numbers.weekdays[day]
    )
    return HeatMap(view=view, hours=hours, rows=tuple(rows))


def _value(numbers: Numbers, weekday: int, hour: int, view: str) -> float | None:
    figures = _figures(numbers, weekday, hour)
    if view == MISSED:
        return figures.missed_rate
    days = numbers.weekdays[weekday]
    return figures.offered / days if days and figures.offered else None


def _figures(numbers: Numbers, weekday: int, hour: int) -> Figures:
    return numbers.report.by_weekday_and_hour.get((weekday, hour), NO_CALLS)


def _shade(value: float, most: float) -> int:
    """Rounded up: the palest shade is more than nothing."""
    return -int(-value * SHADES // most) if most else 0


def _text(value: float | None, view: str, words: Words) -> str:
    if value is None:
        return ""
    return words.percent(value) if view == MISSED else words.count(round(value, 1))
