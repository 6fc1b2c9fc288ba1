"""The calls of a span of time as the statistics count them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Connection, func, select

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import is_filled
from sidecar.calls.pages.statistics import CountedCall
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.tables import call_agents, conversations
from sidecar.store.calls.visibility import Viewer, visible_call

_c = conversations.c
_STATES = {str(state): state for state in State}


def counted_calls(
    connection: Connection, viewer: Viewer, *, since: float, until: float, lines: Collection[str] = ()
) -> list[CountedCall]:
    """Inbound calls from outside that began in this time; neither blocked ones, short rings nor test calls.

    Those at these lines alone, if any are named.
    """
    conditions = _counted(viewer, since, until)
    if lines:
        conditions.append(_c.line.in_(lines))
    agents = _agents(connection, conditions)
    return list(_calls(connection, conditions, agents))


def dialled_calls(connection: Connection, viewer: Viewer, *, since: float, until: float) -> dict[int, int]:
    """Agents to how often they called somebody outside, reached or not; test calls aside."""
    query = select(_c.agent_id, func.count().label("calls")).where(
        *_begun(viewer, since, until), _c.direction == Direction.OUT.value, _c.agent_id.is_not(None)
    )
    return {row.agent_id: row.calls for row in connection.execute(query.group_by(_c.agent_id))}


def _counted(viewer: Viewer, since: float, until: float) -> list[ColumnElement[bool]]:
    return [
        *_begun(viewer, since, until),
        _c.direction == Direction.IN.value,
        _c.state != str(State.BLOCKED),
        _c.short_ring.is_not(True),
    ]


def _begun(viewer: Viewer, since: float, until: float) -> list[ColumnElement[bool]]:
    return [
        _c.started_at >= since,
        _c.started_at < until,
        _c.test.is_(False),
        _c.internal.is_(False),
        visible_call(viewer),
    ]


def _agents(connection: Connection, conditions: list[ColumnElement[bool]]) -> dict[int, frozenset[int]]:
    joined = call_agents.join(conversations, _c.id == call_agents.c.conversation_id)
    found: dict[int, set[int]] = defaultdict(set)
    query = select(call_agents.c.conversation_id, call_agents.c.agent_id).select_from(joined).where(*conditions)
    for number, agent_id in connection.execute(query):
        found[number].add(agent_id)
    return {number: frozenset(ids) for number, ids in found.items()}


def _calls(
    connection: Connection, conditions: list[ColumnElement[bool]], agents: dict[int, frozenset[int]]
) -> Iterator[CountedCall]:
    columns = (_c.id, _c.started_at, _c.state, _c.line, _c.agent_id, _c.answered_at, _c.waiting, _c.talking)
    for number, started_at, state, line, agent_id, answered_at, waiting, talking in connection.execute(
        select(*columns).where(*conditions)
    ):
        yield CountedCall(
            started_at=started_at,
            state=_STATES[state],
            line=line,
            agent_id=agent_id,
            answered=answered_at is not None,
            waiting=waiting,
            talking=talking,
            agents=agents.get(number, frozenset()),
            filled=is_filled(_STATES[state], waiting),
        )
