"""Who gets dialogs: every row of the agent map resolved, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sidecar.calls.reasons import Parameter, Reason, because
from sidecar.calls.rules.agents import Agent, AgentMap, Unmapped
from sidecar.calls.rules.rows import Place
from sidecar.calls.rules.rules import RuleWarning
from sidecar.check.finding import Finding, ok, warning
from sidecar.codes.findings import Mapped, Topic, Views
from sidecar.sync.records import display_name
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.records import User

MOST_LOOKED_UP = 10
_SHARED = {Unmapped.EARLIER_ROW_WINS, Unmapped.PAGE_WINS, Unmapped.OTHER_WINS}


def is_of_agents(rule_warning: RuleWarning) -> bool:
    return rule_warning.place.code in {Place.AGENT_MAP, Place.AGENT_MAP_ROW, Place.SIPGATE_USERS}


def view_findings(agents: Sequence[Agent], *, offered: bool) -> Iterator[Finding]:
    """`offered`: whether agents may choose the desktop view."""
    yield ok(Topic.VIEWS, because(Views.OFFERED if offered else Views.CLASSIC))
    if names := [agent.name for agent in agents if agent.desktop_tab and agent.active]:
        yield warning(Topic.VIEWS, because(Views.TABS_DUE_TO_GO if offered else Views.TABS_WANTED, names=names))


def mapped_agents(agents: AgentMap) -> Iterator[Finding]:
    """Those of the map, each with its sipgate users and its phone switch."""
    if not agents.by_sipgate_id:
        yield warning(Topic.AGENT_MAP, because(Mapped.NOBODY))
    pairs = sorted(agents.by_sipgate_id.items(), key=lambda pair: (pair[1].id, pair[0]))
    for _, group in groupby(pairs, key=lambda pair: pair[1].id):
        own = list(group)
        yield _mapped(own[0][1], [sipgate_id for sipgate_id, _agent in own])


def _mapped(agent: Agent, sipgate_ids: Sequence[str]) -> Finding:
    subject = because(Topic.AGENT, name=agent.name)
    ids, who = ", ".join(sipgate_ids), agent.email or agent.login
    if agent.phone_switch:
        return ok(subject, because(Mapped.SWITCH_ON, ids=ids, who=who))
    return warning(subject, because(Mapped.SWITCH_OFF, ids=ids, who=who))


async def unresolved_rows(zammad: Zammad, warnings: Iterable[RuleWarning]) -> list[Finding]:
    """Each row that was ignored; where nobody was found for it, Zammad is asked who that is."""
    findings, asked = [], 0
    for each in warnings:
        person: User | None = None
        if each.problem.code == Unmapped.NOBODY and asked < MOST_LOOKED_UP:
            asked += 1
            person = await _person(zammad, each.text)
        findings.append(warning(Topic.AGENT_MAP, _about_person(each, person) if person else _about_row(each)))
    return findings


async def _person(zammad: Zammad, written: str) -> User | None:
    try:
        if written.isascii() and written.isdigit():
            return await zammad.user(int(written))
        return await zammad.user_known_as(written)
    except ZammadError:
        return None


def _about_person(each: RuleWarning, person: User) -> Reason:
    code = Mapped.NO_PERMISSION if person.active else Mapped.INACTIVE
    return because(code, place=each.place, name=display_name(person) or person.login, text=each.text)


def _about_row(each: RuleWarning) -> Reason:
    code = Mapped.BAD_FIELD if each.place.code == Place.SIPGATE_USERS else Mapped.BAD_ROW
    if each.problem.code in _SHARED:
        code = Mapped.SHARED
    return because(code, place=each.place, text=each.text, problem=each.problem)


def unmapped_finding(sipgate_users: Sequence[Parameter]) -> Finding:
    """`sipgate_users`: as the last hooks named them, without an agent."""
    return warning(Topic.AGENT_MAP, because(Mapped.UNMAPPED, users=sipgate_users))
