"""How the sidecar is: what /readyz says and the gauges that have to be asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict

import anyio

from sidecar.errors import StoreError
from sidecar.health import Readiness
from sidecar.hooks.journal import Journal
from sidecar.hooks.traffic import Traffic
from sidecar.metrics import Metrics
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Backlog
from sidecar.store.database import Connection, Database
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.sync.rules_in_force import RulesInForce

PATIENCE = 2.0  # seconds a database may take to answer and still count as there


class Vitals:
    def __init__(
        self,
        *,
        database: Database,
        rules: RulesInForce,
        journal: Journal,
        traffic: Traffic,
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._rules = rules
        self._journal = journal
        self._traffic = traffic
        self._metrics = metrics
        self._clock = clock
        self.zammad_problem: str | None = "not asked yet"

    async def readiness(self) -> Readiness:
        """Zammad being down makes nothing unready: what was read before its failure still counts."""
        backlog = await self._backlog()
        problem = self.zammad_problem or "not read from Zammad yet"
        checks = {
            "database": "ok" if isinstance(backlog, Backlog) else backlog,
            "rules": "ok" if self._rules.rules is not None else problem,
            "agents": "ok" if self._rules.agents_known else problem,
        }
        return Readiness(checks=checks, details=self._details(backlog))

    async def refresh_gauges(self) -> None:
        """Raises: StoreError."""
        ages = await self._database.read(snapshot_times)
        for what, saved_at in ages.items():
            self._metrics.sync_age_seconds.labels(what=what.replace(" ", "_")).set(max(0.0, self._clock() - saved_at))
        backlog = await self._database.read(outbox.backlog)
        self._metrics.outbox_pending.set(backlog.pending)
        self._metrics.outbox_oldest_seconds.set(self._age(backlog.oldest))
        self._metrics.dead_letters.set(backlog.dead)
        self._metrics.journal_waiting.set(self._journal.waiting)

    async def _backlog(self) -> Backlog | str:
        def ask(connection: Connection) -> Backlog:
            return outbox.backlog(connection)

        try:
            with anyio.fail_after(PATIENCE):
                return await self._database.read(ask)
        except StoreError as error:
            return str(error)
        except TimeoutError:
            return f"no answer within {PATIENCE:.0f} s"

    def _details(self, backlog: Backlog | str) -> dict[str, object]:
        journal = {
            "waiting": self._journal.waiting,
            "over_budget": self._journal.over_budget,
            "dropped": self._journal.dropped,
        }
        delivery: dict[str, object] = {}
        if isinstance(backlog, Backlog):
            delivery = {**asdict(backlog), "oldest_seconds": round(self._age(backlog.oldest), 1)}
            delivery.pop("oldest")
        return {
            "zammad": self.zammad_problem or "ok",
            "journal": journal,
            "outbox": delivery,
            "last_hook_seconds": _rounded(self._traffic.since_last_hook()),
            "unreadable_hooks": self._traffic.unreadable,
        }

    def _age(self, since: float | None) -> float:
        return 0.0 if since is None else max(0.0, self._clock() - since)


def _rounded(seconds: float) -> float | None:
    return round(seconds, 1) if math.isfinite(seconds) else None
