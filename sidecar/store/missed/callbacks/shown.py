"""Callback tickets as people see them: beside a missed call or a call, and what Zammad has refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sidecar.calls.callbacks.course import Phase
from sidecar.calls.reasons import Reason, reason_in
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sidecar.store.value_lists import is_one_of_many, rows_about

_own = callbacks.c
_TICKETS = (
    select(callback_calls.c.conversation_id, _own.ticket_id, _own.ticket_number, _own.ticket_state, _own.ticket_ended)
    .select_from(callbacks.join(callback_calls, callback_calls.c.callback_id == _own.id))
    .where(is_one_of_many(callback_calls.c.conversation_id), _own.ticket_id.is_not(None))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTicket:
    """As Zammad had it when it was looked at last."""

    id: int
    number: str
    state: str
    ended: bool  # closed, merged away, deleted or out of reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    count: int = 0
    newest: Reason | None = None


def tickets_of_calls(connection: Connection, calls: Collection[int]) -> dict[int, ShownTicket]:
    """By call: that of a missed one, or of a talk that was told in it."""
    if not calls:
        return {}
    return {
        row.conversation_id: ShownTicket(
            id=row.ticket_id, number=row.ticket_number or "", state=row.ticket_state or "", ended=row.ticket_ended
        )
        for row in rows_about(connection, _TICKETS, calls)
    }


def refusals(connection: Connection) -> Refusals:
    refused = _own.phase == str(Phase.REFUSED)
    count = connection.execute(select(func.count()).where(refused)).scalar_one()
    query = select(_own.refused).where(refused, _own.refused.is_not(None)).order_by(_own.changed_at.desc()).limit(1)
    newest = connection.execute(query).scalar()
    return Refusals(count=count, newest=None if newest is None else reason_in(newest))
