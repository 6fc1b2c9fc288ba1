"""What can be chosen as agent and line among the filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sidecar.store.calls.search import agents_with_calls, lines_with_calls, own_agents_and_lines
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.sync.kept import kept_agents

KEPT = 60.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`agents`: ids to names, in the order of the names."""

    agents: Mapping[int, str]
    lines: tuple[str, ...]
    staff: Mapping[int, str]  # all active agents
    read_at: float


class RecentChoices:
    """Read once in a while for everybody who sees the same."""

    def __init__(self, *, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[Viewer, Choices] = {}

    async def of(self, viewer: Viewer) -> Choices:
        now = self._clock()
        self._kept = {each: kept for each, kept in self._kept.items() if now - kept.read_at <= KEPT}
        if viewer not in self._kept:
            self._kept[viewer] = await self._database.read(lambda connection: _read(connection, viewer, now))
        return self._kept[viewer]


def _read(connection: Connection, viewer: Viewer, now: float) -> Choices:
    if viewer.only_own:
        agents, lines = own_agents_and_lines(connection, viewer.user_id)
    elif viewer.restricted:
        agents, own = agents_with_calls(connection), own_agents_and_lines(connection, viewer.user_id)[1]
        lines = [line for line in lines_with_calls(connection) if line in viewer.lines or line in own]
    else:
        agents, lines = agents_with_calls(connection), lines_with_calls(connection)
    by_name = sorted(agents.items(), key=lambda agent: agent[1].casefold())
    active = {agent.id: agent.name for agent in kept_agents(connection) or () if agent.active}
    staff = sorted(active.items(), key=lambda agent: agent[1].casefold())
    return Choices(agents=dict(by_name), lines=tuple(lines), staff=dict(staff), read_at=now)
