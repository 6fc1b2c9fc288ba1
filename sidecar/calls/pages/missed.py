"""The list of missed calls: which entry a call opens, extends, shrinks or closes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, zip_longest
from typing import Any, TypeVar

from sidecar.calls.conversation.legs import VOICEMAIL
from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.sipgate.events import Direction

K = TypeVar("K", str, int)


class ClosedBecause(StrEnum):
    DONE = "done"  # an agent says so
    TALKED_IN = "talked in"  # they called again
    TALKED_OUT = "talked out"  # they were called back
    TICKED = "ticked"  # somebody has ticked the row in Zammad's own log


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Somebody of ours talked to a number, or to a customer, for long enough: reason to close the entry."""

    at: float  # UTC epoch seconds of the pick-up
    counts_at: float  # when it had lasted long enough
    agent: str | None
    agent_id: int | None
    outbound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedCallback:
    """Somebody of ours called back and talked to nobody, or not for long enough."""

    call_id: int
    at: float  # UTC epoch seconds of the dialling
    agent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    at: float
    by: str | None
    by_id: int | None
    because: str  # a ClosedBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The calls of an entry together; `line` is that of the last one."""

    calls: int
    first_at: float
    last_at: float
    last_call_id: int
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All missed calls of one number since somebody last talked to it. `id` is None where it is new."""

    id: int | None
    key: str
    number: str | None  # E.164 digits
    caller: str
    customer: int | None = None  # whose number it certainly is: id of the person
    tally: Tally | None  # None: no call is left
    closing: Closing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What these calls do to the list, before it is looked into."""

    joining: tuple[ListedCall, ...]  # missed, and in no entry yet
    leaving: Mapping[int, int]  # calls that prove not to be missed, to the entries they are in
    keys: frozenset[str]  # of the open entries that may change
    customers: frozenset[int] = frozenset()  # whose open entries may change


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Talks that matter: with these numbers or customers, since an instant each."""

    numbers: Mapping[str, float]
    customers: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    by_number: Mapping[str, Sequence[Talk]] = field(default_factory=dict)
    by_customer: Mapping[int, Sequence[Talk]] = field(default_factory=dict)

    def about(self, key: str, customers: Collection[int]) -> list[Talk]:
        found = [*self.by_number.get(key, ())]
        return found + [talk for customer in customers for talk in self.by_customer.get(customer, ())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What becomes of an entry: as it is now, and the calls that join it."""

    entry: Entry
    joining: tuple[int, ...] = ()


def missed_key(call: ListedCall) -> str:
    """What calls have in common that fold into one entry: the number. A withheld one stands for itself."""
    if call.number:
        return call.number
    party = call.other_party.strip().lower()
    return f"call:{call.id}" if party in {"", WITHHELD} else f"raw:{party}"[:100]


def missed_at(call: ListedCall) -> float:
    """When it was over without anybody having talked."""
    return call.ended_at if call.ended_at is not None else call.started_at


def is_talk(call: ListedCall) -> bool:
    """Whether somebody of ours talked to an outside number for long enough; test calls count for nothing."""
    return call.counts_at is not None and not call.test and not call.internal


def is_attempt(call: ListedCall) -> bool:
    """Whether somebody of ours called an outside number and it came to no talk."""
    real = call.outbound and not call.test and not call.internal
    return real and call.number is not None and call.ended_at is not None and call.counts_at is None


def phones_rung(story: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Whose phones rang, by the legs as they are kept: by name where sipgate says one."""
    legs = [leg for leg in story if leg.get("direction") == Direction.IN and not leg.get("rejected")]
    named = (zip_longest(leg.get("users", ()), leg.get("user_ids", ())) for leg in legs)
    who = (name or sipgate_id for name, sipgate_id in chain.from_iterable(named))
    return tuple(dict.fromkeys(each for each in who if each and each.casefold() != VOICEMAIL))


def moves_of(calls: Sequence[ListedCall], filed: Mapping[int, int], *, regrouped: bool) -> Moves:
    """`filed`: calls to the entries they are in. `regrouped`: some of these calls have swallowed others."""
    joining = tuple(call for call in calls if call.missed and call.id not in filed)
    leaving = {call.id: filed[call.id] for call in calls if call.id in filed and not call.missed}
    talks = [*filter(is_talk, calls)]
    return Moves(
        joining=joining,
        leaving=leaving,
        keys=frozenset(missed_key(call) for call in (calls if regrouped else [*joining, *talks])),
        customers=frozenset(call.talked_with for call in talks if call.talked_with is not None),
    )


def talks_to_look_up(moves: Moves, entries: Collection[Entry]) -> Wanted:
    moments = [(call.number, call.customer, missed_at(call)) for call in moves.joining]
    waiting = [(entry, entry.tally) for entry in entries if entry.tally and not entry.closing]
    moments += [(entry.number, entry.customer, tally.last_at) for entry, tally in waiting]
    return Wanted(
        numbers=_earliest((number, at) for number, _, at in moments),
        customers=_earliest((customer, at) for _, customer, at in moments),
    )


def _earliest(moments: Iterable[tuple[K | None, float]]) -> dict[K, float]:
    since: dict[K, float] = {}
    for whom, at in moments:
        if whom is not None:
            since[whom] = min(at, since.get(whom, at))
    return since


def book(
    moves: Moves,
    entries: Collection[Entry],
    talks: Talks,
    *,
    now: float,
) -> list[Booking]:
    """What becomes of these entries and of new ones; those of one key in the order in which they were open.

    `entries`: the open ones of the keys, and those that calls leave, without these calls.
    `talks`: those that `talks_to_look_up` asks for.
    """
    found = [Booking(entry=entry) for entry in entries if entry.closing]
    waiting = {entry.key: entry for entry in entries if not entry.closing}
    joining: dict[str, list[ListedCall]] = defaultdict(list)
    for call in moves.joining:
        joining[missed_key(call)].append(call)
    for key in dict.fromkeys((*waiting, *joining)):
        entry = waiting.get(key)
        customers = {entry.customer if entry else None, *(call.customer for call in joining[key])} - {None}
        found += _carried_on(entry, joining[key], talks.about(key, [who for who in customers if who]), now=now)
    return found


def _carried_on(
    entry: Entry | None, joining: Sequence[ListedCall], talks: Sequence[Talk], *, now: float
) -> Iterator[Booking]:
    """An entry as calls join it; a talk in between closes it, and the next call opens another."""
    current = Booking(entry=entry) if entry else None
    for call in sorted(joining, key=missed_at):
        if current and (talk := _first_after(current.entry, talks)) and talk.counts_at <= missed_at(call):
            yield _closed(current, talk, now=now)
            current = None
        current = _joined(current or Booking(entry=_opened_by(call)), call)
    if current:
        talk = _first_after(current.entry, talks)
        yield _closed(current, talk, now=now) if talk else current


def _first_after(entry: Entry, talks: Sequence[Talk]) -> Talk | None:
    """The first talk after the last missed call; one that was already going on does not count."""
    if entry.tally is None:
        return None
    last_at = entry.tally.last_at
    return min((talk for talk in talks if talk.at > last_at), key=lambda talk: talk.counts_at, default=None)


def _opened_by(call: ListedCall) -> Entry:
    return Entry(
        id=None, key=missed_key(call), number=call.number, caller=call.other_party, customer=call.customer, tally=None
    )


def _joined(booking: Booking, call: ListedCall) -> Booking:
    tally, at = booking.entry.tally, missed_at(call)
    if tally is None:
        tally = Tally(calls=0, first_at=at, last_at=at, last_call_id=call.id, line=call.line)
    grown = replace(tally, calls=tally.calls + 1, first_at=min(at, tally.first_at))
    if (at, call.id) >= (tally.last_at, tally.last_call_id):
        grown = replace(grown, last_at=at, last_call_id=call.id, line=call.line)
    return Booking(entry=replace(booking.entry, tally=grown), joining=(*booking.joining, call.id))


def _closed(booking: Booking, talk: Talk, *, now: float) -> Booking:
    because = ClosedBecause.TALKED_OUT if talk.outbound else ClosedBecause.TALKED_IN
    closing = Closing(at=max(now, talk.counts_at), by=talk.agent, by_id=talk.agent_id, because=because)
    return replace(booking, entry=replace(booking.entry, closing=closing))
