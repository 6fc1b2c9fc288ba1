"""What the hooks that never came would have said, out of sipgate's history.

A call is made of its hooks, whatever their order. So what the history knows beyond them becomes hooks as well, marked
as such: late ones join by the same ids, and nothing is there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sidecar.calls.sipgate.history import Entry, KnownCall, call_of_message, places_of

CAUSES = {
    "SUCCESS": "normalClearing",
    "BUSY": "busy",
    "BUSY_ON_BUSY": "busy",
    "MISSED": "cancel",
    "VOICEMAIL_NO_MESSAGE": "cancel",
    "REJECTED": "noAnswer",
    "REJECTED_DND": "noAnswer",
}
UNKNOWN_CAUSE = "unknown"
TALKED = "SUCCESS"
MAILBOX = "voicemail"  # the user whom hooks name then


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledHook:
    """A hook as it would have come; `body` is its form."""

    at: float
    event: str
    incoming: bool
    call_id: str
    caller: str
    callee: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class _Told:
    """What the history tells of one call. `known`: None where nobody else has."""

    first: Entry
    known: KnownCall | None
    call: Entry | None = None
    message: Entry | None = None

    @property
    def call_id(self) -> str:
        return self.known.root if self.known else self.first.key

    @property
    def is_over(self) -> bool:
        return self.known is not None and self.known.is_over

    @property
    def talked(self) -> Entry | None:
        """Where a person did, or a machine that kept no message."""
        if self.call is None or self.call.outcome != TALKED:
            return None
        is_mailbox = self.call.user in {"", MAILBOX}
        return None if self.message and is_mailbox else self.call

    @property
    def answered_at(self) -> float | None:
        return self.known.answered_at if self.known else None


def fill(entries: Iterable[Entry], calls: Sequence[KnownCall], country: str) -> Iterator[FilledHook]:
    """What is missing of these calls."""
    in_order = sorted(entries, key=lambda each: (each.started_at, each.id))
    told = _told_of_calls([entry for entry in in_order if not entry.voicemail], calls, country)
    begun = [*calls]
    by_call: dict[int, _Told] = {}
    for place, each in enumerate(told):
        call = each.known
        if call is None:
            begun.append(call := _as_known(each.first, place))
        by_call[call.id] = each
    for message in (entry for entry in in_order if entry.voicemail):
        home = call_of_message(message, begun, country)
        if home is None:
            told.append(_Told(first=message, known=None, message=message))
        elif home.id in by_call:
            by_call[home.id].message = by_call[home.id].message or message
        else:
            by_call[home.id] = _Told(first=message, known=home, message=message)
            told.append(by_call[home.id])
    for each in told:
        yield from _missing(each)


def _told_of_calls(entries: Sequence[Entry], calls: Sequence[KnownCall], country: str) -> list[_Told]:
    places = places_of(entries, calls, country)
    return [
        _Told(first=entry, known=places.known.get(entry.id), call=entry)
        for entry in entries
        if entry.id not in places.unsure
    ]


def _as_known(entry: Entry, place: int) -> KnownCall:
    """So that a message finds the call it was left in, although that has only just been filled."""
    return KnownCall(
        id=-1 - place,
        call_ids=frozenset({entry.key}),
        root=entry.key,
        incoming=entry.incoming,
        caller=entry.caller,
        callee=entry.callee,
        started_at=entry.started_at,
        answered_at=None,
        is_over=False,
    )


def _missing(told: _Told) -> Iterator[FilledHook]:
    """What a hook has told is never told again."""
    if told.known is None:
        who = {} if told.first.incoming else _named(told.first, "[]")
        yield _hook(told.first.started_at, "newCall", told, **who)
    answered_at = told.answered_at
    if talked := told.talked:
        if answered_at is None and not told.is_over:
            answered_at = max(talked.started_at, told.known.started_at if told.known else 0.0)
            yield _hook(answered_at, "answer", told, **_named(talked, ""))
    elif told.message and _may_be_recorded(told.known):
        yield _hook(told.message.started_at, "answer", told, user=MAILBOX)
    if not told.is_over:
        yield _end(told, answered_at)


def _may_be_recorded(known: KnownCall | None) -> bool:
    """What hooks have told to its end stays as they have told it."""
    return known is None or (not known.is_recorded and (known.is_filled or not known.is_over))


def _end(told: _Told, answered_at: float | None) -> FilledHook:
    if told.message and not told.talked:
        return _hook(told.message.ended_at, "hangup", told, cause="cancel")
    entry = told.first
    begun_at = told.known.started_at if told.known else entry.started_at
    ended_at = (begun_at if answered_at is None else answered_at) + (entry.talk or 0.0)
    return _hook(ended_at, "hangup", told, cause=CAUSES.get(entry.outcome, UNKNOWN_CAUSE))


def _named(entry: Entry, suffix: str) -> dict[str, str]:
    named = {"user": entry.user, "userId": entry.user_id, "fullUserId": entry.full_user_id}
    return {f"{name}{suffix}": value for name, value in named.items() if value}


def _hook(at: float, event: str, told: _Told, **more: str) -> FilledHook:
    entry = told.first
    direction = "in" if entry.incoming else "out"
    form = {"event": event, "direction": direction, "callId": told.call_id, "from": entry.caller, "to": entry.callee}
    return FilledHook(
        at=at,
        event=event,
        incoming=entry.incoming,
        call_id=told.call_id,
        caller=entry.caller,
        callee=entry.callee,
        body=urlencode({**form, **more}).encode(),
    )
