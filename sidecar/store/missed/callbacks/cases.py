"""Callbacks as they stand, each with its calls and what has happened since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Float, Row, and_, bindparam, or_, select

from sidecar.calls.callbacks.course import Attempt, Case, Deed, Phase, closing_talk
from sidecar.calls.conversation.conversation import State
from sidecar.calls.identification import Certainty
from sidecar.calls.pages.missed import Talk
from sidecar.calls.reasons import Reason, reason_in
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.tables import conversations
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.value_lists import is_one_of_many, rows_about

LONGEST_CALL = 86_400.0  # seconds: a call that began earlier is not going on
_own = conversations.c
_OUTSIDE = and_(_own.test.is_(False), _own.internal.is_(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStep:
    """A step as it is written down before it is taken. `talk`: the call that is told of."""

    deed: Deed
    mark: str
    tells: tuple[int, ...] = ()
    talk: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTalk:
    talk: Talk
    call_id: int
    over: bool  # nobody talks any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A caller's callback; the ticket's fields are as they were read last."""

    id: int
    key: str
    caller: str
    person_id: int | None
    number: str
    group_id: int
    group_name: str
    phase: Phase
    due_at: float
    quiet_until: float
    heard_until: float
    talk_told: bool
    merged: bool
    articles: int
    ticket_id: int | None
    ticket_number: str | None
    ticket_state: str | None
    first_article_id: int | None
    step_at: float | None
    attempts_in_vain: int
    claimed_until: float | None
    refused: Reason | None
    step: KeptStep | None
    attempts: tuple[Attempt, ...] = ()
    numbers: frozenset[str] = field(default_factory=frozenset)
    people: frozenset[int] = field(default_factory=frozenset)  # whose calls these certainly are, as is known by now
    talk: FoundTalk | None = None
    busy: bool = False

    @property
    def case(self) -> Case:
        return Case(
            phase=self.phase,
            due_at=self.due_at,
            quiet_until=self.quiet_until,
            attempts=self.attempts,
            talk=self.talk.talk if self.talk else None,
            talk_over=self.talk is not None and self.talk.over,
            talk_told=self.talk_told,
            busy=self.busy,
            tried=self.step is not None and self.step.deed is Deed.CREATE,
            under_way=self.step.deed if self.step else None,
        )


_COLUMNS = ("id", "key", "caller", "person_id", "number", "group_id", "group_name", "due_at", "quiet_until",
            "heard_until", "talk_told", "merged", "articles", "ticket_id", "ticket_number", "ticket_state",
            "first_article_id", "step_at", "claimed_until")  # fmt: skip
_ACTIVE = select(callbacks).where(callbacks.c.phase != str(Phase.OVER)).order_by(callbacks.c.id)
_CALLS = (
    select(
        callback_calls.c.callback_id, callback_calls.c.told, _own.id, _own.started_at, _own.ended_at, _own.line,
        _own.number, _own.person_id, _own.certainty, missed_calls.c.closed_at, missed_calls.c.id.label("entry"),
    )
    .select_from(
        callback_calls.join(conversations, _own.id == callback_calls.c.conversation_id)
        .outerjoin(missed_parts, missed_parts.c.conversation_id == _own.id)
        .outerjoin(missed_calls, missed_calls.c.id == missed_parts.c.missed_id)
    )
    .where(is_one_of_many(callback_calls.c.callback_id), callback_calls.c.talk.is_(False))
    .order_by(_own.started_at, _own.id)
)  # fmt: skip
_since = bindparam("since", type_=Float)
_TALKS = select(
    _own.id,
    _own.number,
    _own.talked_with,
    _own.answered_at,
    _own.ended_at,
    _own.counts_at,
    _own.agent,
    _own.agent_id,
    _own.direction,
).where(
    or_(is_one_of_many(_own.number, "numbers"), is_one_of_many(_own.talked_with, "people")),
    _own.started_at > _since - LONGEST_CALL,
    _own.answered_at > _since,
    _own.counts_at.is_not(None),
    _OUTSIDE,
)
_GOING_ON = select(_own.number, _own.person_id).where(
    or_(is_one_of_many(_own.number, "numbers"), is_one_of_many(_own.person_id, "people")),
    _own.ended_at.is_(None),
    _own.started_at > _since,
    or_(
        _own.state == str(State.ANSWERED), and_(_own.direction == str(Direction.OUT), _own.state == str(State.RINGING))
    ),
    _OUTSIDE,
)


def active_callbacks(connection: Connection, *, now: float) -> list[Callback]:
    """All that are not over, the oldest first."""
    rows = connection.execute(_ACTIVE).all()
    if not rows:
        return []
    calls: dict[int, list[Row[Any]]] = defaultdict(list)
    for call in rows_about(connection, _CALLS, [row.id for row in rows]):
        calls[call.callback_id].append(call)
    found = [_callback(row, calls[row.id]) for row in rows]
    return _with_talks(connection, found, now=now)


def _callback(row: Row[Any], calls: Sequence[Row[Any]]) -> Callback:
    return Callback(
        **{name: getattr(row, name) for name in _COLUMNS},
        phase=Phase(row.phase),
        attempts_in_vain=row.attempts,
        refused=None if row.refused is None else reason_in(row.refused),
        step=None if row.step is None else _step(row.step),
        attempts=tuple(map(_attempt, calls)),
        numbers=frozenset({row.number, *(call.number for call in calls if call.number)}),
        people=frozenset(_people(row, calls)),
    )


def _people(row: Row[Any], calls: Sequence[Row[Any]]) -> Iterator[int]:
    """Two numbers, each with a callback, may turn out to be one person's: then a talk with them ends both."""
    if row.person_id is not None:
        yield row.person_id
    for call in calls:
        if call.person_id is not None and call.certainty == Certainty.CERTAIN:
            yield call.person_id


def _attempt(call: Row[Any]) -> Attempt:
    over = call.started_at if call.ended_at is None else call.ended_at
    waits = call.entry is not None and call.closed_at is None
    return Attempt(call_id=call.id, at=over, started_at=call.started_at, line=call.line, told=call.told, waits=waits)


def _step(kept: Mapping[str, Any]) -> KeptStep:
    return KeptStep(
        deed=Deed(kept["deed"]), mark=kept["mark"], tells=tuple(kept.get("tells", ())), talk=kept.get("talk")
    )


def step_as_kept(step: KeptStep) -> dict[str, Any]:
    return {"deed": str(step.deed), "mark": step.mark, "tells": list(step.tells), "talk": step.talk}


def _with_talks(connection: Connection, found: Sequence[Callback], *, now: float) -> list[Callback]:
    """Talks after the last attempt of each, and whether somebody is talking right now."""
    asked = {
        "numbers": sorted({number for each in found for number in each.numbers}),
        "people": sorted({person for each in found for person in each.people}),
    }
    earliest = min((attempt.at for each in found for attempt in each.attempts), default=now)
    talks = connection.execute(_TALKS, {**asked, "since": earliest}).all()
    going_on = connection.execute(_GOING_ON, {**asked, "since": now - LONGEST_CALL}).all()
    return [
        replace(
            each,
            talk=_talk_of(each, talks, now=now),
            busy=any(_is_with(each, row.number, row.person_id) for row in going_on),
        )
        for each in found
    ]


def _talk_of(callback: Callback, rows: Iterable[Any], *, now: float) -> FoundTalk | None:
    """Only where there was a call since the last one that was told."""
    if max((attempt.at for attempt in callback.attempts), default=0.0) <= callback.heard_until:
        return None
    found = {
        row.id: FoundTalk(talk=_talk(row), call_id=row.id, over=row.ended_at is not None)
        for row in rows
        if _is_with(callback, row.number, row.talked_with) and callback.heard_until < row.counts_at <= now
    }
    talk = closing_talk(callback.attempts, [each.talk for each in found.values()])
    return next((each for each in found.values() if each.talk is talk), None)


def _talk(row: Row[Any]) -> Talk:
    return Talk(
        at=row.answered_at, counts_at=row.counts_at, agent=row.agent, agent_id=row.agent_id,
        outbound=row.direction == Direction.OUT,
    )  # fmt: skip


def _is_with(callback: Callback, number: str | None, person_id: int | None) -> bool:
    return number in callback.numbers or person_id in callback.people
