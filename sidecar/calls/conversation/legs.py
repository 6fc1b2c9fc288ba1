"""One leg of a call, out of its hooks in whatever order they came (docs/reference/sipgate.md section 1.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from sidecar.calls.reasons import Reason
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, NewCall

VOICEMAIL = "voicemail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A hook as the journal has it. `rejected` is the reason where the caller was told busy."""

    at: float  # UTC epoch seconds of receipt: no hook carries a time of its own
    event: CallEvent
    rejected: Reason | None = None
    size: int = 0  # bytes of what was posted
    filled: bool = False  # it never came: made of sipgate's history


class Taker(StrEnum):
    """Who or what picked up."""

    PERSON = "person"
    MACHINE = "machine"  # known to be one
    UNNAMED = "unnamed"  # a queue or a machine, since sipgate names nobody
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickup:
    at: float
    call_id: str
    taker: Taker
    user: str | None = None  # display name; None: somebody unknown
    user_id: str | None = None
    full_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialler:
    """Who may have dialled an outbound leg, as its `newCall` names them: the `answer` names nobody of ours."""

    user: str | None = None
    user_id: str | None = None
    full_user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    call_id: str
    orig_call_id: str | None
    direction: Direction
    caller: str
    callee: str
    users: tuple[str, ...]
    user_ids: tuple[str, ...]
    full_user_ids: tuple[str, ...]
    diversion: str | None
    began_at: float
    pickups: tuple[Pickup, ...]
    hung_up_at: float | None
    cause: str | None
    rejected: Reason | None
    rang: bool = True  # False: only its answer or its end is known, or how long it rang is not
    filled: bool = False  # something of it is from sipgate's history, which knows no ringing

    @property
    def over_at(self) -> float | None:
        """When it ended as far as is known; a rejected leg ends with our answer."""
        return self.began_at if self.rejected and self.hung_up_at is None else self.hung_up_at

    @property
    def forwarded(self) -> bool:
        return self.cause == "forwarded"

    @property
    def diallers(self) -> tuple[Dialler, ...]:
        """Of an outbound leg. Names may be more than ids; those count only where no id does."""
        if self.direction is not Direction.OUT:
            return ()
        ids = max(len(self.user_ids), len(self.full_user_ids))
        named = zip_longest(self.users[: ids or None], self.user_ids, self.full_user_ids)
        return tuple(Dialler(user=user, user_id=own, full_user_id=full) for user, own, full in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHabits:
    """What answers mean that name no person: names of queues in lower case, and what it is that has none."""

    queue_names: frozenset[str] = frozenset()
    unnamed: Taker = Taker.UNNAMED


def legs_from(heard: Iterable[Heard], habits: AnswerHabits) -> tuple[Leg, ...]:
    """The legs, first the one the call began with: each behind the leg it came from, then by time."""
    by_call: dict[str, list[Heard]] = defaultdict(list)
    for hook in heard:
        by_call[hook.event.call_id].append(hook)
    legs = {call_id: _leg(hooks, habits) for call_id, hooks in by_call.items()}
    known = {call_id: leg for call_id, leg in legs.items() if leg is not None}
    depth = count_origins(known, frozenset(known))
    return tuple(sorted(known.values(), key=lambda leg: (depth[leg.call_id], leg.began_at, leg.call_id)))


def count_origins(legs: Mapping[str, Leg], wanted: Collection[str]) -> dict[str, int]:
    """Leg to how many of the wanted legs stand before it: those it came from, directly or through others.

    In a circle everybody stands before everybody else. Each leg is looked at once, however long the chains are.
    """
    counts: dict[str, int] = {}
    for call_id in legs:
        way, here = _way_up(call_id, legs, counts)
        circle = way[way.index(here) :] if here in way else []
        count = sum(each in wanted for each in circle)
        counts.update((each, count - (each in wanted)) for each in circle)
        for each in reversed(way[: len(way) - len(circle)]):
            counts[each] = counts[here] + (here in wanted) if here in counts else 0
            here = each
    return counts


def _way_up(call_id: str, legs: Mapping[str, Leg], counted: Mapping[str, int]) -> tuple[list[str], str]:
    """From leg to leg it came from, and where this way ends: at none, at one that is counted, or in a circle."""
    way: dict[str, None] = {}
    here = call_id
    while here in legs and here not in counted and here not in way:
        way[here] = None
        here = legs[here].orig_call_id or ""
    return list(way), here


def _leg(hooks: Sequence[Heard], habits: AnswerHabits) -> Leg | None:
    hooks = sorted(hooks, key=lambda hook: hook.at)
    rings = [hook.event for hook in hooks if isinstance(hook.event, NewCall)]
    answers = [(hook.at, hook.event) for hook in hooks if isinstance(hook.event, Answered)]
    hangups = [(hook.at, hook.event) for hook in hooks if isinstance(hook.event, HungUp)]
    told: list[NewCall | Answered | HungUp] = [
        *rings,
        *(event for _, event in answers),
        *(event for _, event in hangups),
    ]  # the better source first
    if not told:  # keys were pressed on a leg that was never heard of otherwise
        return None
    ring = rings[0] if rings else None
    return Leg(
        call_id=told[0].call_id,
        orig_call_id=next((event.orig_call_id for event in told if event.orig_call_id), None),
        direction=_direction(told),
        caller=next((event.caller for event in told if event.caller), ""),
        callee=next((event.callee for event in told if event.callee), ""),
        users=ring.users if ring else (),
        user_ids=ring.user_ids if ring else (),
        full_user_ids=ring.full_user_ids if ring else (),
        diversion=next((event.diversion for event in told if event.diversion), None),
        began_at=min(hook.at for hook in hooks),
        pickups=_pickups(answers, ring, habits),
        hung_up_at=hangups[0][0] if hangups else None,
        cause=next((event.cause for _, event in hangups if event.cause), None),
        rejected=next((hook.rejected for hook in hooks if hook.rejected), None),
        rang=any(isinstance(hook.event, NewCall) and not hook.filled for hook in hooks),
        filled=any(hook.filled for hook in hooks),
    )


def _direction(told: Iterable[NewCall | Answered | HungUp]) -> Direction:
    """As a hook of this leg says it; minimal hangups are silent, then the path they were posted to counts."""
    said = next((event.direction for event in told if event.direction), None)
    posted_to = next((event.posted_to for event in told if isinstance(event, HungUp) and event.posted_to), None)
    return said or posted_to or Direction.IN


def _pickups(
    answers: Sequence[tuple[float, Answered]], ring: NewCall | None, habits: AnswerHabits
) -> tuple[Pickup, ...]:
    """One for each who answered, with the first time: sipgate may repeat itself."""
    taken: dict[tuple[str | None, str | None], Pickup] = {}
    for at, event in answers:
        taken.setdefault(
            (event.user, event.user_id or event.full_user_id),
            Pickup(
                at=at,
                call_id=event.call_id,
                taker=_taker(event, ring, habits),
                user=event.user,
                user_id=event.user_id,
                full_user_id=event.full_user_id,
            ),
        )
    return tuple(taken.values())


def _taker(event: Answered, ring: NewCall | None, habits: AnswerHabits) -> Taker:
    name = (event.user or "").strip().casefold()
    named = bool(name or event.user_id or event.full_user_id)
    rang_voicemail = ring is not None and [user.strip().casefold() for user in ring.users] == [VOICEMAIL]
    if event.direction is Direction.OUT:
        return Taker.PERSON
    if name == VOICEMAIL or (not named and rang_voicemail):
        return Taker.MACHINE
    if not named:
        return habits.unnamed
    return Taker.QUEUE if name in habits.queue_names else Taker.PERSON
