"""Who rings, talks and is free in the office, as open pages are told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sidecar.calls.pages.presence import AgentNow, OfficeNow, RunningCall, office_now
from sidecar.calls.rules.agents import AgentMap
from sidecar.store.pages.updates import PageUpdates
from sidecar.sync.rules_in_force import RulesInForce
from sidecar.web.live.interest import News


class Office:
    """`presence`: whether anybody is told who is free."""

    def __init__(self, rules: RulesInForce, *, presence: bool) -> None:
        self.presence = presence
        self._rules = rules
        self._told: Mapping[int, AgentNow] = {}
        self._news = News()
        self._position = -1

    def now(self, running: Sequence[RunningCall]) -> OfficeNow:
        agents = self._rules.rules.agents if self._rules.rules else AgentMap()
        return office_now(running, agents)

    def all(self, running: Sequence[RunningCall]) -> News:
        """For a page that comes back."""
        now = self.now(running)
        return News(agents=now.agents if self.presence else (), rings=now.rings, notified=self._rules.phone_switch)

    def news(self, updates: PageUpdates) -> News:
        """For all open pages: what is new since the updates before. Worked out once for each."""
        if updates.position != self._position:
            self._position = updates.position
            self._news = self._newer(updates) if updates.calls else News()
        return self._news

    def _newer(self, updates: PageUpdates) -> News:
        everything = self.all(updates.running)
        known = self._told or {agent.id: agent for agent in everything.agents if agent.id not in updates.concerned}
        changed = [agent for agent in everything.agents if agent != known.get(agent.id)]
        self._told = {agent.id: agent for agent in everything.agents}
        return News(agents=changed, rings=everything.rings, notified=everything.notified)
