"""Who rings, talks and is free in the office, as open pages are told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sidecar.calls.pages.presence import AgentNow, OfficeNow, RunningCall, office_now
from sidecar.calls.rules.agents import AgentMap
from sidecar.store.pages.updates import PageUpdates
from sidecar.sync.rules_in_force import RulesInForce
from sidecar.web.live.interest import News

NOBODY = AgentMap()


class Office:
    """`presence`: whether anybody is told who is free."""

    def __init__(self, rules: RulesInForce, *, presence: bool) -> None:
        self.presence = presence
        self._rules = rules
        self._told: Mapping[int, AgentNow] = {}
        self._news = News()
        self._last: PageUpdates | None = None
        self._staff: AgentMap | None = None  # as pages know it; None: before the first look

    def has_changed(self) -> bool:
        """Whether the agents or their phone switches are others than pages were told, whatever the calls do."""
        staff = self._agents()
        if self._staff is None:
            self._staff = staff
        return self.presence and staff is not self._staff and staff != self._staff

    def _agents(self) -> AgentMap:
        return self._rules.rules.agents if self._rules.rules else NOBODY

    def now(self, running: Sequence[RunningCall]) -> OfficeNow:
        return office_now(running, self._agents())

    def all(self, running: Sequence[RunningCall]) -> News:
        """For a page that comes back."""
        now = self.now(running)
        return News(agents=now.agents if self.presence else (), rings=now.rings, notified=self._rules.phone_switch)

    def news(self, updates: PageUpdates) -> News:
        """For all open pages: what is new since the updates before. Worked out once for each."""
        if updates is not self._last:
            self._last = updates
            self._news = self._newer(updates) if updates.calls or updates.office else News()
        return self._news

    def _newer(self, updates: PageUpdates) -> News:
        self._staff = self._agents()
        everything = self.all(updates.running)
        known = (
            self._told
            if self._told or updates.office
            else {agent.id: agent for agent in everything.agents if agent.id not in updates.concerned}
        )
        changed = [agent for agent in everything.agents if agent != known.get(agent.id)]
        self._told = {agent.id: agent for agent in everything.agents}
        return News(agents=changed, rings=everything.rings, notified=everything.notified)
