"""What /readyz answers: whether this process has what it needs, and details for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import anyio

from sidecar.calls.reasons import Reason, because
from sidecar.codes.readiness import Lacking
from sidecar.errors import StoreError
from sidecar.hooks.service import HookPath
from sidecar.hooks.traffic import Traffic
from sidecar.store.calls import outbox
from sidecar.store.calls.outbox import Backlog
from sidecar.store.database import Database
from sidecar.store.migrations.presence import Presence
from sidecar.sync.synchronisation import Synchronisation

PATIENCE = 2.0  # seconds a database may take to answer and still count as there


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Per part what is missing, or None where it is ready; the rest is for people and never decides anything."""

    checks: Mapping[str, Reason | None]
    zammad: Reason | None = None  # why it does not answer
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return not any(self.checks.values())


class ReadinessProbe:
    def __init__(
        self,
        *,
        database: Database,
        sync: Synchronisation,
        hook_path: HookPath,
        presence: Presence,
        traffic: Traffic,
        stuck_jobs: Callable[[], Sequence[str]],
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._sync = sync
        self._hook_path = hook_path
        self._presence = presence
        self._traffic = traffic
        self._stuck_jobs = stuck_jobs
        self._clock = clock

    async def readiness(self) -> Readiness:
        """Zammad being down makes nothing unready: what was read before its failure still counts."""
        backlog, rules = await self._backlog(), self._sync.rules
        problem = self._sync.zammad_problem or because(Lacking.NOT_READ)
        stuck = self._stuck_jobs()
        checks = {
            "database": self._missing(backlog),
            "journal": self._hook_path.journal.problem,
            "rules": None if rules.rules is not None else problem,
            "agents": None if rules.agents_known else problem,
            "jobs": because(Lacking.STUCK_JOBS, jobs=stuck) if stuck else None,
        }
        return Readiness(checks=checks, zammad=self._sync.zammad_problem, details=self._details(backlog))

    def _missing(self, backlog: Backlog | Reason) -> Reason | None:
        """By what it is asked for, and by those who write to it all the time."""
        if not self._presence.whole:
            return self._presence.problem or because(Lacking.NOT_ASKED)
        if isinstance(backlog, Reason):
            return backlog
        if self._presence.damage:
            return self._presence.damage
        refused = self._hook_path.overflow.problem
        return refused.reason if refused else self._database.health.write_problem

    async def _backlog(self) -> Backlog | Reason:
        if not self._presence.whole:
            return because(Lacking.NOT_ASKED)
        try:
            with anyio.fail_after(PATIENCE):
                return await self._database.read(outbox.backlog)
        except StoreError as error:
            return error.reason
        except TimeoutError:
            return because(Lacking.NO_ANSWER, within=PATIENCE)

    def _details(self, backlog: Backlog | Reason) -> dict[str, object]:
        kept, overflow = self._hook_path.journal, self._hook_path.overflow
        journal = {
            "waiting": kept.waiting,
            "aside": overflow.waiting,
            "over_budget": kept.over_budget,
            "dropped": kept.dropped,
        }
        delivery: dict[str, object] = {}
        if isinstance(backlog, Backlog):
            delivery = {**asdict(backlog), "oldest_seconds": round(backlog.age(self._clock()), 1)}
            delivery.pop("oldest")
        return {
            "journal": journal,
            "outbox": delivery,
            "last_hook_seconds": _rounded(self._traffic.since_last_hook()),
            "unreadable_hooks": self._traffic.unreadable,
        }


def _rounded(seconds: float) -> float | None:
    return round(seconds, 1) if math.isfinite(seconds) else None
