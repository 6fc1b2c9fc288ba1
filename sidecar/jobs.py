"""What is done again and again while the service runs: by one replica at a time, or by each for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from sidecar.config import Settings
from sidecar.delivery.service import Delivery
from sidecar.gauges import Gauges
from sidecar.metrics import Metrics
from sidecar.sipgate.service import SipgateSide
from sidecar.store.calls.succession import Succession
from sidecar.store.database import Database
from sidecar.store.journal.keeping import HookStore
from sidecar.store.privacy.retention import forget_all_old
from sidecar.sync.synchronisation import Synchronisation
from sidecar.timetable import Job
from sidecar.web.access.rights import Rights
from zammad_client.errors import ZammadError


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The parts they are about; `all` is what the timetable runs."""

    settings: Settings
    database: Database
    hooks: HookStore
    clock: Callable[[], float]
    metrics: Metrics
    sync: Synchronisation
    rights: Rights
    delivery: Delivery
    succession: Succession
    gauges: Gauges
    sipgate: SipgateSide

    def all(self) -> list[Job]:
        sync = self.settings.sync
        return [
            Job(name="settings", every=sync.settings_every, work=self.refresh_rules),
            Job(name="changes", every=sync.changes_every, work=self.follow_changes),
            Job(name="full passes", every=60.0, work=self.read_everybody_if_due, longest=inf),
            Job(name="repairs", every=60.0, work=self.repair_some),
            Job(name="rights", every=sync.changes_every, work=self.rights.refresh),
            Job(name="rights of others", every=5.0, work=self.rights.load, alone=False),
            Job(name="desktop tabs", every=300.0, work=self.delivery.desktop_tabs.sweep),
            Job(name="missed rows", every=10.0, work=self.delivery.missed_rows.follow),
            Job(name="retention", every=3600.0, work=self.forget_old),
            Job(name="succession", every=1.0, work=self.succession.look, alone=False),
            *self._at_sipgate(),
            Job(name="gauges", every=5.0, work=self.gauges.refresh, alone=False),
        ]

    def _at_sipgate(self) -> list[Job]:
        """None without a token for its own interface."""
        if self.sipgate.sipgate is None:
            return []
        return [Job(name="sipgate", every=5.0, work=self.sipgate.look_if_worth_it, longest=inf)]

    async def refresh_rules(self) -> None:
        """Where Zammad answers this, what waits for it may go."""
        try:
            await self.sync.poll_settings()
        except ZammadError as error:
            if error.is_down:
                self.delivery.courier.zammad_is_down()
            raise
        self.delivery.courier.zammad_answers()

    async def follow_changes(self) -> None:
        """Whoever has changed may need a repair at once: they may be the next to call."""
        if (await self.sync.poll_changes()).digits:
            await self.repair_some()

    async def read_everybody_if_due(self) -> None:
        """Whoever is new may need a repair at once."""
        if await self.sync.full_pass_if_due(self.settings.sync.full_every) is not None:
            await self.repair_some()

    async def repair_some(self) -> None:
        if not self.settings.sync.repair:
            await self.sync.forget_refusals()
        else:
            repaired = await self.sync.repair_slowly()
            self.metrics.repairs.labels(outcome="written").inc(repaired.written)
            self.metrics.repairs.labels(outcome="refused").inc(repaired.refused)

    async def forget_old(self) -> None:
        keep = self.settings.retention
        await forget_all_old(
            self.database, self.hooks, now=self.clock(), hooks_days=keep.hooks_days, calls_days=keep.calls_days
        )
