"""Numbers for leads: what was offered, answered and missed, by hour, day, line and agent; and the wallboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation import State
from sidecar.calls.search import CallSearch
from sidecar.calls.statistics import Figures, Report, report_on
from sidecar.store.calls.search import agent_names, count_calls, find_calls
from sidecar.store.calls.statistics import counted_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed.entries import count_open
from sidecar.store.replicas.page_changes import position
from sidecar.web.access.visitor import Visitor
from sidecar.web.charts import bar_chart
from sidecar.web.days import end_of, midnight, today
from sidecar.web.pages import Pages
from sidecar.words.formats import moment
from sidecar.words.wording import Words

SPANS = {"today": 1, "week": 7, "month": 31}  # days, the last one is today
KEPT = {"today": 1.0, "week": 30.0, "month": 60.0}  # seconds; the wallboard looks once more later than the first
RINGING = CallSearch(state=State.RINGING, direction="in")
TALKING = CallSearch(state=State.ANSWERED)
MOST_RINGING, MOST_TALKING = 8, 20  # shown on the wallboard
NOTHING = Figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """`days`: of the report, oldest first."""

    report: Report
    days: tuple[date, ...]
    agents: Mapping[int, str]
    read_at: float


class StatisticsPage:
    def __init__(self, *, database: Database, pages: Pages, clock: Callable[[], float]) -> None:
        self._database = database
        self._pages = pages
        self._clock = clock
        self._kept: dict[tuple[Viewer, str, str], Numbers] = {}
        self._turn = asyncio.Lock()

    async def show(self, request: Request, visitor: Visitor) -> Response:
        span = request.query_params.get("span", "today")
        span = span if span in SPANS else "today"
        numbers = await self._numbers(visitor, span)
        at, open_missed = await self._database.read(
            lambda connection: (position(connection), count_open(connection, visitor.viewer))
        )
        values = {"span": span, "spans": list(SPANS), "position": at, "open_missed": open_missed}
        values |= _tables(numbers, visitor.words)
        return self._pages.page(request, visitor, "numbers.html", values)

    async def wallboard(self, request: Request, visitor: Visitor) -> Response:
        """The whole board, or what is on it when something has changed."""
        numbers = await self._numbers(visitor, "today")
        values = await self._database.read(lambda connection: _board(connection, visitor.viewer))
        values |= _tables(numbers, visitor.words) | {"now": self._clock()}
        if "HX-Request" in request.headers:
            return self._pages.fragment(visitor, "board.html", values)
        return self._pages.page(request, visitor, "wallboard.html", values)

    async def _numbers(self, visitor: Visitor, span: str) -> Numbers:
        """Not older than KEPT; of many who ask at once one reads."""
        zone = visitor.words.zone
        key = (visitor.viewer, zone, span)
        async with self._turn:
            now = self._clock()
            kept = self._kept.get(key)
            if kept is None or now - kept.read_at > KEPT[span]:
                self._kept = {
                    each: numbers for each, numbers in self._kept.items() if now - numbers.read_at < KEPT["month"]
                }
                kept = self._kept[key] = await self._database.read(
                    lambda connection: _read(connection, visitor.viewer, zone, SPANS[span], now)
                )
            return kept


def _read(connection: Connection, viewer: Viewer, zone: str, span: int, now: float) -> Numbers:
    last = today(now, zone)
    days = tuple(last - timedelta(days=back) for back in reversed(range(span)))
    since, until = midnight(days[0], zone), end_of(last, zone)
    calls = counted_calls(connection, viewer, since=since, until=until)
    report = report_on(
        calls,
        hour_of=lambda at: moment(at, zone).hour,
        day_of=lambda at: moment(at, zone).date().isoformat(),
    )
    agents = agent_names(connection, report.by_agent)
    return Numbers(report=report, days=days, agents=agents, read_at=now)


def _tables(numbers: Numbers, words: Words) -> dict[str, object]:
    report = numbers.report
    hours = [(f"{hour:02}", report.by_hour.get(hour, NOTHING)) for hour in _busy_hours(report)]
    days = [(words.shortest_day(day), report.by_day.get(day.isoformat(), NOTHING)) for day in numbers.days]
    lines = sorted(report.by_line.items(), key=lambda line: -line[1].offered)
    agents = [(numbers.agents[agent], figures) for agent, figures in report.by_agent.items()]
    return {
        "total": report.total,
        "hours": hours,
        "hour_chart": bar_chart(hours),
        "day_chart": bar_chart(days, most_labels=8) if len(days) > 1 else None,
        "lines": [(words.phone(line), figures) for line, figures in lines],
        "agents": sorted(agents, key=lambda agent: (-agent[1].answered, agent[0])),
    }


def _busy_hours(report: Report) -> range:
    """Office hours, and whatever lies around them with calls."""
    first, last = min([8, *report.by_hour]), max([17, *report.by_hour])
    return range(first, last + 1)


def _board(connection: Connection, viewer: Viewer) -> dict[str, object]:
    return {
        "position": position(connection),
        "ringing": find_calls(connection, RINGING, viewer, limit=MOST_RINGING).calls,
        "ringing_count": count_calls(connection, RINGING, viewer),
        "talking": find_calls(connection, TALKING, viewer, limit=MOST_TALKING).calls,
        "talking_count": count_calls(connection, TALKING, viewer),
        "open_missed": count_open(connection, viewer),
    }
