"""Who gets dialogs: every row of the agent map resolved, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sidecar.calls.rules.agents import Agent, AgentMap, Unmapped
from sidecar.calls.rules.rows import Place
from sidecar.calls.rules.rules import RuleWarning
from sidecar.check.finding import Finding, listed, ok, warning
from sidecar.check.rows import in_words
from sidecar.sync.records import display_name
from sidecar.words.sentences import sentence
from sidecar.words.wording import Words
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.records import User

MOST_LOOKED_UP = 10
_NO_DIALOG = "No dialog opens for this person's calls."
_PAGE = "System > Integrations > sipgate.io, phone extension map"


def is_of_agents(rule_warning: RuleWarning) -> bool:
    return rule_warning.place.code in {Place.AGENT_MAP, Place.AGENT_MAP_ROW, Place.SIPGATE_USERS}


def mapped_agents(agents: AgentMap) -> Iterator[Finding]:
    """Those of the map, each with its sipgate users and its phone switch."""
    if not agents.by_sipgate_id:
        yield warning(
            "agent map",
            "no sipgate user belongs to any agent",
            why="No dialog opens for anybody.",
            cure=f"fill in {_PAGE}, or the field Sipgate users of each agent",
        )
    pairs = sorted(agents.by_sipgate_id.items(), key=lambda pair: (pair[1].id, pair[0]))
    for _, group in groupby(pairs, key=lambda pair: pair[1].id):
        own = list(group)
        yield _mapped(own[0][1], [sipgate_id for sipgate_id, _agent in own])


def _mapped(agent: Agent, sipgate_ids: Sequence[str]) -> Finding:
    subject = f"agent {agent.name}"
    who = f"{', '.join(sipgate_ids)}: {agent.email or agent.login}, cti.agent there"
    if agent.phone_switch:
        return ok(subject, f"{who}, phone switch on")
    return warning(
        subject,
        f"{who}, phone switch off",
        why=_NO_DIALOG,
        cure="if that is not wanted, the agent turns on the phone symbol in Zammad's menu",
    )


async def unresolved_rows(zammad: Zammad, warnings: Iterable[RuleWarning]) -> list[Finding]:
    """Each row that was ignored; where nobody was found for it, Zammad is asked who that is."""
    findings, asked = [], 0
    for each in warnings:
        person: User | None = None
        if each.problem.code == Unmapped.NOBODY and asked < MOST_LOOKED_UP:
            asked += 1
            person = await _person(zammad, each.text)
        findings.append(_unresolved(each, person))
    return findings


async def _person(zammad: Zammad, written: str) -> User | None:
    try:
        if written.isascii() and written.isdigit():
            return await zammad.user(int(written))
        found = await zammad.users_named(written)
    except ZammadError:
        return None
    return next((user for user in found if written.lower() in {user.login.lower(), user.email.lower()}), None)


def _unresolved(rule_warning: RuleWarning, person: User | None) -> Finding:
    place, problem = sentence(rule_warning.place, Words()), rule_warning.problem.code
    what = in_words(rule_warning)
    cure = f"correct the row, {_PAGE}"
    if person is not None and not person.active:
        what = f"{place}: {display_name(person)} ({rule_warning.text}) is not active"
        cure = f"remove the row, {_PAGE}, or activate the user"
    elif person is not None:
        what = f"{place}: {display_name(person)} ({rule_warning.text}) has no permission cti.agent"
        cure = "give the user a role with cti.agent (Manage > Roles)"
    elif problem in {Unmapped.EARLIER_ROW_WINS, Unmapped.PAGE_WINS, Unmapped.OTHER_WINS}:
        cure = f"give each sipgate user to one person: in {_PAGE}, or in the field Sipgate users"
    elif rule_warning.place.code == Place.SIPGATE_USERS:
        cure = "correct the field Sipgate users of that user: w0, w3"
    return warning("agent map", what, why=_NO_DIALOG, cure=cure)


def unmapped_finding(sipgate_users: Sequence[str]) -> Finding:
    """`sipgate_users`: as the last hooks named them, without an agent."""
    return warning(
        "agent map",
        f"in the last hooks, but nobody's: {listed(sipgate_users)}",
        why="Calls these users answer open no dialog.",
        cure=f"add them to {_PAGE}, or to the field Sipgate users of the agent; leave out what is no person",
    )
