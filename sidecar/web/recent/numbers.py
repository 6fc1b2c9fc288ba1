"""What the statistics are drawn from: read once in a while for everybody who sees the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sidecar.calls.pages.statistics import Figures, Report, report_on
from sidecar.store.calls.search import agent_names
from sidecar.store.calls.statistics import counted_calls, dialled_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.web.days import end_of, midnight, today
from sidecar.web.recent.periods import Period
from sidecar.words.formats import moment

LONGEST_KEPT = 60.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be counted: who sees it, in which time zone, of which days; of these lines alone if any are named."""

    viewer: Viewer
    zone: str
    period: Period
    lines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """`before`: the same of as many days right before; of days that go on up to the same time of day."""

    report: Report
    before: Figures
    days: tuple[date, ...]
    weekdays: Mapping[int, int]  # Monday is 0: how many of each have begun within these days
    agents: Mapping[int, str]
    read_at: float
    position: int | None  # of the last change before, where it was asked for


class RecentNumbers:
    """Of many who ask the same at once one reads.

    Args:
    within: seconds in which calls should be answered.

    """

    def __init__(self, *, database: Database, clock: Callable[[], float], within: float) -> None:
        self._database = database
        self._clock = clock
        self._within = within
        self._kept: dict[Question, Numbers] = {}
        self._turn = asyncio.Lock()

    async def of(self, question: Question, position: int | None = None) -> Numbers:
        """`position`: of the last change by now. Where there is none since, what is kept is as good as new."""
        async with self._turn:
            now = self._clock()
            kept = self._kept.get(question)
            if kept is None or _is_old(kept, question.period, position, now):
                self._kept = {
                    each: numbers for each, numbers in self._kept.items() if now - numbers.read_at < LONGEST_KEPT
                }
                kept = self._kept[question] = await self._database.read(
                    lambda connection: _read(connection, question, self._within, position, now)
                )
            return kept


def _is_old(kept: Numbers, period: Period, position: int | None, now: float) -> bool:
    age = now - kept.read_at
    if position is not None and position == kept.position:
        return age > LONGEST_KEPT
    return age > _kept_for(period)


def _kept_for(period: Period) -> float:
    """Seconds; the wallboard looks once more later than those of a day."""
    if period.length == 1:
        return 1.0
    return 30.0 if period.length <= 7 else LONGEST_KEPT  # noqa: PLR2004 - days


def _read(connection: Connection, question: Question, within: float, position: int | None, now: float) -> Numbers:
    period, zone = question.period, question.zone
    since, until = midnight(period.first, zone), end_of(period.last, zone)
    report = _report(connection, question, since, until, within)
    before = _report(connection, question, midnight(period.before.first, zone), _end_before(period, zone, now), within)
    begun = [day.weekday() for day in period.days if day <= today(now, zone)]
    return Numbers(
        report=report,
        before=before.total,
        days=period.days,
        weekdays={weekday: begun.count(weekday) for weekday in range(7)},
        agents=agent_names(connection, report.by_agent.keys() | report.dialled.keys()),
        read_at=now,
        position=position,
    )


def _report(connection: Connection, question: Question, since: float, until: float, within: float) -> Report:
    viewer, lines = question.viewer, question.lines
    return report_on(
        counted_calls(connection, viewer, since=since, until=until, lines=lines),
        dialled={} if lines else dialled_calls(connection, viewer, since=since, until=until),
        local=lambda at: moment(at, question.zone),
        within=within,
    )


def _end_before(period: Period, zone: str, now: float) -> float:
    """Of the days before; where today is among these days, the same time of day as now."""
    if period.last != today(now, zone):
        return end_of(period.before.last, zone)
    return (moment(now, zone) - timedelta(days=period.length)).timestamp()
