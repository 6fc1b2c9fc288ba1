"""Steps about callbacks: written down before they are taken in Zammad, and settled by what came of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from sidecar.calls.callbacks.course import Over, Phase
from sidecar.calls.reasons import Reason, as_text
from sidecar.store.calls.tables import conversations
from sidecar.store.missed.callbacks.cases import Callback, KeptStep, step_as_kept
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sidecar.store.missed.parts import note_entries_of
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn

_own = callbacks.c


def begin_step(connection: Connection, callback: Callback, step: KeptStep, *, now: float, lease: float) -> bool:
    """Whether it is ours to take for `lease` seconds: nobody else is at it, and nothing has changed meanwhile."""
    free = or_(_own.claimed_until.is_(None), _own.claimed_until <= now)
    unchanged = (_own.phase == str(callback.phase)) & (_own.articles == callback.articles)
    changes = {"step": step_as_kept(step), "claimed_until": now + lease, "changed_at": now}
    if callback.step_at is None:
        changes["step_at"] = now
    query = update(callbacks).where(_own.id == callback.id, free, unchanged).values(**changes)
    return connection.execute(query).rowcount == 1


def release_steps(connection: Connection) -> None:
    """After a crash of the only process there was: nobody works on anything any more."""
    connection.execute(update(callbacks).where(_own.claimed_until.is_not(None)).values(claimed_until=None))


def step_taken(connection: Connection, callback: Callback, step: KeptStep, *, now: float, **changes: Any) -> None:
    """It was taken, as `changes` tell."""
    told = update(callback_calls).where(callback_calls.c.conversation_id.in_(step.tells)).values(told=True)
    connection.execute(told)
    if step.talk is not None:
        _add_talk(connection, callback.id, step.talk)
    settled = {"step": None, "step_at": None, "claimed_until": None, "attempts": 0, "refused": None}
    _change(connection, callback, now=now, **settled, **changes)


def step_not_taken(
    connection: Connection,
    callback: Callback,
    *,
    due_at: float,
    now: float,
    phase: Phase,
    refused: Reason | None = None,
) -> None:
    """Zammad has certainly not done it: it is decided anew what is to be done."""
    _change(
        connection, callback, now=now, step=None, step_at=None, claimed_until=None, due_at=due_at, phase=str(phase),
        attempts=callback.attempts_in_vain + 1, refused=as_text(refused) if refused else None,
    )  # fmt: skip


def step_in_doubt(connection: Connection, callback: Callback, *, due_at: float, now: float) -> None:
    """Zammad may have done it: to be looked for at `due_at`."""
    _change(connection, callback, now=now, claimed_until=None, due_at=due_at, attempts=callback.attempts_in_vain + 1)


def end_callback(
    connection: Connection,
    callback: Callback,
    why: Over,
    *,
    now: float,
    free_after: float | None = None,
    **changes: Any,
) -> None:
    """Nothing more is done about it. Calls after `free_after` that no article tells of may begin another one."""
    if free_after is not None:
        _free_calls(connection, callback.id, after=free_after)
    ended = {"phase": str(Phase.OVER), "over_because": str(why), "over_at": now, "step": None, "claimed_until": None}
    _change(connection, callback, now=now, **ended, **changes)


def ticket_seen(connection: Connection, ticket_id: int, *, state: str, ended: bool, now: float) -> None:
    """A ticket's state as it is now, for people who look at it here."""
    query = select(_own.id).where(
        _own.ticket_id == ticket_id, or_(_own.ticket_state != state, _own.ticket_ended != ended)
    )
    for number in connection.execute(query).scalars().all():
        changed = update(callbacks).where(_own.id == number).values(ticket_state=state, ticket_ended=ended)
        connection.execute(changed)
        _tell_pages(connection, number, now=now)


def try_refused_again(connection: Connection, *, now: float, ids: Collection[int] | None = None) -> int:
    """Something has changed that may let them pass: these, or all."""
    query = update(callbacks).where(_own.phase == str(Phase.REFUSED))
    if ids is not None:
        query = query.where(_own.id.in_(ids))
    return connection.execute(query.values(due_at=now, changed_at=now)).rowcount


def _change(connection: Connection, callback: Callback, *, now: float, **changes: Any) -> None:
    take_turn(connection)
    connection.execute(update(callbacks).where(_own.id == callback.id).values(**changes, changed_at=now))
    _tell_pages(connection, callback.id, now=now)


def _tell_pages(connection: Connection, callback_id: int, *, now: float) -> None:
    query = select(callback_calls.c.conversation_id).where(callback_calls.c.callback_id == callback_id)
    calls = connection.execute(query).scalars().all()
    note_entries_of(connection, calls, now=now)
    note_changes(connection, Kind.CALL, calls, now=now)


def _add_talk(connection: Connection, callback_id: int, call_id: int) -> None:
    """Not where the call is forgotten by now, or told of already."""
    is_there = connection.execute(select(conversations.c.id).where(conversations.c.id == call_id)).first()
    kept = select(callback_calls.c.conversation_id).where(callback_calls.c.conversation_id == call_id)
    if is_there and not connection.execute(kept).first():
        row = {"conversation_id": call_id, "callback_id": callback_id, "told": True, "talk": True}
        connection.execute(insert(callback_calls).values(row))


def _free_calls(connection: Connection, callback_id: int, *, after: float) -> None:
    ended = select(conversations.c.id).where(conversations.c.ended_at > after)
    connection.execute(
        delete(callback_calls).where(
            callback_calls.c.callback_id == callback_id,
            callback_calls.c.told.is_(False),
            callback_calls.c.conversation_id.in_(ended),
        )
    )
