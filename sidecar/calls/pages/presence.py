"""Who is free, from the running calls and the agents' own switches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.rules.agents import Agent, AgentMap


class Doing(StrEnum):
    """The first of them that holds."""

    TALKING = "talking"
    DIALLING = "dialling"
    RINGING = "ringing"
    OFF = "off"  # the agent's phone switch in Zammad
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningCall:
    """A call that has not ended. `phones`: sipgate ids that ring, as far as its hooks named them."""

    call: ListedCall
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNow:
    id: int
    name: str
    doing: Doing
    call: ListedCall | None = None  # None also where whoever looks may not see it
    since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeNow:
    """`agents` by their names; `rings`: agents to the calls at whose phones they ring."""

    agents: tuple[AgentNow, ...] = ()
    rings: Mapping[int, tuple[ListedCall, ...]] = field(default_factory=dict)


def office_now(running: Sequence[RunningCall], agents: AgentMap) -> OfficeNow:
    known = {agent.id: agent for agent in agents.by_sipgate_id.values() if agent.active}
    rings: dict[int, tuple[ListedCall, ...]] = {}
    for each in running:
        for agent in _rung(each, agents):
            rings[agent] = (*rings.get(agent, ()), each.call)
    talks = {each.call.agent_id: each.call for each in running if each.call.agent_id is not None}
    now = [_now(agent, talks.get(agent.id), rings.get(agent.id, ())) for agent in known.values()]
    return OfficeNow(agents=tuple(sorted(now, key=lambda agent: (agent.name.casefold(), agent.id))), rings=rings)


def _rung(running: RunningCall, agents: AgentMap) -> Iterable[int]:
    """Agents whose phones ring: whoever took part, where the hooks named no sipgate user that we know."""
    call = running.call
    if call.state is not State.RINGING:
        return ()
    named = {agent.id for each in running.phones if (agent := agents.find(each, None))}
    return named or (call.agents - {call.agent_id})


def _now(agent: Agent, talk: ListedCall | None, rings: Sequence[ListedCall]) -> AgentNow:
    if talk is not None:
        doing = Doing.DIALLING if talk.state is State.RINGING else Doing.TALKING
        since = talk.answered_at if talk.answered_at is not None else talk.started_at
        return AgentNow(id=agent.id, name=agent.name, doing=doing, call=talk, since=since)
    if rings:
        return AgentNow(id=agent.id, name=agent.name, doing=Doing.RINGING, call=rings[0], since=rings[0].started_at)
    return AgentNow(id=agent.id, name=agent.name, doing=Doing.FREE if agent.phone_switch else Doing.OFF)
