"""Which agent a sipgate user seems to be, and why."""

from __future__ import annotations

import pytest

from sidecar.calls.rules.agents import Agent, AgentMap
from sidecar.calls.rules.suggestions import SipgatePerson, Suggested, suggestions

JANE = Agent(id=4, login="jane", email="Jane@example.com", name="Jane Doe")
MAX = Agent(id=5, login="max", email="max@example.com", name="Max Roe")
TWIN = Agent(id=6, login="max2", email="max.roe@example.com", name="max  roe")
GONE = Agent(id=7, login="ina", email="ina@example.com", name="Ina", active=False)


def person(email: str = "", name: str = "", sipgate_id: str = "w0") -> SipgatePerson:
    return SipgatePerson(id=sipgate_id, name=name, email=email, lines=())


@pytest.mark.parametrize(
    ("who", "agents", "agent", "why"),
    [
        (person("jane@EXAMPLE.com", "Somebody"), [JANE, MAX], JANE, Suggested.BY_EMAIL),
        (person("other@example.com", "jane doe"), [JANE, MAX], JANE, Suggested.BY_NAME),
        (person("max@example.com", "Max Roe"), [MAX, TWIN], MAX, Suggested.BY_EMAIL),
        (person("", "Max Roe"), [MAX, TWIN], None, Suggested.SEVERAL),
        (person("ina@example.com", "Ina"), [GONE], None, Suggested.NOBODY),
        (person(), [JANE], None, Suggested.NOBODY),
    ],
)
def test_who_somebody_seems_to_be(who: SipgatePerson, agents: list[Agent], agent: Agent | None, why: Suggested) -> None:
    [found] = suggestions([who], agents, AgentMap(), "1234567")
    assert (found.agent, found.why.code) == (agent, why)


@pytest.mark.parametrize("mapped_as", ["w0", "1234567w0"])
def test_who_is_mapped_well_is_not_suggested_and_a_contradiction_comes_first(mapped_as: str) -> None:
    agent_map = AgentMap(by_sipgate_id={mapped_as: MAX})
    people = [person("nobody@example.com", sipgate_id="w1"), person("jane@example.com")]
    first, second = suggestions(people, [JANE, MAX], agent_map, "1234567")
    assert (first.person.id, first.mapped, first.agent) == ("w0", MAX, JANE)
    assert second.person.id == "w1"
    assert suggestions([person("max@example.com")], [JANE, MAX], agent_map, "1234567") == []


def test_the_same_name_alone_contradicts_nothing() -> None:
    assert suggestions([person("", "Jane Doe")], [JANE, MAX], AgentMap(by_sipgate_id={"w0": MAX}), "1234567") == []
