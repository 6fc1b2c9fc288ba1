"""A hook as it is kept: what came, what was answered, and why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

from sidecar.calls.reasons import Reason, reason_in


class HookStatus(StrEnum):
    OK = "ok"
    UNREADABLE = "unreadable"
    FAULT = "fault"  # it could not be decided
    HISTORY = "history"  # it never came: what it would have said stands in sipgate's history


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRow:
    received_at: float  # UTC epoch seconds
    path: str  # in | out, of the URL
    content_type: str | None
    body: bytes
    source: str  # the client's address
    signature: str  # of sidecar.hooks: a `Signature`, or `NOT_CHECKED`
    event: str | None  # null where the form could not be read
    call_id: str | None
    direction: str | None
    caller: str | None
    callee: str | None
    status: str  # a `HookStatus`
    decision: str  # a `Reason` as text; words in rows of older releases
    rejected: bool
    answer: str  # the XML, its token replaced

    @property
    def reason(self) -> Reason:
        """Why it was answered so."""
        return reason_in(self.decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHook(HookRow):
    id: int
    conversation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """About rows that a store was given without an answer: whose attempt it was, and where they are if they are there.

    `process`: of the database server, which may still be about to commit; 0: there is none.
    """

    process: int
    above: int  # their ids are higher


NAMES = tuple(field.name for field in fields(HookRow))
_values = attrgetter(*NAMES)
_texts = attrgetter(*(name for name in NAMES if name not in {"received_at", "body", "rejected"}))


def storable_values(row: HookRow) -> tuple[Any, ...]:
    """In the order of `NAMES`. PostgreSQL refuses NUL in a text, both refuse lone surrogates; few rows have either."""
    values: tuple[Any, ...] = _values(row)
    together = "".join(filter(None, _texts(row)))
    try:
        together.encode()
    except UnicodeEncodeError:
        return tuple(map(_storable, values))
    return tuple(map(_storable, values)) if "\0" in together else values


def _storable(value: object) -> object:
    if isinstance(value, str) and ("\0" in value or not value.isascii()):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return value
