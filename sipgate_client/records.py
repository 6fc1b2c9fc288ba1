"""sipgate's records, with only the fields that are used: what is not here is never read out of an answer.

Device lists hold SIP passwords, entries of the history links with which anybody can listen. Absent, null and "" are
read alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = Any  # what came out of sipgate's JSON and has not been read yet


class Kind(StrEnum):
    """Of account (docs/reference/sipgate_rest.md section 3)."""

    CLASSIC = "classic"
    NEO = "neo"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenOwner:
    user_id: str  # w0
    master_sip_id: str  # seven digits; before an extension it makes it unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    history_kept: bool  # False: sipgate forgets calls at once


@dataclass(frozen=True, slots=True, kw_only=True)
class SipgateUser:
    id: str  # w0
    firstname: str
    lastname: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.firstname} {self.lastname}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    id: str  # e0, x0, y0
    alias: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A phone line or a group; on Neo a channel."""

    id: str  # p0, g0 or a UUID
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    id: str
    name: str
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    number: str
    endpoint_id: str  # whom it leads to; empty: nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An e-mail that sipgate itself sends of missed calls or voicemails."""

    endpoint_alias: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSettings:
    """`allowed` are the lines and groups whose calls are told; None: all. `rest`: what must be sent back unchanged."""

    incoming_url: str = field(repr=False)  # both hold the token of the hook path
    outgoing_url: str = field(repr=False)
    log: bool
    allowed: tuple[str, ...] | None
    rest: Mapping[str, Json] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookLogEntry:
    """One hook as sipgate saw it; what was posted is never read."""

    created: datetime
    status: str  # HTTP, as text; empty: nobody answered
    xml_error: str


class EntryType(StrEnum):
    CALL = "CALL"
    VOICEMAIL = "VOICEMAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """docs/reference/sipgate_rest.md section 5; words as sipgate's."""

    id: str
    type: EntryType
    incoming: bool
    source: str
    target: str
    created: datetime
    call_status: str  # SUCCESS | MISSED | …; empty of voicemails
    duration: float | None  # seconds; None in old entries
    call_id: str
    lines: tuple[str, ...]  # extensions it was routed to: p0, g0
    picked_up_by: str  # extension: e0, v0; empty: nobody
    transcription: str
    has_recording: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    media_type: str
    content: bytes = field(repr=False)
