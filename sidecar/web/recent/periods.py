"""The days that statistics are about: as they stand in the address, the choices beside them, and the days before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sidecar.web.days import LONGEST, day_written, today

SPANS = {"today": 1, "week": 7, "month": 31}  # days up to today, as in the addresses of earlier releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Both days are included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=count) for count in range(self.length))

    @property
    def before(self) -> Period:
        """As many days right before these."""
        shift = timedelta(days=self.length)
        return Period(first=self.first - shift, last=self.last - shift)


def period_asked_for(query: Mapping[str, str], *, now: float, zone: str) -> Period:
    """`since` and `until`, ISO dates and included; else `span`; else today.

    Days to come are none; of more than LONGEST days the last ones are meant.
    """
    newest = today(now, zone)
    since, until = day_written(query.get("since", "")), day_written(query.get("until", ""))
    if since is None and until is None:
        return _last_days(SPANS.get(query.get("span", ""), 1), newest)
    last = min(until or newest, newest)
    first = min(since or last, last)
    return Period(first=max(first, last - timedelta(days=LONGEST - 1)), last=last)


def presets(*, now: float, zone: str) -> Iterator[tuple[str, Period]]:
    """Names of periods that people ask for most."""
    newest = today(now, zone)
    monday = newest - timedelta(days=newest.weekday())
    end_of_last_month = newest.replace(day=1) - timedelta(days=1)
    yield "today", _last_days(1, newest)
    yield "yesterday", _last_days(1, newest - timedelta(days=1))
    yield "this week", Period(first=monday, last=newest)
    yield "last week", Period(first=monday - timedelta(days=7), last=monday - timedelta(days=1))
    yield "week", _last_days(SPANS["week"], newest)
    yield "month", _last_days(SPANS["month"], newest)
    yield "last month", Period(first=end_of_last_month.replace(day=1), last=end_of_last_month)


def _last_days(count: int, newest: date) -> Period:
    return Period(first=newest - timedelta(days=count - 1), last=newest)
