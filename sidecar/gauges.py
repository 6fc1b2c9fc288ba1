"""Metrics that nobody counts as they happen: they are looked up every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from sidecar.metrics import Metrics
from sidecar.store.calls import outbox
from sidecar.store.database import Database
from sidecar.store.people.refusals import count_refusals
from sidecar.store.replicas.snapshots import snapshot_times


class Gauges:
    def __init__(
        self,
        *,
        database: Database,
        metrics: Metrics,
        clock: Callable[[], float],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._clock = clock
        self._elapsed = elapsed
        self._saved: dict[str, tuple[float, float]] = {}  # what was read -> when, and when this was seen here first

    async def refresh(self) -> None:
        """Raises: StoreError."""
        for what, saved_at in (await self._database.read(snapshot_times)).items():
            self._note(what, saved_at)
        now = self._clock()
        backlog = await self._database.read(outbox.backlog)
        self._metrics.outbox_pending.set(backlog.pending)
        self._metrics.outbox_oldest_seconds.set(backlog.age(now))
        self._metrics.dead_letters.set(backlog.dead)
        self._metrics.repairs_refused.set(await self._database.read(count_refusals))

    def _note(self, what: str, saved_at: float) -> None:
        if what not in self._saved:
            gauge = self._metrics.sync_age_seconds.labels(what=what.replace(" ", "_"))
            gauge.set_function(partial(self._age, what))  # asked for when it is shown: nobody has to run for it to grow
        if what not in self._saved or self._saved[what][0] != saved_at:
            self._saved[what] = saved_at, self._elapsed()

    def _age(self, what: str) -> float:
        """By the clock, and at least as long as this process has seen nothing newer, whatever the clock does."""
        saved_at, seen_at = self._saved[what]
        return max(0.0, self._clock() - saved_at, self._elapsed() - seen_at)
