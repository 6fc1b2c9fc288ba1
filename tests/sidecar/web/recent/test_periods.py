"""The days that statistics are about."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sidecar.web.days import LONGEST
from sidecar.web.recent.periods import Period, period_asked_for, presets

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC).timestamp()  # a Saturday
TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, "2026-11-28", "2026-11-28"),
        ({"span": "week"}, "2026-11-22", "2026-11-28"),
        ({"span": "month"}, "2026-10-29", "2026-11-28"),
        ({"span": "nonsense"}, "2026-11-28", "2026-11-28"),
        ({"since": "2026-11-01", "until": "2026-11-05"}, "2026-11-01", "2026-11-05"),
        ({"since": "2026-11-20"}, "2026-11-20", "2026-11-28"),
        ({"until": "2026-11-20"}, "2026-11-20", "2026-11-20"),
        ({"since": "2026-11-25", "until": "2027-01-01"}, "2026-11-25", "2026-11-28"),
        ({"since": "2026-12-25", "until": "2026-11-01"}, "2026-11-01", "2026-11-01"),
        ({"since": "yesterday", "until": "2026-02-30"}, "2026-11-28", "2026-11-28"),
        ({"since": "2026-11-01", "until": "2026-11-05", "span": "week"}, "2026-11-01", "2026-11-05"),
    ],
)
def test_the_days_asked_for(query: dict[str, str], first: str, last: str) -> None:
    period = period_asked_for(query, now=NOW, zone="UTC")
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


def test_no_more_than_a_year_is_counted() -> None:
    period = period_asked_for({"since": "1971-01-01"}, now=NOW, zone="UTC")
    assert (period.length, period.last) == (LONGEST, TODAY)


def test_today_is_where_the_viewer_is() -> None:
    late = datetime(2026, 11, 28, 23, 30, tzinfo=UTC).timestamp()
    assert period_asked_for({}, now=late, zone="Europe/Berlin").last == date(2026, 11, 29)


def test_the_days_before_are_as_many() -> None:
    period = Period(first=date(2026, 3, 1), last=date(2026, 3, 3))
    assert period.before == Period(first=date(2026, 2, 26), last=date(2026, 2, 28))
    assert [day.day for day in period.days] == [1, 2, 3]


def test_presets_end_today_or_before() -> None:
    named = dict(presets(now=NOW, zone="UTC"))
    assert named["this week"] == Period(first=date(2026, 11, 23), last=TODAY)
    assert named["last week"] == Period(first=date(2026, 11, 16), last=date(2026, 11, 22))
    assert named["last month"] == Period(first=date(2026, 10, 1), last=date(2026, 10, 31))
    assert named["yesterday"] == Period(first=date(2026, 11, 27), last=date(2026, 11, 27))
