"""What the statistics are drawn from: read once in a while for everybody who sees the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sidecar.calls.pages.statistics import Report, report_on
from sidecar.store.calls.search import agent_names
from sidecar.store.calls.statistics import counted_calls, dialled_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.web.days import end_of, midnight, today
from sidecar.words.formats import moment

SPANS = {"today": 1, "week": 7, "month": 31}  # days, the last one is today
KEPT = {"today": 1.0, "week": 30.0, "month": 60.0}  # seconds; the wallboard looks once more later than the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """`days`: of the report, oldest first."""

    report: Report
    days: tuple[date, ...]
    agents: Mapping[int, str]
    read_at: float


class RecentNumbers:
    """Not older than KEPT; of many who ask at once one reads."""

    def __init__(self, *, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[tuple[Viewer, str, str], Numbers] = {}
        self._turn = asyncio.Lock()

    async def of(self, viewer: Viewer, zone: str, span: str) -> Numbers:
        """`span`: one of SPANS, as the days are in this time zone."""
        key = (viewer, zone, span)
        async with self._turn:
            now = self._clock()
            kept = self._kept.get(key)
            if kept is None or now - kept.read_at > KEPT[span]:
                self._kept = {
                    each: numbers for each, numbers in self._kept.items() if now - numbers.read_at < KEPT["month"]
                }
                kept = self._kept[key] = await self._database.read(
                    lambda connection: _read(connection, viewer, zone, SPANS[span], now)
                )
            return kept


def _read(connection: Connection, viewer: Viewer, zone: str, span: int, now: float) -> Numbers:
    last = today(now, zone)
    days = tuple(last - timedelta(days=back) for back in reversed(range(span)))
    since, until = midnight(days[0], zone), end_of(last, zone)
    calls = counted_calls(connection, viewer, since=since, until=until)
    report = report_on(
        calls,
        dialled=dialled_calls(connection, viewer, since=since, until=until),
        hour_of=lambda at: moment(at, zone).hour,
        day_of=lambda at: moment(at, zone).date().isoformat(),
    )
    agents = agent_names(connection, report.by_agent.keys() | report.dialled.keys())
    return Numbers(report=report, days=days, agents=agents, read_at=now)
