"""Callback tickets as people see them: beside a missed call or a call, and what Zammad has refused."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sidecar.calls.callbacks.course import Phase
from sidecar.calls.reasons import Reason, reason_in
from sidecar.store.callbacks.tables import callback_calls, callbacks

_own = callbacks.c


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


def ticket_of_call(connection: Connection, call_id: int) -> ShownTicket | None:
    """That of a missed call, or of the talk that was told in it."""
    query = (
        select(_own.ticket_id, _own.ticket_number, _own.ticket_state, _own.ticket_ended)
        .select_from(callbacks.join(callback_calls, callback_calls.c.callback_id == _own.id))
        .where(callback_calls.c.conversation_id == call_id, _own.ticket_id.is_not(None))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return ShownTicket(
        id=row.ticket_id, number=row.ticket_number or "", state=row.ticket_state or "", ended=row.ticket_ended
    )


def refusals(connection: Connection) -> Refusals:
    refused = _own.phase == str(Phase.REFUSED)
    count = connection.execute(select(func.count()).where(refused)).scalar_one()
    query = select(_own.refused).where(refused, _own.refused.is_not(None)).order_by(_own.changed_at.desc()).limit(1)
    newest = connection.execute(query).scalar()
    return Refusals(count=count, newest=None if newest is None else reason_in(newest))
