"""What sipgate says happened: a hook's form, read once into typed events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sidecar.calls.reasons import Reason, because
from sidecar.calls.sipgate.form import LONGEST_ID, MOST_FIELDS, Form, field_count, is_form_type, is_id, on_one_line

LONGEST_REMEMBERED = 2048  # bytes of a body


class Direction(StrEnum):
    IN = "in"
    OUT = "out"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """A leg begins to ring. The first three fields link legs; parallel tuples may differ in length."""

    call_id: str
    orig_call_id: str | None = None  # the leg this one came from
    fresh: bool = False  # sipgate says that it came from none: origCallId repeats callId
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
    fresh: bool = False
    xcid: str | None = None
    direction: Direction
    caller: str = ""
    callee: str = ""
    user: str | None = None
    user_id: str | None = None
    full_user_id: str | None = None
    diversion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """A leg has ended. Minimal hangups carry nothing but call_id and cause (docs/reference/sipgate.md section 1.4)."""

    call_id: str
    orig_call_id: str | None = None
    fresh: bool = False
    xcid: str | None = None
    direction: Direction | None = None  # of the body only: what else is known of the leg counts more than the path
    posted_to: Direction | None = None  # the side of the path
    caller: str = ""
    callee: str = ""
    cause: str | None = None
    diversion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPressed:
    """DTMF; `digits` is None where nothing was pressed."""

    call_id: str
    digits: str | None = None


CallEvent = NewCall | Answered | HungUp | KeysPressed


class Misread(StrEnum):
    """Why a form is no call event."""

    NO_FORM = "misread.no_form"  # content_type
    TOO_MANY_FIELDS = "misread.too_many_fields"  # most
    UNKNOWN_EVENT = "misread.unknown_event"  # event
    NO_EVENT = "misread.no_event"
    NO_CALL_ID = "misread.no_call_id"
    BAD_CALL_ID = "misread.bad_call_id"  # longest


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A form that is no call event, and why."""

    reason: Reason  # a `Misread`


def read_hook(body: bytes, *, content_type: str | None, path_direction: Direction) -> CallEvent | Unreadable:
    """The event in a hook's raw body (docs/reference/sipgate.md sections 1.2 and 7).

    `path_direction` is the side the hook was posted to; it counts where the body says none. Unknown fields are ignored.
    The last ones are remembered: each hook is read when it comes and again whenever its call changes.
    """
    read = _remembered if len(body) <= LONGEST_REMEMBERED else _read
    return read(body, content_type, path_direction)


def _read(body: bytes, content_type: str | None, path_direction: Direction) -> CallEvent | Unreadable:
    if not is_form_type(content_type):
        return Unreadable(reason=because(Misread.NO_FORM, content_type=on_one_line(content_type or "")))
    if field_count(body) > MOST_FIELDS:
        return Unreadable(reason=because(Misread.TOO_MANY_FIELDS, most=MOST_FIELDS))
    form = Form(body)
    name = form.first("event")
    reader = _READERS.get(name or "")
    if reader is None:
        unknown = because(Misread.UNKNOWN_EVENT, event=on_one_line(name)) if name else because(Misread.NO_EVENT)
        return Unreadable(reason=unknown)
    call_id = form.raw("callId")
    if call_id is None:
        return Unreadable(reason=because(Misread.NO_CALL_ID))
    if not is_id(call_id):
        return Unreadable(reason=because(Misread.BAD_CALL_ID, longest=LONGEST_ID))
    return reader(call_id, form, path_direction)


def _new_call(call_id: str, form: Form, path_direction: Direction) -> CallEvent:
    origin, fresh = _origin(form, call_id)
    return NewCall(
        call_id=call_id,
        orig_call_id=origin,
        fresh=fresh,
        xcid=form.id("xcid"),
        direction=_direction(form) or path_direction,
        caller=form.number("from"),
        callee=form.number("to"),
        users=form.every("user"),
        user_ids=form.every("userId"),
        full_user_ids=form.every("fullUserId"),
        diversion=form.first("diversion"),
    )


def _answered(call_id: str, form: Form, path_direction: Direction) -> CallEvent:
    origin, fresh = _origin(form, call_id)
    return Answered(
        call_id=call_id,
        orig_call_id=origin,
        fresh=fresh,
        xcid=form.id("xcid"),
        direction=_direction(form) or path_direction,
        caller=form.number("from"),
        callee=form.number("to"),
        user=form.first("user"),
        user_id=form.first("userId"),
        full_user_id=form.first("fullUserId"),
        diversion=form.first("diversion"),
    )


def _hung_up(call_id: str, form: Form, path_direction: Direction) -> CallEvent:
    origin, fresh = _origin(form, call_id)
    return HungUp(
        call_id=call_id,
        orig_call_id=origin,
        fresh=fresh,
        xcid=form.id("xcid"),
        direction=_direction(form),
        posted_to=path_direction,
        caller=form.number("from"),
        callee=form.number("to"),
        cause=form.first("cause"),
        diversion=form.first("diversion"),
    )


def _keys_pressed(call_id: str, form: Form, _path_direction: Direction) -> CallEvent:
    return KeysPressed(call_id=call_id, digits=form.first("dtmf"))


_remembered = lru_cache(maxsize=8192)(_read)
_READERS: dict[str, Callable[[str, Form, Direction], CallEvent]] = {
    "newCall": _new_call,
    "answer": _answered,
    "hangup": _hung_up,
    "dtmf": _keys_pressed,
}
_DIRECTIONS = {direction.value: direction for direction in Direction}


def _origin(form: Form, call_id: str) -> tuple[str | None, bool]:
    """The leg this one came from; sipgate repeats the leg's own id, the second value says, where it came from none."""
    origin = form.id("origCallId")
    fresh = origin == call_id
    return (None if fresh else origin), fresh


def _direction(form: Form) -> Direction | None:
    return _DIRECTIONS.get(form.text("direction"))
