"""What sipgate says happened: a hook's form, read once into typed events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    IN = "in"
    OUT = "out"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """A leg begins to ring. The first three fields link legs; parallel tuples may differ in length."""

    call_id: str
    orig_call_id: str | None = None  # None also where sipgate repeats call_id (a fresh call)
    xcid: str | None = None
    direction: Direction
    caller: str = ""  # `from` as sent; "" and "anonymous" are withheld
    callee: str = ""  # `to` as sent
    users: tuple[str, ...] = ()  # display names of everybody who rings (in) or of the caller (out)
    user_ids: tuple[str, ...] = ()  # w0
    full_user_ids: tuple[str, ...] = ()  # 1234567w0
    diversion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Somebody or something picked up. Who, only on inbound calls, and not always then."""

    call_id: str
    orig_call_id: str | None = None
    xcid: str | None = None
    direction: Direction
    caller: str = ""
    callee: str = ""
    user: str | None = None
    user_id: str | None = None
    full_user_id: str | None = None
    answering_number: str | None = None
    diversion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """A leg has ended. Minimal hangups carry nothing but call_id and cause."""

    call_id: str
    orig_call_id: str | None = None
    xcid: str | None = None
    direction: Direction | None = None  # of the body only: the stored leg knows better than the path
    caller: str = ""
    callee: str = ""
    cause: str | None = None
    answering_number: str | None = None
    diversion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPressed:
    """DTMF; `digits` is None where nothing was pressed."""

    call_id: str
    digits: str | None = None


CallEvent = NewCall | Answered | HungUp | KeysPressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A form that is no call event, and why, in words."""

    reason: str
