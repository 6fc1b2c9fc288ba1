"""Work for Zammad: written with the change that caused it, claimed by one replica, delivered in order per call."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from sidecar.calls.conversation.caller_log import CloseRow, Effect, OpenRow, Otherwise, ShowAnswer
from sidecar.calls.conversation.parcels import ParcelKind, ParcelState
from sidecar.calls.reasons import Reason, as_json, as_text, because, reason_in
from sidecar.store.calls.tables import conversations, outbox
from sidecar.store.replicas.wake_ups import Written, waking
from sidecar.store.row_lists import adding, execute_rows
from sidecar.store.value_lists import is_one_of_many

_KINDS: dict[str, type[Effect]] = {
    ParcelKind.OPEN_ROW: OpenRow,
    ParcelKind.SHOW_ANSWER: ShowAnswer,
    ParcelKind.CLOSE_ROW: CloseRow,
}
_NAMES = {effect: name for name, effect in _KINDS.items()}
_UNCLAIMED: dict[str, None] = {"claimed_until": None, "claimed_by": None}


def _unclaimed_at(now: Any) -> ColumnElement[bool]:
    return or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now)


def _claimable() -> Select[Any]:
    """The first pending parcel of each conversation, where it is due. A newer version may know more kinds."""
    earlier, now = outbox.alias(), bindparam("now", type_=Float)
    is_first = ~exists().where(
        earlier.c.conversation_id == outbox.c.conversation_id,
        earlier.c.state == ParcelState.PENDING,
        earlier.c.id < outbox.c.id,
    )
    return (
        select(outbox)
        .where(outbox.c.state == ParcelState.PENDING, outbox.c.due_at <= now, _unclaimed_at(now), is_first)
        .where(outbox.c.kind.in_(_KINDS), ~is_one_of_many(outbox.c.conversation_id, "without"))
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


# Built once: that takes longer than running them.
_NEWEST = _claimable().order_by(outbox.c.conversation_id.desc())
_IN_ORDER_OF_THE_INDEX = text("SET LOCAL enable_bitmapscan = off")
"""PostgreSQL would else gather and sort all that waits, while its statistics are those of a time when little did."""
_DOUBTFUL = _claimable().where(outbox.c.uncertain).order_by(outbox.c.id)
_URGENT = _claimable().where(is_one_of_many(outbox.c.conversation_id, "only")).order_by(outbox.c.id)
_NEXT = (
    select(outbox)
    .where(outbox.c.conversation_id == bindparam("conversation"), outbox.c.state == ParcelState.PENDING)
    .order_by(outbox.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_MARK = (
    update(outbox).where(is_one_of_many(outbox.c.id, "parcels")).values(uncertain=True, attempts=outbox.c.attempts + 1)
)
_NEW = ("conversation_id", "kind", "payload", "state", "created_at", "due_at", "attempts", "uncertain")
_PUT = waking(adding(outbox, _NEW), Written.WORK)
_CALL = select(conversations.c.id, conversations.c.ended_at).join(outbox).where(outbox.c.id == bindparam("parcel"))
_CHANGE = update(outbox).where(outbox.c.id == bindparam("parcel"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """An effect in the outbox. Instants are UTC epoch seconds."""

    id: int
    conversation_id: int
    kind: ParcelKind
    effect: Effect
    state: ParcelState
    created_at: float
    due_at: float
    attempts: int
    uncertain: bool  # an earlier attempt may have reached Zammad
    note: Reason | None  # of the last attempt, or why it was delivered otherwise than asked
    claimed_until: float | None = None  # by whoever sends it now


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    pending: int
    oldest: float | None  # when the oldest pending one was written
    dead: int

    def age(self, now: float) -> float:
        """Seconds that the oldest one has waited; 0 where nothing waits."""
        return 0.0 if self.oldest is None else max(0.0, now - self.oldest)


def put(connection: Connection, work: Sequence[tuple[int, Effect]], *, now: float) -> None:
    """Add effects of conversations, in the order in which they are to be delivered."""
    execute_rows(connection, _PUT, [_row(conversation_id, effect, now) for conversation_id, effect in work])


def withdraw_row(connection: Connection, conversation_id: int, call_id: str, *, now: float) -> bool:
    """Discard what is still to be told of one row, if nothing of it can have reached Zammad."""
    of_row = and_(outbox.c.conversation_id == conversation_id, outbox.c.payload["call_id"].as_string() == call_id)
    query = select(outbox.c.state, outbox.c.uncertain).where(of_row).with_for_update()  # nobody claims it meanwhile
    if any(row.state != ParcelState.PENDING or row.uncertain for row in connection.execute(query)):
        return False
    gone = {"state": ParcelState.DISCARDED, "note": as_text(because(Otherwise.JOINED)), "finished_at": now}
    connection.execute(update(outbox).where(of_row).values(**gone))
    return True


def claim(
    connection: Connection,
    *,
    now: float,
    lease: float,
    limit: int,
    replica: int | None = None,
    doubtful: bool = False,
    without: Collection[int] = (),
    only: Collection[int] | None = None,
) -> list[Parcel]:
    """The next parcels of up to `limit` conversations, newest first, now ours for `lease` seconds.

    Each is marked as uncertain before it is sent, so that a crash leaves the mark behind; the parcels returned carry
    the mark of earlier attempts. `doubtful`: only those that carry it, the oldest first, as long as Zammad still
    lists their rows. `without`: conversations that are left alone; `only`: all others are. `replica`: who takes them,
    if others can see it die.
    """
    query, asked = _DOUBTFUL if doubtful else _NEWEST, {"now": now, "most": limit, "without": tuple(without)}
    if only is not None:
        query, asked = _URGENT, asked | {"only": tuple(only)}
    if connection.dialect.name == "postgresql":
        connection.execute(_IN_ORDER_OF_THE_INDEX)
    found = connection.execute(query, asked)
    return _claimed(connection, [_parcel(row) for row in found], until=now + lease, replica=replica)


def claim_next(
    connection: Connection, conversation_id: int, *, now: float, lease: float, replica: int | None = None
) -> Parcel | None:
    """The next parcel of a conversation whose last one has just been settled by us."""
    row = connection.execute(_NEXT, {"conversation": conversation_id}).first()
    if row is None or row.kind not in _KINDS or row.due_at > now:
        return None
    if row.claimed_until is not None and row.claimed_until > now:
        return None
    return _claimed(connection, [_parcel(row)], until=now + lease, replica=replica)[0]


def settle(connection: Connection, parcel_id: int, *, state: ParcelState, note: Reason | None, now: float) -> None:
    """The parcel has come to its end: done, dead or discarded."""
    done = {
        "state": state,
        "note": as_text(note) if note else None,
        "finished_at": now,
        "uncertain": False,
        **_UNCLAIMED,
    }
    connection.execute(_CHANGE, {"parcel": parcel_id, **done})


def postpone(
    connection: Connection, parcel: Parcel, *, due_at: float, uncertain: bool, counts: bool, note: Reason
) -> None:
    """To be tried again later. `counts` is false where the attempt says nothing about this parcel."""
    again = {"due_at": due_at, "uncertain": uncertain, **_UNCLAIMED, "note": as_text(note)}
    connection.execute(_CHANGE, {"parcel": parcel.id, **again, "attempts": parcel.attempts + counts})


def call_of(connection: Connection, parcel_id: int) -> tuple[int, float | None] | None:
    """The conversation a parcel is about and when it ended, as far as it is folded; None where that is gone.

    Asked by the parcel: its conversation may have become part of another one since it was claimed.
    """
    row = connection.execute(_CALL, {"parcel": parcel_id}).first()
    return row and (row.id, row.ended_at)


def release_claims(connection: Connection) -> int:
    """After a crash of the only process there was: nobody works on anything any more."""
    freed = update(outbox).where(outbox.c.state == ParcelState.PENDING, outbox.c.claimed_until.is_not(None))
    return connection.execute(freed.values(**_UNCLAIMED)).rowcount


def retry(connection: Connection, ids: Sequence[int] | None, *, now: float) -> int:
    """Dead parcels (all of them for None) become pending again, and named ones that wait are due; returns how many."""
    again = {"state": ParcelState.PENDING, "due_at": now, "attempts": 0, "finished_at": None}
    return connection.execute(update(outbox).where(_at_rest(ids, now)).values(**again)).rowcount


def discard(connection: Connection, ids: Sequence[int] | None, *, now: float) -> int:
    """Dead parcels (all of them for None) and named ones that wait are given up; returns how many."""
    gone = {"state": ParcelState.DISCARDED, "finished_at": now, "uncertain": False}
    return connection.execute(update(outbox).where(_at_rest(ids, now)).values(**gone)).rowcount


def parcels(
    connection: Connection, *, states: Sequence[ParcelState], before: int | None = None, limit: int = 50
) -> list[Parcel]:
    """The newest parcels in these states, of the kinds this release knows. `before`: only those with a smaller id."""
    known = outbox.c.state.in_(states), outbox.c.kind.in_(_KINDS)
    query = select(outbox).where(*known).order_by(outbox.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(outbox.c.id < before)
    return [_parcel(row) for row in connection.execute(query)]


def first_waiting(connection: Connection, conversation_ids: Collection[int]) -> dict[int, int]:
    """Conversations to the parcel that all others of them wait for."""
    of_calls = outbox.c.conversation_id.in_(conversation_ids), outbox.c.state == ParcelState.PENDING
    query = select(outbox.c.conversation_id, func.min(outbox.c.id).label("first")).where(*of_calls)
    return {row.conversation_id: row.first for row in connection.execute(query.group_by(outbox.c.conversation_id))}


def parcels_of(connection: Connection, conversation_id: int) -> list[Parcel]:
    of_call = outbox.c.conversation_id == conversation_id, outbox.c.kind.in_(_KINDS)
    query = select(outbox).where(*of_call).order_by(outbox.c.id)
    return [_parcel(row) for row in connection.execute(query)]


def backlog(connection: Connection) -> Backlog:
    pending = select(func.count(), func.min(outbox.c.created_at)).where(outbox.c.state == ParcelState.PENDING)
    count, oldest = connection.execute(pending).one()
    dead = connection.execute(select(func.count()).where(outbox.c.state == ParcelState.DEAD)).scalar_one()
    return Backlog(pending=count, oldest=oldest, dead=dead)


def _claimed(connection: Connection, found: list[Parcel], *, until: float, replica: int | None) -> list[Parcel]:
    if found:
        marks = {"claimed_until": until, "claimed_by": replica}
        connection.execute(_MARK, {"parcels": [parcel.id for parcel in found], **marks})
    return found


def _at_rest(ids: Sequence[int] | None, now: float) -> Any:
    """Dead ones; by id also those that wait, unless one is being sent right now."""
    dead = outbox.c.state == ParcelState.DEAD
    if ids is None:
        return dead
    return and_(outbox.c.id.in_(ids), or_(dead, and_(outbox.c.state == ParcelState.PENDING, _unclaimed_at(now))))


def _row(conversation_id: int, effect: Effect, now: float) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "kind": _NAMES[type(effect)],
        "payload": {name: _kept(getattr(effect, name)) for name in type(effect).__slots__},
        "state": ParcelState.PENDING,
        "created_at": now,
        "due_at": now,
        "attempts": 0,
        "uncertain": False,
    }


def _kept(value: object) -> Any:
    return as_json(value) if isinstance(value, Reason) else value


def _parcel(row: Any) -> Parcel:
    kind = _KINDS[row.kind]
    payload = {name: row.payload[name] for name in kind.__slots__ if name in row.payload}
    if "users" in payload:
        payload["users"] = tuple(payload["users"])
    if payload.get("blocked"):
        payload["blocked"] = reason_in(payload["blocked"])
    return Parcel(
        id=row.id,
        conversation_id=row.conversation_id,
        kind=ParcelKind(row.kind),
        effect=kind(**payload),
        state=ParcelState(row.state),
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        uncertain=row.uncertain,
        note=None if row.note is None else reason_in(row.note),
        claimed_until=row.claimed_until,
    )
