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


def day_written(written: str) -> date | None:
    """An ISO date as it stands in addresses; None where it is none."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 1970 <= day.year <= 9000 else None  # noqa: PLR2004 - years that every calendar function bears
