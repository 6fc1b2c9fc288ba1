"""Who may do what on the pages: asked of Zammad with the service token, kept in the database for a restart.

Who is an agent the synchronisation asks more often than the pages need to know: that is taken from what it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import structlog

from sidecar.store.database import Connection, Database
from sidecar.sync.intake import known_agents
from sidecar.sync.kept import keep_rights, kept_rights
from sidecar.web.access.permissions import ADMIN, AGENT
from zammad_client import Zammad
from zammad_client.errors import ZammadError

log = structlog.get_logger(__name__)


class Rights:
    """Nobody has any before `load` or `refresh`."""

    def __init__(self, *, zammad: Zammad, database: Database, clock: Callable[[], float]) -> None:
        self._zammad = zammad
        self._database = database
        self._clock = clock
        self._permissions: Mapping[int, frozenset[str]] = {}
        self._failing = False

    def permissions_of(self, user_id: int) -> frozenset[str]:
        return self._permissions.get(user_id, frozenset())

    async def load(self) -> None:
        """What was known last; another replica may know it already."""
        holders = await self._database.read(_kept)
        if holders:
            self._permissions = _by_user(holders)

    async def refresh(self) -> bool:
        """Ask Zammad; whether it answered. What was known stays where it does not."""
        agents = await self._database.read(known_agents)
        try:
            holders = {
                AGENT: await self._holders(AGENT) if agents is None else sorted(agents),
                ADMIN: await self._holders(ADMIN),
            }
        except ZammadError as error:
            if not self._failing:
                log.warning("rights_not_refreshed", problem=str(error))
            self._failing = True
            return False
        if self._failing:
            log.info("rights_refreshed_again")
        self._failing = False
        self._permissions = _by_user(holders)
        now = self._clock()
        await self._database.write(lambda connection: keep_rights(connection, holders, now))
        return True

    async def _holders(self, permission: str) -> list[int]:
        return [user.id for user in await self._zammad.users_with_permission(permission)]


def _kept(connection: Connection) -> Mapping[str, Sequence[int]]:
    holders, agents = kept_rights(connection), known_agents(connection)
    return holders if agents is None else {**holders, AGENT: sorted(agents)}


def _by_user(holders: Mapping[str, Sequence[int]]) -> dict[int, frozenset[str]]:
    users = {user_id for ids in holders.values() for user_id in ids}
    return {user_id: frozenset(name for name, ids in holders.items() if user_id in ids) for user_id in users}
