"""What is to be done next about one caller's missed calls: from their state and the time, nothing else.

A callback waits until its grace is over, is made a ticket, tells repeats, and ends with a talk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.identification import Certainty
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.missed import Talk, missed_at

QUIET = 300.0  # seconds that begin with each article: repeats in them are told together at their end


class Phase(StrEnum):
    WAITING = "waiting"  # for the end of the grace, or for Zammad
    REFUSED = "refused"  # by Zammad: tried again when something has changed
    OPEN = "open"  # there is a ticket
    OVER = "over"


class Over(StrEnum):
    """Why nothing more is done about a callback."""

    TALKED = "talked"  # before there was a ticket
    DONE = "done"  # closed by hand before there was one
    TOO_OLD = "too old"  # after an outage
    CLOSED = "closed"  # by us
    CLOSED_BY_OTHERS = "closed by others"
    MERGED = "merged"  # into a ticket that is closed, or that nobody knows
    DELETED = "deleted"
    NO_ACCESS = "no access"


class Deed(StrEnum):
    """A step that is taken in Zammad."""

    CREATE = "create"
    REPEAT = "repeat"
    TALK = "talk"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A missed call. Spans are seconds, instants UTC epoch seconds."""

    call_id: int
    at: float  # when it was over
    started_at: float
    line: str
    told: bool = False  # there is an article that tells of it
    waits: bool = True  # in an open entry of the missed calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A caller's callback with what has happened since."""

    phase: Phase
    due_at: float  # end of the grace, or of a pause after a failure
    quiet_until: float = 0.0  # until then repeats are gathered
    attempts: Sequence[Attempt] = ()
    talk: Talk | None = None  # after all of them
    talk_over: bool = False
    talk_told: bool = False
    busy: bool = False  # somebody of ours is talking to the caller, or ringing there
    tried: bool = False  # an attempt at a ticket may have reached Zammad
    under_way: Deed | None = None  # a step that may have been taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    until: float | None  # None: until something happens


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    why: Over


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    deed: Deed
    tells: tuple[int, ...] = ()  # calls


Step = Wait | Withdraw | Act


def next_step(case: Case, *, now: float, max_age: float) -> Step:
    """A step that may have been taken comes first: nothing else before it is known."""
    if now < case.due_at and (case.under_way or case.phase is Phase.OPEN):
        return Wait(until=case.due_at)
    if case.under_way:
        return Act(deed=case.under_way, tells=_untold(case))
    match case.phase:
        case Phase.WAITING | Phase.REFUSED:
            return _before_the_ticket(case, now=now, max_age=max_age)
        case Phase.OPEN:
            return _with_a_ticket(case, now=now)
        case Phase.OVER:
            return Wait(until=None)


def _before_the_ticket(case: Case, *, now: float, max_age: float) -> Step:
    if not case.tried:
        if case.talk:
            return Withdraw(why=Over.TALKED)
        if not any(attempt.waits for attempt in case.attempts):
            return Withdraw(why=Over.DONE)
        if max(attempt.at for attempt in case.attempts) < now - max_age:
            return Withdraw(why=Over.TOO_OLD)
    if now < case.due_at:
        return Wait(until=case.due_at)
    if case.busy:
        return Wait(until=None)
    return Act(deed=Deed.CREATE, tells=_untold(case))


def _with_a_ticket(case: Case, *, now: float) -> Step:
    if case.talk_told:
        return Act(deed=Deed.CLOSE)
    untold = _untold(case)
    if case.talk:
        return Act(deed=Deed.TALK, tells=untold) if case.talk_over else Wait(until=None)
    if not untold:
        return Wait(until=None)
    if now < case.quiet_until:
        return Wait(until=case.quiet_until)
    return Act(deed=Deed.REPEAT, tells=untold)


def _untold(case: Case) -> tuple[int, ...]:
    return tuple(attempt.call_id for attempt in case.attempts if not attempt.told)


def closing_talk(attempts: Sequence[Attempt], talks: Sequence[Talk]) -> Talk | None:
    """The first talk after the last attempt; one that was already going on does not count."""
    last = max((attempt.at for attempt in attempts), default=None)
    if last is None:
        return None
    return min((talk for talk in talks if talk.at > last), key=lambda talk: talk.counts_at, default=None)


def joins(attempts: Sequence[Attempt], call: ListedCall, talks: Sequence[Talk]) -> bool:
    """Whether this call belongs to these attempts; else it waits until the talk between is settled."""
    talk = closing_talk(attempts, talks)
    return talk is None or talk.counts_at > missed_at(call)


def deserves_ticket(call: ListedCall) -> bool:
    """Not where the number is withheld or none, nor an agent's."""
    outside = call.number is not None and call.certainty != Certainty.INTERNAL
    return call.missed and not call.internal and not call.outbound and outside


def caller_of(call: ListedCall) -> str:
    """Who one caller is: the certain person, whatever number they call from, else the number."""
    return f"person:{call.customer}" if call.customer is not None else f"number:{call.number}"
