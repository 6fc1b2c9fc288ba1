"""Who of ours took part in a call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from sidecar.calls.agents import AgentMap
from sidecar.calls.events import NewCall
from sidecar.calls.legs import Leg


def agents_of(legs: Iterable[Leg], agents: AgentMap) -> frozenset[int]:
    """Ids of the agents whose phone rang, who picked up or who dialled."""
    found = (agents.find(user_id, full_user_id) for leg in legs for user_id, full_user_id in _sipgate_ids(leg))
    return frozenset(agent.id for agent in found if agent is not None)


def agents_rung(call: NewCall, agents: AgentMap) -> frozenset[int]:
    """Ids of the agents whose phones ring."""
    found = (agents.find(*ids) for ids in zip_longest(call.user_ids, call.full_user_ids))
    return frozenset(agent.id for agent in found if agent is not None)


def _sipgate_ids(leg: Leg) -> Iterator[tuple[str | None, str | None]]:
    yield from zip_longest(leg.user_ids, leg.full_user_ids)
    yield from ((pickup.user_id, pickup.full_user_id) for pickup in leg.pickups)
