"""Numbers as tables and charts, in the words of whoever looks at them."""

from __future__ import annotations

from sidecar.calls.pages.statistics import Figures, Report
from sidecar.web.recent.numbers import Numbers
from sidecar.web.statistics.charts import bar_chart
from sidecar.words.wording import Words

NOTHING = Figures()


def tables_of(numbers: Numbers, words: Words) -> dict[str, object]:
    report = numbers.report
    hours = [(f"{hour:02}", report.by_hour.get(hour, NOTHING)) for hour in _busy_hours(report)]
    days = [(words.shortest_day(day), report.by_day.get(day.isoformat(), NOTHING)) for day in numbers.days]
    lines = sorted(report.by_line.items(), key=lambda line: -line[1].offered)
    agents = [
        (name, report.by_agent.get(agent, NOTHING), report.dialled.get(agent, 0))
        for agent, name in numbers.agents.items()
    ]
    return {
        "total": report.total,
        "hours": hours,
        "hour_chart": bar_chart(hours),
        "day_chart": bar_chart(days, most_labels=8) if len(days) > 1 else None,
        "lines": [(words.phone(line), figures) for line, figures in lines],
        "agents": sorted(agents, key=lambda agent: (-agent[1].answered, -agent[2], agent[0])),
    }


def _busy_hours(report: Report) -> range:
    """Office hours, and whatever lies around them with calls."""
    first, last = min([8, *report.by_hour]), max([17, *report.by_hour])
    return range(first, last + 1)
