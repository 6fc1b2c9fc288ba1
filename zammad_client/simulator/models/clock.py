"""Time as Zammad writes it: UTC, milliseconds, a Z at the end."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds:03}Z"


def stamp_or_none(seconds: float | None) -> str | None:
    return None if seconds is None else stamp(seconds)


def seconds_of(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def later(now: float, previous: float) -> float:
    """A change always moves `updated_at` by at least the millisecond that can be seen."""
    return max(now, (round(previous * 1000) + 1) / 1000)
