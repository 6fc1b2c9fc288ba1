"""Since when Zammad has not answered: as the database has it, and so every replica, whichever of them polls."""

from __future__ import annotations

from collections.abc import Callable

from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.sync.kept import SETTINGS

PATIENCE = 15.0  # seconds beyond the time between two polls: one slow answer is nothing that people have to know


class Contact:
    """Args:
    every: seconds between two polls of Zammad's settings.

    """

    def __init__(self, *, database: Database, clock: Callable[[], float], every: float) -> None:
        self._database = database
        self._clock = clock
        self._patience = every + PATIENCE
        self._begun_at = clock()
        self.lost_since: float | None = None

    async def look(self) -> bool:
        """Whether it is another state than at the last look. Raises: StoreError."""
        before, now = self.lost_since, self._clock()
        heard_at = (await self._database.read(snapshot_times)).get(SETTINGS)
        self.lost_since = heard_at if self._is_lost(heard_at, now) else None
        return self.lost_since != before

    def _is_lost(self, heard_at: float | None, now: float) -> bool:
        """Never right after the start: nobody has polled while this service was away."""
        return heard_at is not None and min(now - heard_at, now - self._begun_at) > self._patience
