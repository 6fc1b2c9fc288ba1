"""Numbers as tables and charts, in the words of whoever looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sidecar.calls.pages.statistics import NO_CALLS, Figures, Report
from sidecar.web.recent.numbers import Numbers
from sidecar.web.statistics.charts import bar_chart, service_chart
from sidecar.words.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`where`, `where_answered`: the fields of an address that leads to the calls counted, and to the answered ones."""

    name: str
    figures: Figures
    where: Mapping[str, object]
    where_answered: Mapping[str, object]
    dialled: int = 0


def tables_of(numbers: Numbers, words: Words, *, target: float) -> dict[str, object]:
    """`target`: the service level that should be reached."""
    report = numbers.report
    hours = [(f"{hour:02}", report.by_hour.get(hour, NO_CALLS)) for hour in busy_hours(report)]
    days = [(words.shortest_day(day), report.by_day.get(day.isoformat(), NO_CALLS)) for day in numbers.days]
    return {
        "total": report.total,
        "hours": [_row(name, figures, hour=int(name)) for name, figures in hours],
        "hour_chart": bar_chart(hours),
        "day_chart": bar_chart(days, most_labels=8) if len(days) > 1 else None,
        "service_levels": service_chart(days if len(days) > 1 else hours, target, most_labels=8),
        "lines": sorted(_lines(report, words), key=lambda row: -row.figures.offered),
        "agents": sorted(_agents(numbers), key=lambda row: (-row.figures.answered, -row.dialled, row.name)),
    }


def _row(name: str, figures: Figures, **where: object) -> Row:
    return Row(name=name, figures=figures, where=where, where_answered=where)


def _lines(report: Report, words: Words) -> Iterator[Row]:
    for line, figures in report.by_line.items():
        yield _row(words.phone(line), figures, line=line)


def _agents(numbers: Numbers) -> Iterator[Row]:
    """A call counts for everybody whose phone rang, but as answered for whoever talked."""
    report = numbers.report
    for agent, name in numbers.agents.items():
        yield Row(
            name=name,
            figures=report.by_agent.get(agent, NO_CALLS),
            where={"rang": agent},
            where_answered={"agent": agent},
            dialled=report.dialled.get(agent, 0),
        )


def busy_hours(report: Report) -> range:
    """Office hours, and whatever lies around them with calls."""
    first, last = min([8, *report.by_hour]), max([17, *report.by_hour])
    return range(first, last + 1)
