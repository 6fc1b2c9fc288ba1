"""Metrics that nobody counts as they happen: they are looked up every few seconds."""

from __future__ import annotations

from collections.abc import Callable

from sidecar.hooks.journal import Journal
from sidecar.metrics import Metrics
from sidecar.store.calls import outbox
from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import snapshot_times


class Gauges:
    def __init__(self, *, database: Database, journal: Journal, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._database = database
        self._journal = journal
        self._metrics = metrics
        self._clock = clock

    async def refresh(self) -> None:
        """Raises: StoreError."""
        self._metrics.journal_waiting.set(self._journal.waiting)
        now = self._clock()
        for what, saved_at in (await self._database.read(snapshot_times)).items():
            self._metrics.sync_age_seconds.labels(what=what.replace(" ", "_")).set(max(0.0, now - saved_at))
        backlog = await self._database.read(outbox.backlog)
        self._metrics.outbox_pending.set(backlog.pending)
        self._metrics.outbox_oldest_seconds.set(backlog.age(now))
        self._metrics.dead_letters.set(backlog.dead)
