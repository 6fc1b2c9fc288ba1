"""Who of ours took part in a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from sidecar.calls.conversation.conversation import Conversation
from sidecar.calls.conversation.desk import NOBODY, Addressee, Party
from sidecar.calls.conversation.legs import Dialler, Leg, Pickup
from sidecar.calls.rules.agents import AgentMap
from sidecar.calls.sipgate.events import Direction, NewCall


def agents_of(legs: Iterable[Leg], agents: AgentMap) -> frozenset[int]:
    """Ids of the agents whose phone rang, who picked up or who dialled."""
    found = (agents.find(user_id, full_user_id) for leg in legs for user_id, full_user_id in _sipgate_ids(leg))
    return frozenset(agent.id for agent in found if agent is not None)


def agent_of(conversation: Conversation, addressee: Callable[[Party], Addressee]) -> Addressee:
    """Whose call it is: of an inbound one who talked last, of an outbound or internal one who dialled."""
    if conversation.direction is Direction.OUT:
        return _dialler_of(conversation.legs, addressee)
    return addressee(conversation.talker) if conversation.talker else NOBODY


def _dialler_of(legs: Iterable[Leg], addressee: Callable[[Party], Addressee]) -> Addressee:
    """Of several agents who may have dialled, the one whom an `answer` names; several ids may be one agent's."""
    outbound = [leg for leg in legs if leg.direction is Direction.OUT]
    diallers = next((leg.diallers for leg in outbound if leg.diallers), ())
    answers = [pickup for leg in outbound for pickup in reversed(leg.pickups) if any(_names_of(pickup))]
    named = [[each for each in diallers if _is_same(each, pickup)] for pickup in answers]
    choices: list[Sequence[Party]] = [diallers, *named, [] if diallers else answers[:1]]
    for choice in choices:
        found = [addressee(party) for party in choice]
        if len({each.agent_id or each.name for each in found}) == 1:
            return found[0]
    return NOBODY


def _is_same(dialler: Dialler, pickup: Pickup) -> bool:
    """By id where there is one; full ids are the stronger ones."""
    pairs = zip(_names_of(dialler), _names_of(pickup), strict=True)
    return next((mine == theirs for mine, theirs in pairs if mine and theirs), False)


def _names_of(party: Party) -> tuple[str | None, str | None, str | None]:
    return party.full_user_id, party.user_id, party.user


def agents_rung(call: NewCall, agents: AgentMap) -> frozenset[int]:
    """Ids of the agents whose phones ring."""
    found = (agents.find(*ids) for ids in zip_longest(call.user_ids, call.full_user_ids))
    return frozenset(agent.id for agent in found if agent is not None)


def _sipgate_ids(leg: Leg) -> Iterator[tuple[str | None, str | None]]:
    yield from zip_longest(leg.user_ids, leg.full_user_ids)
    yield from ((pickup.user_id, pickup.full_user_id) for pickup in leg.pickups)
