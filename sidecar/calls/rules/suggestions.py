"""Which agent a sipgate user seems to be: by e-mail, else by name. Suggested with the reason, never decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.reasons import Reason, because
from sidecar.calls.rules.agents import Agent, AgentMap


class Suggested(StrEnum):
    """Why."""

    BY_EMAIL = "suggested.by_email"  # email
    BY_NAME = "suggested.by_name"  # name
    NOBODY = "suggested.nobody"
    SEVERAL = "suggested.several"  # count


@dataclass(frozen=True, slots=True, kw_only=True)
class SipgatePerson:
    id: str  # w0
    name: str
    email: str
    lines: tuple[str, ...]  # as people call them


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`agent`: who it seems to be; `mapped`: whom the agent map says, where that is somebody else."""

    person: SipgatePerson
    agent: Agent | None
    why: Reason
    mapped: Agent | None = None

    @property
    def contradicts(self) -> bool:
        return self.mapped is not None

    @property
    def is_certain(self) -> bool:
        return self.why.code == Suggested.BY_EMAIL


def suggestions(
    people: Iterable[SipgatePerson], agents: Sequence[Agent], agent_map: AgentMap, master_sip_id: str
) -> list[Suggestion]:
    """Contradictions first, then whoever is found, then the others; nothing of those who are mapped well."""
    active = [agent for agent in agents if agent.active]
    found = list(_of_people(people, active, agent_map, master_sip_id))
    return sorted(found, key=lambda each: (not each.contradicts, each.agent is None, not each.is_certain))


def _of_people(
    people: Iterable[SipgatePerson], agents: Sequence[Agent], agent_map: AgentMap, master_sip_id: str
) -> Iterator[Suggestion]:
    for person in people:
        agent, why = _seems_to_be(person, agents)
        mapped = agent_map.find(person.id, f"{master_sip_id}{person.id}")
        if mapped is None:
            yield Suggestion(person=person, agent=agent, why=why)
        elif agent is not None and why.code == Suggested.BY_EMAIL and agent.id != mapped.id:
            yield Suggestion(person=person, agent=agent, why=why, mapped=mapped)


def _seems_to_be(person: SipgatePerson, agents: Sequence[Agent]) -> tuple[Agent | None, Reason]:
    email, name = _plain(person.email), _plain(person.name)
    by_email = [agent for agent in agents if email and _plain(agent.email) == email]
    if len(by_email) == 1:
        return by_email[0], because(Suggested.BY_EMAIL, email=person.email)
    by_name = [agent for agent in agents if name and _plain(agent.name) == name]
    if len(by_name) == 1 and not by_email:
        return by_name[0], because(Suggested.BY_NAME, name=person.name)
    if several := len(by_email) or len(by_name):
        return None, because(Suggested.SEVERAL, count=several)
    return None, because(Suggested.NOBODY)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
