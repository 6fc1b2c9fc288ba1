"""Calls that began within a span of time, as the history of somebody else is compared with them."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, func, select

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import is_filled
from sidecar.calls.sipgate.events import Direction
from sidecar.calls.sipgate.history import KnownCall
from sidecar.calls.sipgate.rhythm import RecentCalls
from sidecar.store.calls.stories import machine_in
from sidecar.store.calls.tables import call_keys, conversations
from sidecar.store.value_lists import is_one_of_many, rows_about

_KEYS = select(call_keys.c.key, call_keys.c.conversation_id).where(is_one_of_many(call_keys.c.conversation_id))
LONGEST_RINGING = 3600.0  # seconds
_OPEN = conversations.c.ended_at.is_(None)


def calls_begun(connection: Connection, *, since: float, until: float) -> list[KnownCall]:
    """Oldest first; no test calls."""
    own = conversations.c
    spans = (own.started_at, own.answered_at, own.ended_at, own.waiting)
    columns = (own.id, own.direction, own.state, own.caller, own.callee, *spans)
    begun = (own.started_at >= since, own.started_at <= until, own.test.is_(False))
    rows = connection.execute(select(*columns, own.story).where(*begun).order_by(own.started_at, own.id)).all()
    keys: dict[int, set[str]] = defaultdict(set)
    for key in rows_about(connection, _KEYS, [row.id for row in rows]):
        keys[key.conversation_id].add(key.key)
    return [
        KnownCall(
            id=row.id,
            call_ids=frozenset(keys[row.id]),
            root=str(row.story[0]["call_id"]) if row.story else "",
            incoming=row.direction == Direction.IN,
            caller=row.caller,
            callee=row.callee,
            started_at=row.started_at,
            answered_at=row.answered_at,
            is_over=row.ended_at is not None and row.state != State.UNKNOWN,
            is_filled=is_filled(State(row.state), row.waiting),
            is_recorded=any(map(machine_in, row.story)),
        )
        for row in rows
    ]


def oldest_open_call(connection: Connection) -> float | None:
    """When the oldest call began whose end is not known; None: all have ended."""
    started_at: float | None = connection.scalar(select(func.min(conversations.c.started_at)).where(_OPEN))
    return started_at


def recent_calls(connection: Connection, *, ended_since: float) -> RecentCalls:
    """`ended_since` is about missed calls."""
    own = conversations.c
    begun: float | None = connection.scalar(select(func.max(own.started_at)))
    missed = select(own.ended_at).where(
        own.state == State.MISSED,
        own.direction == Direction.IN,
        own.started_at >= ended_since - LONGEST_RINGING,
        own.ended_at >= ended_since,
    )
    is_any_open = oldest_open_call(connection) is not None
    return RecentCalls(begun=begun, is_any_open=is_any_open, missed_ends=connection.scalars(missed).all())
