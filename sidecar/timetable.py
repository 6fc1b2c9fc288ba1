"""Work that is done again and again: here, or by one replica at a time.

APScheduler plans by the time of day. Where the clock of the machine is set back it would do nothing until the old time
has come again, so the clock is watched, and all jobs are planned anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import anyio
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from sidecar.errors import StoreError
from sidecar.logs import Streak
from sidecar.store.database import Database
from sidecar.store.replicas.leases import release_lease, take_lease
from zammad_client.errors import ZammadError

AFTER_FAULT = 1.0  # seconds
PERIODS = 3  # a job that has not run for so many counts as stopped
LOOK = 1.0  # seconds between looks at the clock
JUMP = 1.0  # seconds by which the clock may run fast or slow between two of them
GRACE = 15.0  # seconds a job stays, beyond its period, with a replica that has died

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    name: str
    every: float  # seconds; more than a few minutes would keep a dead replica's job as long
    work: Callable[[], Awaitable[object]]
    alone: bool = True  # by one replica at a time
    longest: float = 600.0  # seconds one run may take


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler ships no types
    """So many seconds after the last time, but not for times gone by.

    APScheduler's own interval goes through all of them, and after a clock was set three days forward these are many.
    """

    def __init__(self, seconds: float) -> None:
        self._period = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now if previous_fire_time is None else max(previous_fire_time + self._period, now)


@dataclass(slots=True, kw_only=True)
class Record:
    """When a job began and ended last, in seconds of the clock that nobody can set."""

    began_at: float
    ended_at: float | None  # None: it is at work

    def is_stuck(self, job: Job, now: float) -> bool:
        """An end in an error is an end."""
        if self.ended_at is None:
            return now - self.began_at > job.longest
        return now - self.began_at > PERIODS * job.every + LOOK


class Timetable:
    """Runs each job when it is due, never twice at a time. A failing job is logged when it starts and stops failing."""

    def __init__(
        self,
        *,
        database: Database,
        holder: str,
        clock: Callable[[], float],
        wall: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._holder = holder
        self._clock = clock
        self._wall = wall
        self._elapsed = elapsed
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._records: dict[Job, Record] = {}
        self._watch: asyncio.TimerHandle | None = None
        self._mine: set[str] = set()
        self._taking = anyio.Lock()
        self._stopped = False

    def start(self, jobs: list[Job]) -> None:
        """Every job runs at once for the first time."""
        for job in jobs:
            self._records[job] = Record(began_at=self._elapsed(), ended_at=self._elapsed())
            self._scheduler.add_job(
                self._run,
                Every(job.every),
                args=(job, Streak(job.name)),
                id=job.name,
                next_run_time=self._now(),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()
        self._look_at_clock(self._wall() - self._elapsed())

    def stuck(self) -> list[str]:
        """Names of jobs that have not run for three of their periods, or run for longer than any may."""
        now = self._elapsed()
        return [job.name for job, record in self._records.items() if record.is_stuck(job, now)]

    def at_work(self) -> list[str]:
        return [job.name for job, record in self._records.items() if record.ended_at is None]

    async def stop(self) -> None:
        """Begin nothing new and hand the jobs over."""
        if self._watch:
            self._watch.cancel()
        self._scheduler.shutdown(wait=False)
        async with self._taking:  # whoever was cancelled in there has its lease nevertheless
            self._stopped = True
        for name in self._mine:
            try:
                await self._database.write(partial(release_lease, name=name, holder=self._holder))
            except StoreError:
                log.info("lease_expires_by_itself", job=name)

    def _look_at_clock(self, ahead: float) -> None:
        """`ahead`: of the clock that nobody can set, when this was looked at last."""
        ahead_now = self._wall() - self._elapsed()
        if abs(ahead_now - ahead) > JUMP:
            log.warning("clock_was_set", seconds=round(ahead_now - ahead, 1), effect="all jobs are planned anew")
            for planned in self._scheduler.get_jobs():
                planned.modify(next_run_time=self._now())
        self._watch = asyncio.get_running_loop().call_later(LOOK, self._look_at_clock, ahead_now)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)

    async def _run(self, job: Job, streak: Streak) -> None:
        record = self._records[job] = Record(began_at=self._elapsed(), ended_at=None)
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
        finally:
            record.ended_at = self._elapsed()

    async def _take(self, name: str, seconds: float) -> bool:
        """A replica that has a job keeps it, so that the others do not do it between. Not to be cancelled halfway."""
        async with self._taking:
            if self._stopped:
                return False
            now = self._clock()
            self._mine.add(name)
            return await self._database.write(lambda c: take_lease(c, name, self._holder, now, seconds))


async def for_ever(what: str, work: Callable[[], Awaitable[None]], *, pause: float = AFTER_FAULT) -> None:
    """One of the service's loops, until it returns: a fault ends neither it nor the process."""
    while True:
        try:
            return await work()
        except Exception:
            log.exception("loop_failed", loop=what)
            await anyio.sleep(pause)
