"""Missed calls on their way into callbacks: each is looked at once, whatever crashes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Float, bindparam, delete, insert, select

from sidecar.calls.callbacks.course import Phase, caller_of, deserves_ticket, joins
from sidecar.calls.callbacks.lines import CallbackLines
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.missed import missed_at
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.tables import conversations
from sidecar.store.database import serialised
from sidecar.store.missed.callbacks.cases import Callback, active_callbacks
from sidecar.store.missed.callbacks.steps import try_refused_again
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sidecar.store.missed.tables import missed_calls, missed_parts

AT_ONCE = 500  # calls in one transaction
_NOT_YET = -1  # in the place of an id: not known before a talk is settled
_own = conversations.c
_since = bindparam("since", type_=Float)
_NEW = (
    select(_own.id)
    .select_from(
        missed_calls.join(missed_parts, missed_parts.c.missed_id == missed_calls.c.id)
        .join(conversations, _own.id == missed_parts.c.conversation_id)
        .outerjoin(callback_calls, callback_calls.c.conversation_id == _own.id)
    )
    .where(
        missed_calls.c.closed_at.is_(None),
        missed_calls.c.last_at > _since,
        _own.started_at > _since,
        callback_calls.c.conversation_id.is_(None),
    )
    .order_by(_own.started_at, _own.id)
    .limit(AT_ONCE)
)


def new_missed(connection: Connection, *, since: float) -> list[int]:
    """Calls in open entries that nobody has looked at yet, the oldest first."""
    return list(connection.execute(_NEW, {"since": since}).scalars())


def take_in(
    connection: Connection, lines: CallbackLines, *, since: float, grace: float, now: float, new_key: Callable[[], str]
) -> int:
    """Let these calls begin callbacks or join them; returns how many found their place.

    A call after a talk that is not settled yet stays where it is: the ticket may be closed before it.
    """
    serialised(connection, "callbacks")
    ids = new_missed(connection, since=since)
    calls = listed_calls(connection, ids)
    placed = 0
    for number in ids:
        callback_id = _place_of(connection, calls[number], lines, grace=grace, now=now, new_key=new_key)
        if callback_id == _NOT_YET:
            continue
        row = {"conversation_id": number, "callback_id": callback_id, "told": False, "talk": False}
        connection.execute(insert(callback_calls).values(row))
        placed += 1
    return placed


def reconsider_left_out(connection: Connection) -> None:
    """Lines or rights have changed: calls that were of no group may be of one now."""
    serialised(connection, "callbacks")
    connection.execute(delete(callback_calls).where(callback_calls.c.callback_id.is_(None)))


def _place_of(
    connection: Connection,
    call: ListedCall,
    lines: CallbackLines,
    *,
    grace: float,
    now: float,
    new_key: Callable[[], str],
) -> int | None:
    if not deserves_ticket(call):
        return None
    active = next((each for each in active_callbacks(connection, now=now) if _is_of(each, call)), None)
    if active is not None:
        talks = (active.talk.talk,) if active.talk else ()
        if active.talk_told or not joins(active.attempts, call, talks):
            return _NOT_YET
        if active.phase is Phase.REFUSED:
            try_refused_again(connection, now=now, ids=[active.id])
        return active.id
    group = lines.group_of(call.line)
    if group is None:
        return None
    at = missed_at(call)
    began: int = connection.execute(
        insert(callbacks)
        .values(
            key=new_key(), caller=caller_of(call), person_id=call.customer, number=call.number,
            group_id=group.id, group_name=group.name, line=call.line, changed_at=now,
            **_beginning(due_at=at + grace),
        )
        .returning(callbacks.c.id)
    ).scalar_one()  # fmt: skip
    return began


def _beginning(*, due_at: float) -> Mapping[str, Any]:
    return {
        "phase": str(Phase.WAITING), "due_at": due_at, "quiet_until": 0.0, "heard_until": 0.0, "talk_told": False,
        "merged": False, "articles": 0, "ticket_ended": False, "attempts": 0,
    }  # fmt: skip


def _is_of(callback: Callback, call: ListedCall) -> bool:
    """The same person, or the same number unless it is certainly somebody else's by now."""
    if call.customer is not None and callback.people:
        return call.customer in callback.people
    return call.number in callback.numbers
