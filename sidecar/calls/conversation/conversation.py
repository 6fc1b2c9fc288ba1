"""One truthful conversation out of hooks that come in any order, twice or not at all.

A pure fold over the *set* of hooks: what it yields does not depend on the order of their arrival, except where
only time can tell (docs/reference/sipgate.md sections 2 and 3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sidecar.calls.conversation.late import none_later, told_by_history
from sidecar.calls.conversation.legs import (
    AnswerHabits,
    Heard,
    Leg,
    Pickup,
    Taker,
    count_origins,
    legs_from,
)
from sidecar.calls.conversation.phones import PhoneUse, next_answer
from sidecar.calls.numbers.numbers import EXTENSION_DIGITS
from sidecar.calls.reasons import Reason
from sidecar.calls.sipgate.events import Direction

SETTLE = 1.0  # seconds after a hangup in which an overtaken `answer` or `newCall` may still come
HANDED_OVER = 60.0  # seconds after the leg a call was handed over to, and the end of the first leg counts as missing
SUCCESSOR = 2.0  # seconds a forwarded leg waits for the leg it goes on as
NEXT_CALL = 30.0  # seconds after the same phone has answered another call, and the end of this one counts as missing


class State(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"  # by a person, who still talks
    MACHINE = "machine"  # answered by no person: voicemail still records, or a queue has taken the call
    MISSED = "missed"  # inbound, and no person talked
    SHORT_RING = "short ring"  # the caller gave up so soon that nobody could have picked up
    NOT_REACHED = "not reached"  # outbound, never answered
    BLOCKED = "blocked"
    ENDED = "ended"  # a person has talked
    UNKNOWN = "unknown"  # the end was never heard of


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What the admin says about the telephone system. Seconds."""

    answers: AnswerHabits = field(default_factory=AnswerHabits)
    missing_hangup_after: float = 14400.0
    shortest_ring: float = 2.0
    shortest_talk: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All legs of one call. Instants are UTC epoch seconds, spans seconds."""

    direction: Direction
    internal: bool
    state: State
    caller: str
    callee: str
    legs: tuple[Leg, ...]
    talkers: tuple[Pickup, ...]  # persons in the order in which they took over
    blocked: Reason | None  # why the caller was told busy
    cause: str | None  # of the last leg that ended, as sipgate said it
    started_at: float
    answered_at: float | None
    ended_at: float | None
    counts_at: float | None  # when the talk had lasted long enough to close a missed call; None: not (yet)
    settled_at: float | None  # from then on the end is final; None while somebody rings or talks
    opens_at: float  # before that the row waits for the leg this one came from
    wake_at: float | None  # when time alone changes any of this

    @property
    def root(self) -> Leg:
        return self.legs[0]

    @property
    def talker(self) -> Pickup | None:
        return self.talkers[-1] if self.talkers else None

    @property
    def from_extension(self) -> bool:
        """A colleague calls: up to five digits (docs/reference/sipgate.md section 1.3)."""
        return self.caller.isdigit() and len(self.caller) <= EXTENSION_DIGITS

    @property
    def waiting(self) -> float | None:
        """Until a person answered, or until the end where nobody did; unknown where the history told of it."""
        if any(leg.filled for leg in self.legs):
            return None
        end = self.answered_at if self.answered_at is not None else self.ended_at
        if end is None or (self.answered_at is None and self.state is State.UNKNOWN):
            return None
        return max(0.0, end - self.started_at)

    @property
    def talking(self) -> float | None:
        if self.answered_at is None or self.ended_at is None or self.state is State.UNKNOWN:
            return None
        return max(0.0, self.ended_at - self.answered_at)

    @property
    def recorded(self) -> bool:
        """A machine has answered at some time."""
        return any(pickup.taker is Taker.MACHINE for leg in self.legs for pickup in leg.pickups)


def conversation_from(
    heard: Iterable[Heard], *, now: float, habits: Habits, elsewhere: Collection[PhoneUse] = ()
) -> Conversation | None:
    """What these hooks tell of at `now`; None: of no leg. `elsewhere`: other calls that its phones have answered."""
    told = told_by_history(hooks := tuple(heard))
    legs = legs_from(none_later(hooks, told) if told else hooks, habits.answers)
    if not legs:
        return None
    direction = _direction(legs)
    talkers = tuple(pickup for leg in legs for pickup in leg.pickups if pickup.taker is Taker.PERSON)
    end = _end(legs, talked=bool(talkers), now=now, habits=habits) if told is None else _over(told.over_at)
    end = _end_at_next_call(end, _next_call(legs, elsewhere, hooks), now=now)
    answered_at = min((pickup.at for pickup in talkers), default=None)
    blocked = next((leg.rejected for leg in legs if leg.rejected), None)
    counts_at = None if answered_at is None else answered_at + habits.shortest_talk
    opens_at = _opens_at(legs, talked=bool(talkers))
    wakes = (end.wake_at, opens_at, counts_at if end.at is None else None)
    return Conversation(
        direction=direction,
        internal=direction is Direction.OUT and any(leg.direction is Direction.IN for leg in legs),
        state=_state(legs, direction, talked=bool(talkers), blocked=blocked, end=end, habits=habits),
        caller=next((leg.caller for leg in legs if leg.caller), ""),
        callee=next((leg.callee for leg in legs if leg.callee), ""),
        legs=legs,
        talkers=talkers,
        blocked=None if talkers else blocked,
        cause=_last_cause(legs),
        started_at=legs[0].began_at,
        answered_at=answered_at,
        ended_at=end.at,
        counts_at=counts_at if counts_at is not None and _went_on_until(legs, end, now) >= counts_at else None,
        settled_at=end.settled_at,
        opens_at=opens_at,
        wake_at=min((instant for instant in wakes if instant and instant > now), default=None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    at: float | None = None
    settled_at: float | None = None
    lost: bool = False  # nobody will ever say how it ended
    wake_at: float | None = None


def _over(at: float) -> _End:
    """As the history has it: whatever late hooks leave open is no leg that still rings."""
    return _End(at=at, settled_at=at + SETTLE, wake_at=at + SETTLE)


def _end(legs: tuple[Leg, ...], *, talked: bool, now: float, habits: Habits) -> _End:
    """A conversation ends when all its legs have, and none that was forwarded waits for its successor."""
    if unended := _unended(legs):
        return _end_nobody_told(unended, legs, now=now, habits=habits)
    ended_at = max(leg.over_at if leg.over_at is not None else _last_heard(leg) for leg in legs)
    if any(leg.rejected for leg in legs) and not talked:
        return _End(at=ended_at, settled_at=ended_at)
    if not _waits_for_successor(legs):
        settled_at = ended_at + SETTLE
        return _End(at=ended_at, settled_at=settled_at, wake_at=settled_at)
    settled_at = ended_at + SUCCESSOR
    if now < settled_at:
        return _End(wake_at=settled_at)
    return _End(at=ended_at, settled_at=settled_at, lost=not talked)


def _end_nobody_told(unended: list[Leg], legs: tuple[Leg, ...], *, now: float, habits: Habits) -> _End:
    """A leg that was handed over may say nothing of its end (docs/reference/sipgate.md section 2), any other should."""
    last_heard = max(_last_heard(leg) for leg in legs)
    went_on = {leg.orig_call_id for leg in legs}
    handed_over = [leg for leg in unended if leg.call_id in went_on]
    if unended == handed_over[:1]:
        given_up_at = last_heard + min(HANDED_OVER, habits.missing_hangup_after)
        return _End(at=last_heard, settled_at=given_up_at) if now >= given_up_at else _End(wake_at=given_up_at)
    given_up_at = last_heard + habits.missing_hangup_after
    if now < given_up_at:
        return _End(wake_at=given_up_at)
    return _End(at=given_up_at, settled_at=given_up_at, lost=True)


def _next_call(legs: tuple[Leg, ...], elsewhere: Collection[PhoneUse], hooks: Iterable[Heard]) -> float | None:
    """When the last of the phones it was still on answered another call; legs that were handed over are on none."""
    if not elsewhere:
        return None
    last_hook = max(hook.at for hook in hooks)
    went_on = {leg.orig_call_id for leg in legs}
    still_on = [leg for leg in _unended(legs) if leg.call_id not in went_on]
    answered = [next_answer(leg, elsewhere, after=last_hook) for leg in still_on]
    known = [at for at in answered if at is not None]
    return max(known) if known and len(known) == len(answered) else None


def _end_at_next_call(end: _End, next_call: float | None, *, now: float) -> _End:
    if next_call is None:
        return end
    settled_at = next_call + NEXT_CALL
    if end.settled_at is not None and end.settled_at <= settled_at:
        return end
    if now >= settled_at:
        return _End(at=next_call, settled_at=settled_at, lost=True)
    return replace(end, wake_at=min(settled_at, end.wake_at or settled_at))


def _unended(legs: tuple[Leg, ...]) -> list[Leg]:
    answered_later = {leg.orig_call_id for leg in legs if leg.pickups}
    return [leg for leg in legs if leg.over_at is None and not _taken_over(leg, answered_later)]


def _waits_for_successor(legs: tuple[Leg, ...]) -> bool:
    """Whether a forwarded leg is the last one known: those it came from are not what it went on as."""
    ends = {leg.call_id for leg in legs if not leg.forwarded}
    before = count_origins({leg.call_id: leg for leg in legs}, ends)
    return any(leg.forwarded and before[leg.call_id] == len(ends) for leg in legs)


def _direction(legs: tuple[Leg, ...]) -> Direction:
    """That of the leg it began with; of an internal call the outbound one counts, whichever was heard first."""
    root = legs[0]
    ends = (root.caller, root.callee)
    if any(leg.direction is Direction.OUT and (leg.caller, leg.callee) == ends for leg in legs) and all(ends):
        return Direction.OUT
    return root.direction


def _last_heard(leg: Leg) -> float:
    return max(leg.began_at, leg.hung_up_at or 0.0, *(pickup.at for pickup in leg.pickups), 0.0)


def _taken_over(leg: Leg, answered_later: Collection[str | None]) -> bool:
    """A leg nobody answered is over once the leg it went on as was answered, even if its hangup is lost."""
    return not leg.pickups and leg.call_id in answered_later


def _went_on_until(legs: tuple[Leg, ...], end: _End, now: float) -> float:
    """Where nobody told of the end, as far as is known."""
    if end.at is None:
        return now
    return max(map(_last_heard, legs)) if end.lost else end.at


def _state(
    legs: tuple[Leg, ...], direction: Direction, *, talked: bool, blocked: Reason | None, end: _End, habits: Habits
) -> State:
    if end.at is None:
        return _state_so_far(legs, talked=talked)
    if end.lost:
        return State.UNKNOWN
    if talked:
        return State.ENDED
    if blocked:
        return State.BLOCKED
    if direction is Direction.OUT:
        return State.NOT_REACHED
    knows_ringing = legs[0].rang and not any(leg.filled for leg in legs)
    short = knows_ringing and end.at - legs[0].began_at < habits.shortest_ring
    return State.SHORT_RING if short and _last_cause(legs) == "cancel" else State.MISSED


def _state_so_far(legs: tuple[Leg, ...], *, talked: bool) -> State:
    if talked:
        return State.ANSWERED
    machine = any(pickup.taker in {Taker.MACHINE, Taker.UNNAMED} for leg in legs for pickup in leg.pickups)
    return State.MACHINE if machine else State.RINGING


def _last_cause(legs: tuple[Leg, ...]) -> str | None:
    causes = [(leg.hung_up_at, leg.cause) for leg in legs if leg.hung_up_at and leg.cause and not leg.forwarded]
    if causes:
        return max(causes)[1]
    return "forwarded" if any(leg.forwarded for leg in legs) else None


def _opens_at(legs: tuple[Leg, ...], *, talked: bool) -> float:
    """A leg that came from one not heard of yet waits a moment: it may be the second half of an internal call, which
    has no inbound row, or the outbound half of a forwarded one, which is an inbound call."""
    root = legs[0]
    waits = root.orig_call_id is not None and not talked
    return root.began_at + SETTLE if waits else 0.0  # at once, even where another replica's clock is ahead
