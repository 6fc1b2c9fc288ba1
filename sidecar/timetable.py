"""Work that is done again and again: here, or by one replica at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import anyio
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from sidecar.errors import StoreError
from sidecar.logs import Streak
from sidecar.store.database import Database
from sidecar.store.replicas.leases import release_lease, take_lease
from zammad_client.errors import ZammadError

AFTER_FAULT = 1.0  # seconds
GRACE = 15.0  # seconds a job stays, beyond its period, with a replica that has died

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    name: str
    every: float  # seconds; more than a few minutes would keep a dead replica's job as long
    work: Callable[[], Awaitable[object]]
    alone: bool = True  # by one replica at a time


class Timetable:
    """Runs each job when it is due, never twice at a time. A failing job is logged when it starts and stops failing."""

    def __init__(self, *, database: Database, holder: str, clock: Callable[[], float]) -> None:
        self._database = database
        self._holder = holder
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._mine: set[str] = set()
        self._taking = anyio.Lock()
        self._stopped = False

    def start(self, jobs: list[Job]) -> None:
        """Every job runs at once for the first time."""
        for job in jobs:
            self._scheduler.add_job(
                self._run,
                "interval",
                args=(job, Streak(job.name)),
                id=job.name,
                seconds=job.every,
                next_run_time=datetime.now(UTC),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin nothing new and hand the jobs over."""
        self._scheduler.shutdown(wait=False)
        async with self._taking:  # whoever was cancelled in there has its lease nevertheless
            self._stopped = True
        for name in self._mine:
            try:
                await self._database.write(partial(release_lease, name=name, holder=self._holder))
            except StoreError:
                log.info("lease_expires_by_itself", job=name)

    async def _run(self, job: Job, streak: Streak) -> None:
        try:
            if job.alone and not await asyncio.shield(self._take(job.name, job.every + GRACE)):
                return
            await job.work()
            streak.worked()
        except (ZammadError, StoreError) as error:
            streak.failed(error)
        except asyncio.CancelledError:  # the process stops; APScheduler would log it as an error
            log.debug("job_interrupted", job=job.name)
        except Exception:
            log.exception("job_failed", job=job.name)

    async def _take(self, name: str, seconds: float) -> bool:
        """A replica that has a job keeps it, so that the others do not do it between. Not to be cancelled halfway."""
        async with self._taking:
            if self._stopped:
                return False
            now = self._clock()
            self._mine.add(name)
            return await self._database.write(lambda c: take_lease(c, name, self._holder, now, seconds))


async def for_ever(what: str, work: Callable[[], Awaitable[None]]) -> None:
    """One of the service's loops, until it returns: a fault ends neither it nor the process."""
    while True:
        try:
            return await work()
        except Exception:
            log.exception("loop_failed", loop=what)
            await anyio.sleep(AFTER_FAULT)
