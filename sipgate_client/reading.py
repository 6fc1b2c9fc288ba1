"""From sipgate's JSON to records. What cannot be read raises UnreadableAnswerError, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from rest_transport.errors import UnreadableAnswerError
from rest_transport.fields import object_in, required_text_in, text_in, time_in
from rest_transport.storable import storable
from sipgate_client.records import (
    Account,
    Channel,
    Device,
    EntryType,
    HistoryEntry,
    HookLogEntry,
    HookSettings,
    Json,
    Line,
    Notice,
    OwnNumber,
    SipgateUser,
    TokenOwner,
)

T = TypeVar("T")
LONGEST_DURATION = 86_400.0 * 7  # seconds; more is no duration


def items_of(read: Callable[[Json], T], *, name: str = "items") -> Callable[[Json], list[T]]:
    """A reader of sipgate's lists from the reader of one element."""

    def read_items(value: Json) -> list[T]:
        items = object_in(value).get(name)
        if not isinstance(items, list):
            raise UnreadableAnswerError(f"{name!r} is no array")
        return [read(item) for item in items]

    return read_items


def token_owner_from(value: Json) -> TokenOwner:
    row = object_in(value)
    return TokenOwner(user_id=_required(row, "sub"), master_sip_id=text_in(row, "masterSipId"))


def account_from(value: Json) -> Account:
    row = object_in(value)
    return Account(history_kept=text_in(row, "historyLifeTime") != "NONE")


def user_from(value: Json) -> SipgateUser:
    row = object_in(value)
    return SipgateUser(
        id=_required(row, "id"),
        firstname=text_in(row, "firstname"),
        lastname=text_in(row, "lastname"),
        email=text_in(row, "email"),
    )


def device_from(value: Json) -> Device:
    """Passwords stand in the same object: nothing but these three is looked at."""
    row = object_in(value)
    return Device(id=_required(row, "id"), alias=text_in(row, "alias"), type=text_in(row, "type"))


def line_from(value: Json) -> Line:
    row = object_in(value)
    return Line(id=_required(row, "id"), alias=text_in(row, "alias"))


def id_from(value: Json) -> str:
    return _required(object_in(value), "id")


def channel_from(value: Json) -> Channel:
    row = object_in(value)
    users = row.get("users")
    ids = tuple(id_from(user) for user in users) if isinstance(users, list) else ()
    return Channel(id=_required(row, "id"), name=text_in(row, "name"), user_ids=ids)


def number_from(value: Json) -> OwnNumber:
    row = object_in(value)
    return OwnNumber(number=text_in(row, "number"), endpoint_id=text_in(row, "endpointId"))


def notices_from(value: Json) -> list[Notice]:
    row = object_in(value)
    return [notice for about in ("call", "voicemail") for each in _list(row, about) for notice in _notices(each)]


def _notices(value: Json) -> list[Notice]:
    row = object_in(value)
    alias = text_in(row, "endpointAlias")
    addresses = [text_in(object_in(each), "email") for each in _list(row, "emails")]
    return [Notice(endpoint_alias=alias, email=email) for email in addresses if email]


def hook_settings_from(value: Json) -> HookSettings:
    row = object_in(value)
    allowed = row.get("whitelist")
    return HookSettings(
        incoming_url=text_in(row, "incomingUrl"),
        outgoing_url=text_in(row, "outgoingUrl"),
        log=row.get("log") is True,
        allowed=tuple(str(each) for each in allowed) if isinstance(allowed, list) else None,
        rest={name: each for name, each in row.items() if name not in {"incomingUrl", "outgoingUrl"}},
    )


def hook_log_entry_from(value: Json) -> HookLogEntry:
    row = object_in(value)
    status = row.get("status")
    return HookLogEntry(
        created=time_in(row, "created"),
        status=str(status) if isinstance(status, int) else text_in(row, "status"),
        xml_error=text_in(row, "xmlError"),
    )


def entry_from(value: Json) -> HistoryEntry:
    row = object_in(value)
    endpoints = [endpoint for each in _list(row, "endpoints") if (endpoint := _endpoint(each))]
    return HistoryEntry(
        id=_required(row, "id"),
        type=_entry_type(row),
        incoming=row.get("incoming") is True or text_in(row, "direction").endswith("INCOMING"),
        source=text_in(row, "source"),
        target=text_in(row, "target"),
        created=time_in(row, "created"),
        call_status=text_in(row, "callStatus"),
        duration=_duration(row),
        call_id=text_in(row, "callId"),
        lines=tuple(extension for kind, extension in endpoints if kind == "ROUTED"),
        picked_up_by=_last(endpoints, "PICKUP") or _forwarded_to(row, endpoints),
        transcription=text_in(row, "transcription"),
        has_recording=bool(text_in(row, "recordingUrl")),
    )


def recording_link_from(value: Json) -> str:
    """Whoever has it can listen: it goes from here into one request, and nowhere else."""
    return text_in(object_in(value), "recordingUrl")


def session_id_from(value: Json) -> str:
    """Of the call that rings now: it is the `callId` of its hooks (docs/reference/sipgate_rest.md section 6)."""
    row = object_in(value)
    return text_in(row, "sessionId") or _required(row, "callSid")


def _endpoint(value: Json) -> tuple[str, str] | None:
    match value:
        case {"type": str(kind), "endpoint": {"extension": str(extension)}}:
            return kind, storable(extension)
        case _:
            return None


def _last(endpoints: Sequence[tuple[str, str]], kind: str) -> str:
    return next((extension for each, extension in reversed(endpoints) if each == kind), "")


def _forwarded_to(row: Mapping[str, Json], endpoints: Sequence[tuple[str, str]]) -> str:
    """Where a forwarded call was talked at, if nobody is said to have picked it up: not seen on a real account."""
    talked = text_in(row, "status") == "FORWARD" and text_in(row, "callStatus") == "SUCCESS"
    return _last(endpoints, "FORWARDED") if talked else ""


def _entry_type(row: Mapping[str, Json]) -> EntryType:
    try:
        return EntryType(text_in(row, "type"))
    except ValueError:
        raise UnreadableAnswerError("an entry is neither call nor voicemail") from None


def _duration(row: Mapping[str, Json]) -> float | None:
    value = row.get("duration")
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST_DURATION:
        return None
    return float(value)


def _list(row: Mapping[str, Json], name: str) -> list[Json]:
    value = row.get(name)
    return value if isinstance(value, list) else []


def _required(row: Mapping[str, Json], name: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return required_text_in(row, name)
