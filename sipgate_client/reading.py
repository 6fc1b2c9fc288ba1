"""From sipgate's JSON to records. What cannot be read raises UnreadableAnswerError, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from rest_transport.errors import UnreadableAnswerError
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
        items = _object(value).get(name)
        if not isinstance(items, list):
            raise UnreadableAnswerError(f"{name!r} is no array")
        return [read(item) for item in items]

    return read_items


def token_owner_from(value: Json) -> TokenOwner:
    row = _object(value)
    return TokenOwner(user_id=_required(row, "sub"), master_sip_id=_text(row, "masterSipId"))


def account_from(value: Json) -> Account:
    row = _object(value)
    return Account(company=_text(row, "company"), history_kept=_text(row, "historyLifeTime") != "NONE")


def user_from(value: Json) -> SipgateUser:
    row = _object(value)
    return SipgateUser(
        id=_required(row, "id"),
        firstname=_text(row, "firstname"),
        lastname=_text(row, "lastname"),
        email=_text(row, "email"),
        admin=row.get("admin") is True,
    )


def device_from(value: Json) -> Device:
    """Passwords stand in the same object: nothing but these four is looked at."""
    row = _object(value)
    return Device(
        id=_required(row, "id"),
        alias=_text(row, "alias"),
        type=_text(row, "type"),
        online=row.get("online") is True,
    )


def line_from(value: Json) -> Line:
    row = _object(value)
    return Line(id=_required(row, "id"), alias=_text(row, "alias"))


def id_from(value: Json) -> str:
    return _required(_object(value), "id")


def channel_from(value: Json) -> Channel:
    row = _object(value)
    users = row.get("users")
    ids = tuple(id_from(user) for user in users) if isinstance(users, list) else ()
    return Channel(id=_required(row, "id"), name=_text(row, "name"), user_ids=ids)


def number_from(value: Json) -> OwnNumber:
    row = _object(value)
    return OwnNumber(
        number=_text(row, "number"), endpoint_id=_text(row, "endpointId"), endpoint_alias=_text(row, "endpointAlias")
    )


def notices_from(value: Json) -> list[Notice]:
    row = _object(value)
    return [notice for about in ("call", "voicemail") for each in _list(row, about) for notice in _notices(about, each)]


def _notices(about: str, value: Json) -> list[Notice]:
    row = _object(value)
    alias = _text(row, "endpointAlias")
    addresses = [_text(_object(each), "email") for each in _list(row, "emails")]
    return [Notice(about=about, endpoint_alias=alias, email=email) for email in addresses if email]


def hook_settings_from(value: Json) -> HookSettings:
    row = _object(value)
    allowed = row.get("whitelist")
    return HookSettings(
        incoming_url=_text(row, "incomingUrl"),
        outgoing_url=_text(row, "outgoingUrl"),
        log=row.get("log") is True,
        allowed=tuple(str(each) for each in allowed) if isinstance(allowed, list) else None,
        rest={name: each for name, each in row.items() if name not in {"incomingUrl", "outgoingUrl"}},
    )


def hook_log_entry_from(value: Json) -> HookLogEntry:
    row = _object(value)
    status = row.get("status")
    return HookLogEntry(
        created=_time(row, "created"),
        status=str(status) if isinstance(status, int) else _text(row, "status"),
        xml_error=_text(row, "xmlError"),
    )


def entry_from(value: Json) -> HistoryEntry:
    row = _object(value)
    endpoints = [endpoint for each in _list(row, "endpoints") if (endpoint := _endpoint(each))]
    return HistoryEntry(
        id=_required(row, "id"),
        type=_entry_type(row),
        incoming=row.get("incoming") is True or _text(row, "direction").endswith("INCOMING"),
        source=_text(row, "source"),
        target=_text(row, "target"),
        created=_time(row, "created"),
        last_modified=_time(row, "lastModified") if _text(row, "lastModified") else None,
        status=_text(row, "status"),
        call_status=_text(row, "callStatus"),
        duration=_duration(row),
        call_id=_text(row, "callId"),
        lines=tuple(extension for kind, extension in endpoints if kind == "ROUTED"),
        picked_up_by=next((extension for kind, extension in reversed(endpoints) if kind == "PICKUP"), ""),
        transcription=_text(row, "transcription"),
        has_recording=bool(_text(row, "recordingUrl")),
    )


def recording_link_from(value: Json) -> str:
    """Whoever has it can listen: it goes from here into one request, and nowhere else."""
    return _text(_object(value), "recordingUrl")


def session_id_from(value: Json) -> str:
    """Of the call that rings now: it is the `callId` of its hooks (docs/reference/sipgate_rest.md section 6)."""
    row = _object(value)
    return _text(row, "sessionId") or _required(row, "callSid")


def _endpoint(value: Json) -> tuple[str, str] | None:
    match value:
        case {"type": str(kind), "endpoint": {"extension": str(extension)}}:
            return kind, storable(extension)
        case _:
            return None


def _entry_type(row: Mapping[str, Json]) -> EntryType:
    try:
        return EntryType(_text(row, "type"))
    except ValueError:
        raise UnreadableAnswerError("an entry is neither call nor voicemail") from None


def _duration(row: Mapping[str, Json]) -> float | None:
    value = row.get("duration")
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= LONGEST_DURATION:
        return None
    return float(value)


def _object(value: Json) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise UnreadableAnswerError("an object was expected")
    return value


def _list(row: Mapping[str, Json], name: str) -> list[Json]:
    value = row.get(name)
    return value if isinstance(value, list) else []


def _text(row: Mapping[str, Json], name: str) -> str:
    value = row.get(name)
    return storable(value) if isinstance(value, str) else ""


def _required(row: Mapping[str, Json], name: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not (text := _text(row, name)):
        raise UnreadableAnswerError(f"{name!r} is missing")
    return text


def _time(row: Mapping[str, Json], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(_text(row, name))
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableAnswerError(f"{name!r} is no time") from None
