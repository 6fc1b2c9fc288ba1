"""Days where somebody is: which one it is, and when it begins. Instants are UTC epoch seconds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONGEST = 366  # days
DAY, HOUR, QUARTER = 86_400.0, 3600.0, 900.0  # seconds; clocks are changed at quarters of an hour


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


def hours_of(
    first: date | None, last: date | None, zone: str, *, hour: int | None, weekday: int | None
) -> tuple[tuple[float, float], ...] | None:
    """Beginnings and ends of this hour on each of these days that is such a weekday (Monday is 0).

    None where neither an hour nor a weekday is asked for, or the days are none or too many.
    """
    if (hour is None and weekday is None) or first is None or last is None:
        return None
    days = [first + timedelta(days=count) for count in range(min((last - first).days + 1, LONGEST))]
    asked = [day for day in days if weekday in (None, day.weekday())]
    if hour is None:
        return tuple((midnight(day, zone), end_of(day, zone)) for day in asked)
    return tuple(span for day in asked for span in _hour(day, hour, zone))


def _hour(day: date, hour: int, zone: str) -> list[tuple[float, float]]:
    """When clocks show this hour that day: on the days they are changed twice, or never, or for a part of it."""
    first, last, found = midnight(day, zone), end_of(day, zone), list[tuple[float, float]]()
    if last - first == DAY and hour < 24:  # noqa: PLR2004 - hours
        return [(first + hour * HOUR, first + (hour + 1) * HOUR)]
    at = first
    while at < last:
        if datetime.fromtimestamp(at, ZoneInfo(zone)).hour == hour:
            begin = found.pop()[0] if found and found[-1][1] == at else at
            found.append((begin, at + QUARTER))
        at += QUARTER
    return found
