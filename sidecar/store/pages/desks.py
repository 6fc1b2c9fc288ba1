"""What is on the agents' desks: running calls, everybody's last ones, and which of them were put away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.presence import RunningCall
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.tables import call_agents, conversations
from sidecar.store.calls.visibility import Viewer, visible_call
from sidecar.store.pages.tables import dismissed_cards
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn

MOST_RUNNING = 500
LAST_CALLS = 20  # of one agent; with as many of colleagues' in between the card before is none of today
RUNNING = (str(State.RINGING), str(State.ANSWERED), str(State.MACHINE))
_columns = conversations.c
_RUNNING = (
    select(_columns.id, _columns.story)
    .where(_columns.state.in_(RUNNING), _columns.ended_at.is_(None))
    .order_by(_columns.id.desc())
    .limit(MOST_RUNNING)
)


def running_calls(connection: Connection) -> tuple[RunningCall, ...]:
    """Newest first."""
    legs = {row.id: row.story for row in connection.execute(_RUNNING)}
    calls = listed_calls(connection, legs) if legs else {}
    return tuple(RunningCall(call=calls[each], phones=tuple(_rung(legs[each]))) for each in legs if each in calls)


def _rung(legs: Collection[Mapping[str, Any]]) -> Iterator[str]:
    """Sipgate ids of legs that ring: as `store.calls.conversations` keeps legs."""
    for leg in legs:
        over = leg.get("hung_up_at") is not None or leg.get("pickups") or leg.get("rejected")
        if leg.get("direction") == Direction.IN and not over:
            yield from (each for each in leg.get("user_ids", ()) if each)


def last_calls_of(connection: Connection, agent: int) -> list[ListedCall]:
    """In which this agent took part, newest first."""
    own = select(call_agents.c.conversation_id).where(call_agents.c.agent_id == agent)
    ids = list(connection.scalars(own.order_by(call_agents.c.conversation_id.desc()).limit(LAST_CALLS)))
    calls = listed_calls(connection, ids)
    return [calls[each] for each in ids if each in calls]


def calls_with_the_same(
    connection: Connection, call: ListedCall, viewer: Viewer, *, limit: int = 5
) -> list[ListedCall]:
    """The last ones before: with the certain person on any number, else with this number. None with a withheld one."""
    if call.customer is not None:
        same = _columns.person_id == call.customer
    elif call.number:
        same = _columns.number == call.number
    else:
        return []
    query = select(_columns.id).where(same, _columns.id != call.id, visible_call(viewer))
    ids = list(connection.scalars(query.order_by(_columns.started_at.desc(), _columns.id.desc()).limit(limit)))
    calls = listed_calls(connection, ids)
    return [calls[each] for each in ids if each in calls]


def dismissed_of(connection: Connection, agent: int, calls: Collection[int]) -> frozenset[int]:
    """Those of these calls that the agent has put away."""
    own = select(dismissed_cards.c.conversation_id).where(dismissed_cards.c.user_id == agent)
    return (
        frozenset(connection.scalars(own.where(dismissed_cards.c.conversation_id.in_(calls)))) if calls else frozenset()
    )


def dismiss(connection: Connection, agent: int, call: int, *, now: float) -> None:
    """Their other open pages follow."""
    take_turn(connection)
    if not dismissed_of(connection, agent, [call]):
        connection.execute(insert(dismissed_cards).values(user_id=agent, conversation_id=call))
    note_changes(connection, Kind.CALL, [call], now=now)
