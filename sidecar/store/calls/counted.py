"""The conditions of `calls.pages.counted.Figure` as the database is asked them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, exists, false, or_, select

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.counted import Counted, Figure
from sidecar.calls.pages.statistics import GOING_ON
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.tables import call_agents, conversations


def figure_columns() -> tuple[Column[Any], ...]:
    """Of conversations: what the conditions are about."""
    c = conversations.c
    return (c.direction, c.internal, c.test, c.state, c.answered_at, c.waiting, c.agent_id)


def counted_in(figure: Figure | None, columns: Any) -> list[ColumnElement[bool]]:
    """`columns`: of the table or of a part of it that has `figure_columns`."""
    if figure is None:
        return []
    conditions = _counted(figure.counted, columns)
    if figure.waited is not None:
        over = columns.state.not_in([str(state) for state in GOING_ON])
        conditions += [columns.answered_at.is_not(None), over, columns.waiting <= figure.waited]
    if figure.rang is not None:
        conditions.append(or_(columns.agent_id == figure.rang, _took_part(figure.rang, columns.id)))
    if figure.times is not None:
        spans = (and_(columns.started_at >= since, columns.started_at < until) for since, until in figure.times)
        conditions.append(or_(false(), *spans))
    return conditions


def _counted(counted: Counted | None, columns: Any) -> list[ColumnElement[bool]]:
    if counted is None:
        return []
    conditions = [
        columns.direction == Direction.IN.value,
        columns.internal.is_(False),
        columns.test.is_(False),
        columns.state != str(State.BLOCKED),
        columns.short_ring.is_not(True),
    ]
    if counted is Counted.ANSWERED:
        conditions.append(columns.answered_at.is_not(None))
    if counted is Counted.MISSED:
        conditions.append(columns.state == str(State.MISSED))
    return conditions


def _took_part(agent_id: int, conversation_id: ColumnElement[int]) -> ColumnElement[bool]:
    own = call_agents.alias("counted")
    return exists(select(1).where(own.c.conversation_id == conversation_id, own.c.agent_id == agent_id))
