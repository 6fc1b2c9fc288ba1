"""Who is meant by a sipgate user: the page's phone extension map joined with the agents' own `sipgate_users`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sidecar.calls.reasons import Reason, because
from sidecar.calls.rules.rows import Place, Row, Warnings

_FULL_ID = re.compile(r"[0-9]+([a-z][0-9]+)", re.ASCII)  # 1234567w0: master SIP id and user
_SIPGATE_ID = re.compile(r"[^\s,;]{1,100}")


class Unmapped(StrEnum):
    """Why a sipgate user leads to no agent, or not to this one."""

    NO_SIPGATE_USER = "unmapped.no_sipgate_user"
    NO_AGENT = "unmapped.no_agent"
    INACTIVE = "unmapped.inactive"
    NOBODY = "unmapped.nobody"
    EARLIER_ROW_WINS = "unmapped.earlier_row_wins"
    ILL_WRITTEN = "unmapped.ill_written"
    PAGE_WINS = "unmapped.page_wins"  # user
    OTHER_WINS = "unmapped.other_wins"  # user


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person who may use Zammad's telephony, with what the sidecar's attributes say."""

    id: int
    login: str
    email: str
    name: str  # as displayed
    phone_switch: bool = False  # False also where it was never read
    sipgate_users: str = ""  # w0, w3
    sipgate_number: str = ""
    active: bool = True
    locale: str = ""  # de-de; empty: that of the whole Zammad
    desktop_tab: bool = False  # whether a call is to add a tab to the desktop view


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMap:
    """Sipgate's ids of users to agents; never two agents for one id."""

    by_sipgate_id: Mapping[str, Agent] = field(default_factory=dict)  # w0 and 1234567w0, lower case
    by_short_id: Mapping[str, Agent] = field(default_factory=dict)  # w0 of full ids that only one agent has
    logins: frozenset[str] = frozenset()  # of all agents, case folded

    def find(self, user_id: str | None, full_user_id: str | None) -> Agent | None:
        """The agent of `userId` and `fullUserId`; the full id is the stronger one."""
        if full_user_id and (agent := self._find_full(full_user_id.strip().lower())):
            return agent
        if not user_id:
            return None
        short = user_id.strip().lower()  # or a full id, where sipgate writes that into this field, too
        return self._find_full(short) or (None if full_user_id else self.by_short_id.get(short))

    def phone_switch(self, agent_id: int) -> bool:
        """As last read; off where this agent is not in the map."""
        return any(agent.phone_switch for agent in self.by_sipgate_id.values() if agent.id == agent_id)

    @property
    def with_desktop_tab(self) -> frozenset[int]:
        """Ids of those who want a tab for each call."""
        return frozenset(agent.id for agent in self.by_sipgate_id.values() if agent.desktop_tab)

    def locale(self, agent_id: int) -> str:
        """The agent's own; empty where there is none."""
        return next((agent.locale for agent in self.by_sipgate_id.values() if agent.id == agent_id), "")

    def _find_full(self, full: str) -> Agent | None:
        return self.by_sipgate_id.get(full) or self.by_sipgate_id.get(_short(full))


def agent_map_from(page: Sequence[Row], agents: Sequence[Agent], warnings: Warnings) -> AgentMap:
    """Page rows first, then the agents' own lists; where both name somebody else, the page wins and it is reported."""
    join = _Join(warnings)
    known = _Directory(agents)
    for row in page:
        _join_page_row(row, known, join)
    for agent in known.active:
        for written in re.split(r"[\s,;]+", agent.sipgate_users.strip()):
            if written:
                join.add_of_agent(written.lower(), agent)
    return replace(join.agent_map(), logins=frozenset(agent.login.casefold() for agent in agents))


def _join_page_row(row: Row, known: _Directory, join: _Join) -> None:
    sipgate_id, person = row.text("remote_user_id").lower(), row.text("user_id")
    if not _SIPGATE_ID.fullmatch(sipgate_id):
        row.warn(sipgate_id, because(Unmapped.NO_SIPGATE_USER))
    elif not person:
        row.warn(sipgate_id, because(Unmapped.NO_AGENT))
    elif (agent := known.find(person)) is None:
        row.warn(person, known.reason_for_missing(person))
    else:
        join.add_of_page(sipgate_id, agent, row)


class _Directory:
    """Agents by what the page may hold: an id, a login, an e-mail. An e-mail is never cast to a number."""

    def __init__(self, agents: Sequence[Agent]) -> None:
        self.active = [agent for agent in agents if agent.active]
        self._active = _by_names(self.active)
        self._inactive = _by_names([agent for agent in agents if not agent.active])

    def find(self, written: str) -> Agent | None:
        return self._active.get(written.lower())

    def reason_for_missing(self, written: str) -> Reason:
        return because(Unmapped.INACTIVE if written.lower() in self._inactive else Unmapped.NOBODY)


def _by_names(agents: Sequence[Agent]) -> dict[str, Agent]:
    names: dict[str, Agent] = {str(agent.id): agent for agent in agents}
    for attribute in ("login", "email"):
        for agent in agents:
            if name := getattr(agent, attribute).strip().lower():
                names.setdefault(name, agent)
    return names


class _Join:
    """Claims of agents on sipgate ids, the page's before the agents' own."""

    def __init__(self, warnings: Warnings) -> None:
        self._warnings = warnings
        self._agents: dict[str, Agent] = {}
        self._ids_by_short: dict[str, list[str]] = {}
        self._of_page: set[str] = set()

    def add_of_page(self, sipgate_id: str, agent: Agent, row: Row) -> None:
        earlier = self._agents.get(sipgate_id)
        if earlier is not None and earlier.id != agent.id:
            row.warn(sipgate_id, because(Unmapped.EARLIER_ROW_WINS))
            return
        self._of_page.add(sipgate_id)
        self._claim(sipgate_id, agent)

    def add_of_agent(self, sipgate_id: str, agent: Agent) -> None:
        place = because(Place.SIPGATE_USERS, user=agent.id)
        if not _SIPGATE_ID.fullmatch(sipgate_id):
            self._warnings.add(place, sipgate_id, because(Unmapped.ILL_WRITTEN))
            return
        for other_id in self._ids_by_short.get(_short(sipgate_id), ()):
            if self._contradicts(sipgate_id, agent, other_id):
                self._warnings.add(place, sipgate_id, self._reason_for_losing_to(other_id))
                return
        self._claim(sipgate_id, agent)

    def _contradicts(self, sipgate_id: str, agent: Agent, other_id: str) -> bool:
        """The same id, or w0 beside 1234567w0. Two full ids of different accounts are two users."""
        same = sipgate_id == other_id or _short(sipgate_id) in {sipgate_id, other_id}
        return same and self._agents[other_id].id != agent.id

    def _reason_for_losing_to(self, other_id: str) -> Reason:
        code = Unmapped.PAGE_WINS if other_id in self._of_page else Unmapped.OTHER_WINS
        return because(code, user=self._agents[other_id].id)

    def _claim(self, sipgate_id: str, agent: Agent) -> None:
        if sipgate_id not in self._agents:
            self._agents[sipgate_id] = agent
            self._ids_by_short.setdefault(_short(sipgate_id), []).append(sipgate_id)

    def agent_map(self) -> AgentMap:
        by_short = {}
        for short, sipgate_ids in self._ids_by_short.items():
            agents = {self._agents[sipgate_id].id: self._agents[sipgate_id] for sipgate_id in sipgate_ids}
            if len(agents) == 1:
                by_short[short] = next(iter(agents.values()))
        return AgentMap(by_sipgate_id=self._agents, by_short_id=by_short)


def _short(sipgate_id: str) -> str:
    """`w0` of `1234567w0`; another id as it is."""
    full = _FULL_ID.fullmatch(sipgate_id)
    return full[1] if full else sipgate_id
