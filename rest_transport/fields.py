"""Fields of an answer's JSON. What cannot be read raises UnreadableAnswerError, whatever it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from rest_transport.errors import UnreadableAnswerError
from rest_transport.session import Json
from rest_transport.storable import storable


def object_in(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise UnreadableAnswerError("an object was expected")
    return value


def text_in(row: Mapping[str, Json], name: str) -> str:
    """Empty where there is none."""
    value = row.get(name)
    return storable(value) if isinstance(value, str) else ""


def required_text_in(row: Mapping[str, Json], name: str) -> str:
    if not (text := text_in(row, name)):
        raise UnreadableAnswerError(f"{name!r} is missing")
    return text


def time_in(row: Mapping[str, Json], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text_in(row, name))
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableAnswerError(f"{name!r} is no time") from None
