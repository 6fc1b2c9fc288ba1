"""What dead replicas had claimed for delivery is free for the others."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import structlog
from sqlalchemy import Connection, select, update

from sidecar.store.calls.tables import outbox
from sidecar.store.database import Database
from sidecar.store.replicas.lives import living_replicas

MISSING = 4.0  # seconds without its lock, and a replica counts as dead; its connection may only have broken

log = structlog.get_logger(__name__)


def claiming_replicas(connection: Connection) -> set[int]:
    claims = select(outbox.c.claimed_by).where(outbox.c.claimed_by.is_not(None)).distinct()
    return {replica for replica in connection.execute(claims).scalars() if replica is not None}


def free_claims(connection: Connection, replicas: Collection[int]) -> int:
    """How many parcels these replicas had claimed; whoever asks next gets them."""
    claimed = update(outbox).where(outbox.c.claimed_by.in_(replicas))
    return connection.execute(claimed.values(claimed_by=None, claimed_until=None)).rowcount


class Succession:
    """Takes over from replicas that have been missing for a while, as seen from one that can see itself."""

    def __init__(self, *, database: Database, replica: int, clock: Callable[[], float]) -> None:
        self._database = database
        self._replica = replica
        self._clock = clock
        self._missing_since: dict[int, float] = {}
        self.lives = False  # whether others can see this replica, as far as it knows

    async def look(self) -> None:
        """Raises: StoreError."""
        if self._database.dialect == "sqlite":
            return
        now = self._clock()
        missing = await self._database.read(self._missing)
        self._missing_since = {replica: self._missing_since.get(replica, now) for replica in missing}
        dead = [replica for replica, since in self._missing_since.items() if now - since >= MISSING]
        if dead:
            freed = await self._database.write(partial(free_claims, replicas=dead))
            log.info("claims_of_dead_replicas_freed", parcels=freed)

    def _missing(self, connection: Connection) -> set[int]:
        living = living_replicas(connection)
        self.lives = self._replica in living
        return claiming_replicas(connection) - living if self.lives else set()
