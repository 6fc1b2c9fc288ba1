"""Numbers as tables and charts, in the words of whoever looks at them."""

from __future__ import annotations

from sidecar.calls.pages.statistics import NO_CALLS, Report
from sidecar.web.recent.numbers import Numbers
from sidecar.web.statistics.charts import bar_chart, service_chart
from sidecar.words.wording import Words


def tables_of(numbers: Numbers, words: Words, *, target: float) -> dict[str, object]:
    """`target`: the service level that should be reached."""
    report = numbers.report
    hours = [(f"{hour:02}", report.by_hour.get(hour, NO_CALLS)) for hour in busy_hours(report)]
    days = [(words.shortest_day(day), report.by_day.get(day.isoformat(), NO_CALLS)) for day in numbers.days]
    lines = sorted(report.by_line.items(), key=lambda line: -line[1].offered)
    agents = [
        (name, report.by_agent.get(agent, NO_CALLS), report.dialled.get(agent, 0))
        for agent, name in numbers.agents.items()
    ]
    return {
        "total": report.total,
        "hours": hours,
        "hour_chart": bar_chart(hours),
        "day_chart": bar_chart(days, most_labels=8) if len(days) > 1 else None,
        "service_levels": service_chart(days if len(days) > 1 else hours, target, most_labels=8),
        "lines": [(words.phone(line), figures) for line, figures in lines],
        "agents": sorted(agents, key=lambda agent: (-agent[1].answered, -agent[2], agent[0])),
    }


def busy_hours(report: Report) -> range:
    """Office hours, and whatever lies around them with calls."""
    first, last = min([8, *report.by_hour]), max([17, *report.by_hour])
    return range(first, last + 1)
