"""Delivery as the configuration wants it."""

from __future__ import annotations

import random
from collections.abc import Callable

import anyio

from sidecar.config import Settings
from sidecar.delivery.call_log import CallLog, Surroundings
from sidecar.delivery.comeback import Comeback
from sidecar.delivery.courier import Courier, Habits
from sidecar.delivery.pace import Breaker, Pace
from sidecar.delivery.recent_logs import RecentLogs
from sidecar.delivery.right_of_way import RightOfWay
from sidecar.hooks.http import HIDDEN_TOKEN, PREFIX
from sidecar.metrics import Metrics
from sidecar.store.database import Database
from zammad_client import Zammad

REQUESTS = 5  # the most that one attempt takes
SPARE = 10.0  # seconds for what comes of it to be written down


def courier_from(
    settings: Settings,
    *,
    zammad: Zammad,
    database: Database,
    surroundings: Surroundings,
    way: RightOfWay,
    comeback: Comeback,
    replica: Callable[[], int | None],
    metrics: Metrics,
    clock: Callable[[], float],
) -> Courier:
    timeout = settings.zammad.timeout
    return Courier(
        database=database,
        deliver=CallLog(zammad=zammad, surroundings=surroundings, clock=clock).deliver,
        comeback=comeback,
        pace=Pace(rate=settings.delivery.rate, clock=clock, sleep=anyio.sleep),
        breaker=Breaker(clock=clock, jitter=random.random),
        way=way,
        habits=Habits(parallel=settings.delivery.parallel, lease=REQUESTS * timeout + SPARE, doubt=timeout),
        clock=clock,
        count=lambda kind, outcome: metrics.deliveries.labels(kind=kind, outcome=outcome).inc(),
        replica=replica,
    )


def recent_logs_from(settings: Settings, *, zammad: Zammad, metrics: Metrics) -> RecentLogs:
    return RecentLogs(
        zammad=zammad,
        level=settings.calls.recent_logs,
        hook_url=lambda path: f"{settings.server.public_url}{PREFIX}/{HIDDEN_TOKEN}/{path}",
        on_dropped=metrics.recent_logs_dropped.inc,
    )
