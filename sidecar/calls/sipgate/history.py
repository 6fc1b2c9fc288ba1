"""Which entry of sipgate's history is which call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sidecar.calls.numbers.numbers import e164_digits

SAME_START = 60.0  # seconds by which the history's start of a call may differ from the first hook
VOICEMAIL_WITHIN = 120.0  # seconds from a call's start to that of the message its caller left
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
    is_filled: bool = False  # the history has told something of it
    is_recorded: bool = False  # a mailbox has answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """By ids of entries. What stands in neither is a call that nobody has told of."""

    known: dict[str, KnownCall] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()  # it is one of several known calls: which of them cannot be said


def places_of(entries: Iterable[Entry], calls: Sequence[KnownCall], country: str) -> Places:
    """Of entries of calls. By id; else by direction, both numbers and start, if only one is it.

    Two that are like two known calls are those, and neither of them is a third.
    """
    by_id = {call_id: call for call in calls for call_id in call.call_ids}
    in_order = sorted(entries, key=lambda each: (each.started_at, each.id))
    known = {entry.id: by_id[entry.key] for entry in in_order if entry.key in by_id}
    taken = {call.id for call in known.values()}  # each has one entry
    open_entries = [entry for entry in in_order if entry.id not in known]
    pairs = _pairs(open_entries, [call for call in calls if call.id not in taken], country)
    candidates = Counter(entry.id for entry, _ in pairs)
    unsure: set[str] = set()
    for entry, call in pairs:
        if call.id in taken or entry.id in known or entry.id in unsure:
            continue
        taken.add(call.id)
        if candidates[entry.id] == 1:
            known[entry.id] = call
        else:
            unsure.add(entry.id)
    return Places(known=known, unsure=frozenset(unsure))


def _pairs(entries: Iterable[Entry], calls: Sequence[KnownCall], country: str) -> list[tuple[Entry, KnownCall]]:
    """Those that may be the same; whose starts are nearest to each other first."""
    found = [
        (entry, call)
        for entry in entries
        for call in calls
        if abs(call.started_at - entry.started_at) <= SAME_START and _is_same_way(entry, call, country)
    ]
    return sorted(found, key=lambda pair: abs(pair[1].started_at - pair[0].started_at))


def call_of_message(message: Entry, calls: Iterable[KnownCall], country: str) -> KnownCall | None:
    """A message begins after the ringing, and has no id of its call: the newest that was there before."""
    before: list[KnownCall] = []
    for call in calls:
        if message.key in call.call_ids:
            return call
        near = 0 <= message.started_at - call.started_at <= VOICEMAIL_WITHIN
        if call.incoming and near and _is_same_way(message, call, country):
            before.append(call)
    return max(before, key=lambda call: call.started_at, default=None)


def _is_same_way(entry: Entry, call: KnownCall, country: str) -> bool:
    return (
        call.incoming == entry.incoming
        and _plain(call.caller, country) == _plain(entry.caller, country)
        and _plain(call.callee, country) == _plain(entry.callee, country)
    )


def _plain(number: str, country: str) -> str:
    return e164_digits(number, country) or number.strip().casefold()
