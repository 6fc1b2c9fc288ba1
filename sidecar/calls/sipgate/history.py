"""Which entry of sipgate's history is which call, and what the hooks that never came would have said.

A call is made of its hooks, whatever their order. So what the history knows beyond them becomes hooks as well, marked
as such: late ones join by the same ids, and nothing is there twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sidecar.calls.numbers.numbers import e164_digits

SAME_START = 60.0  # seconds by which the history's start of a call may differ from the first hook
VOICEMAIL_WITHIN = 120.0  # seconds from a call's start to that of the message its caller left
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
MADE_UP_ID = "history-"  # begins the id of an entry that has none of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of the history's. Instants are UTC epoch seconds; `talk` is None where the duration is missing."""

    id: str
    call_id: str
    voicemail: bool
    incoming: bool
    caller: str
    callee: str
    started_at: float
    talk: float | None
    outcome: str  # sipgate's callStatus
    user: str = ""  # who talked or dialled, as sipgate names them
    user_id: str = ""
    full_user_id: str = ""

    @property
    def key(self) -> str:
        """What its hooks are called by."""
        return self.call_id or f"{MADE_UP_ID}{self.id}"

    @property
    def ended_at(self) -> float:
        return self.started_at + (self.talk or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCall:
    """A call that there are hooks of, or that was filled before. Numbers as they came."""

    id: int
    call_ids: frozenset[str]
    root: str  # the leg it began with
    incoming: bool
    caller: str
    callee: str
    started_at: float
    answered_at: float | None
    is_over: bool  # its end is known


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


def fill(entries: Iterable[Entry], calls: Sequence[KnownCall], country: str) -> Iterator[FilledHook]:
    """What is missing of these calls. Entries of calls come before those of the messages that were left in them."""
    in_order = sorted(entries, key=lambda each: (each.voicemail, each.started_at, each.id))
    keys = {entry.key for entry in in_order}
    taken = {call.id for call in calls if call.call_ids & keys}  # whoever calls twice in a minute has two calls
    begun: list[KnownCall] = [*calls]
    for entry in in_order:
        call = matched(entry, begun, taken, country)
        if call is None:
            call = _as_known(entry, len(begun))
            begun.append(call)
            yield from _whole_call(entry)
        if not entry.voicemail:
            taken.add(call.id)
        if not call.is_over:
            yield from _rest_of_call(entry, call)


def matched(entry: Entry, calls: Iterable[KnownCall], taken: Collection[int], country: str) -> KnownCall | None:
    """The call that this entry tells of. By id; else by direction, both numbers and start, if only one is it."""
    near = list(calls)
    for call in near:
        if entry.key in call.call_ids:
            return call
    if entry.voicemail:
        return _newest_before(entry, near, country)
    candidates = [
        call
        for call in near
        if call.id not in taken
        and _is_same_way(entry, call, country)
        and abs(call.started_at - entry.started_at) <= SAME_START
    ]
    return candidates[0] if len(candidates) == 1 else None


def _newest_before(entry: Entry, calls: Iterable[KnownCall], country: str) -> KnownCall | None:
    """A message begins after the ringing."""
    before = [
        call
        for call in calls
        if call.incoming
        and _is_same_way(entry, call, country)
        and 0 <= entry.started_at - call.started_at <= VOICEMAIL_WITHIN
    ]
    return max(before, key=lambda call: call.started_at, default=None)


def _is_same_way(entry: Entry, call: KnownCall, country: str) -> bool:
    return (
        call.incoming == entry.incoming
        and _plain(call.caller, country) == _plain(entry.caller, country)
        and _plain(call.callee, country) == _plain(entry.callee, country)
    )


def _plain(number: str, country: str) -> str:
    return e164_digits(number, country) or number.strip().casefold()


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
        is_over=True,
    )


def _whole_call(entry: Entry) -> Iterator[FilledHook]:
    who = {} if entry.incoming else _named(entry, "[]")
    yield _hook(entry.started_at, "newCall", entry, entry.key, **who)
    if entry.voicemail:
        yield _hook(entry.started_at, "answer", entry, entry.key, user="voicemail")
    elif entry.outcome == TALKED:
        yield _hook(entry.started_at, "answer", entry, entry.key, **_named(entry, ""))
    yield _hangup(entry, entry.key, entry.ended_at)


def _rest_of_call(entry: Entry, call: KnownCall) -> Iterator[FilledHook]:
    """What a hook has told is never told again."""
    answered_at = call.answered_at
    if entry.voicemail:
        yield _hook(entry.started_at, "answer", entry, call.root, user="voicemail")
        yield _hangup(entry, call.root, entry.ended_at)
        return
    if entry.outcome == TALKED and answered_at is None:
        answered_at = max(call.started_at, entry.started_at)
        yield _hook(answered_at, "answer", entry, call.root, **_named(entry, ""))
    begun_at = call.started_at if answered_at is None else answered_at
    yield _hangup(entry, call.root, begun_at + (entry.talk or 0.0))


def _hangup(entry: Entry, call_id: str, at: float) -> FilledHook:
    cause = "cancel" if entry.voicemail else CAUSES.get(entry.outcome, UNKNOWN_CAUSE)
    return _hook(at, "hangup", entry, call_id, cause=cause)


def _named(entry: Entry, suffix: str) -> dict[str, str]:
    named = {"user": entry.user, "userId": entry.user_id, "fullUserId": entry.full_user_id}
    return {f"{name}{suffix}": value for name, value in named.items() if value}


def _hook(at: float, event: str, entry: Entry, call_id: str, **more: str) -> FilledHook:
    direction = "in" if entry.incoming else "out"
    form = {"event": event, "direction": direction, "callId": call_id, "from": entry.caller, "to": entry.callee}
    return FilledHook(
        at=at,
        event=event,
        incoming=entry.incoming,
        call_id=call_id,
        caller=entry.caller,
        callee=entry.callee,
        body=urlencode({**form, **more}).encode(),
    )
