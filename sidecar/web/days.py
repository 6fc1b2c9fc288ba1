"""Days where somebody is: which one it is, and when it begins. Instants are UTC epoch seconds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def today(now: float, zone: str) -> date:
    return datetime.fromtimestamp(now, ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> float:
    """The beginning of this day there."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()


def end_of(day: date, zone: str) -> float:
    return midnight(day + timedelta(days=1), zone)
