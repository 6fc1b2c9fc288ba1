"""The sidecar put together: every part, who tells whom, and how all of it starts and stops."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
import structlog
from anyio.abc import TaskGroup
from starlette.applications import Starlette

from sidecar.calls.desk import desk_for
from sidecar.calls.events import CallEvent
from sidecar.calls.joining import links_of
from sidecar.calls.participants import agents_of
from sidecar.clock import SteadyClock
from sidecar.config import Settings
from sidecar.delivery.call_log import CallLog, Surroundings
from sidecar.delivery.courier import Courier
from sidecar.delivery.courier import Habits as CourierHabits
from sidecar.delivery.missed_rows import MissedRows
from sidecar.delivery.pace import Breaker, Pace
from sidecar.delivery.recent_logs import RecentLogs
from sidecar.directory import Directory
from sidecar.errors import StoreError
from sidecar.follow_up.callers import Callers
from sidecar.follow_up.fold import Folded, FollowUp, Office, habits_from
from sidecar.health import health_routes
from sidecar.hooks.door import HookDoor, hooks_first
from sidecar.hooks.http import HIDDEN_TOKEN, PREFIX
from sidecar.hooks.journal import Journal
from sidecar.hooks.signature import signature_checker
from sidecar.metrics import Metrics
from sidecar.store.calls.conversations import conversations_with_keys
from sidecar.store.calls.outbox import call_has_ended, release_claims
from sidecar.store.database import Database
from sidecar.store.journal.hooks import HookRow
from sidecar.store.privacy.retention import forget_all_old
from sidecar.store.replicas.lives import Succession
from sidecar.store.replicas.wake_ups import Notice, Notices
from sidecar.store.spool import open_spool
from sidecar.sync.synchronisation import Synchronisation
from sidecar.timetable import Job, Timetable
from sidecar.vitals import Vitals
from sidecar.web.admin.workings import workings_of
from sidecar.web.service import WebPages
from zammad_client import Zammad
from zammad_client.errors import ZammadError

RUSH = 16  # hooks on their way to the disk at once
QUIET = 3.0  # seconds without a hook, and calls no longer count as active
WATCH = 1.0  # seconds between looks for rules that another process has read
LAST_DELIVERIES = 4.0  # seconds for what is under way when the process is told to stop

log = structlog.get_logger(__name__)


class Sidecar:
    """One process of the service. `app` answers HTTP; `running` does everything that happens afterwards.

    Raises:
        ConfigurationError, StoreError: the settings cannot work.

    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] | None = None) -> None:
        self._settings = settings
        self._clock = clock or SteadyClock()
        self.metrics = Metrics()
        self.database = Database(settings.database.url)
        self.zammad = zammad_of(settings)
        self._replica = random.getrandbits(31)  # among others on the same database
        self._holder = f"{socket.gethostname()} {os.getpid()} {self._replica:08x}"
        self._succession = Succession(database=self.database, replica=self._replica, clock=self._clock)
        self._build_sync()
        self._build_delivery()
        self._build_hook_path()
        workings = workings_of(
            settings, vitals=self.vitals, rules=self.rules, door=self._door, send=self._courier.wake, clock=self._clock
        )
        self._pages = WebPages(
            settings=settings, database=self.database, zammad=self.zammad, clock=self._clock, workings=workings
        )
        self._missed_rows = MissedRows(zammad=self.zammad, database=self.database, clock=self._clock)
        self._notices = Notices(
            database=self.database,
            replica=self._replica,
            wakes={
                Notice.WORK: self._look_for_work,
                Notice.SNAPSHOT: self.rules.reload_if_newer,
                Notice.PAGES: self._look_at_pages,
            },
        )
        self._timetable = Timetable(database=self.database, holder=self._holder, clock=self._clock)
        health = health_routes(readiness=self.vitals.readiness, exposition=self.metrics.exposition)
        others = Starlette(routes=[*health, self._pages.route], lifespan=lambda _app: self.running())
        self.app = hooks_first(self._door, others)

    def _build_sync(self) -> None:
        settings, clock = self._settings, self._clock
        token = settings.sipgate.token
        self._directory = Directory(database=self.database, pull=self._pull)
        self._callers = Callers(
            database=self.database,
            directory=self._directory,
            country=settings.phone.country,
            clock=clock,
            count=lambda certainty: self.metrics.lookups.labels(result=certainty).inc(),
        )
        self._sync = Synchronisation(
            zammad=self.zammad,
            database=self.database,
            country=settings.phone.country,
            holder=self._holder,
            now=clock,
            page_size=settings.sync.page_size,
            pause=settings.sync.pause,
            configured_token=token.get_secret_value() if token else None,
            token_overlap=settings.sipgate.token_overlap,
            quiet=self._quiet,
            on_numbers_changed=self._callers.numbers_changed,
        )
        self.rules = self._sync.rules

    def _build_delivery(self) -> None:
        settings, clock = self._settings, self._clock
        timeout = settings.zammad.timeout
        surroundings = Surroundings(
            cti_token=lambda: self.rules.settings.cti_token if self.rules.settings else None,
            renew_settings=self._renew_settings,
            phone_switch=self._phone_switch,
            has_ended=self._has_ended,
        )
        self._courier = Courier(
            database=self.database,
            deliver=CallLog(zammad=self.zammad, surroundings=surroundings, clock=clock).deliver,
            pace=Pace(rate=settings.delivery.rate, clock=clock, sleep=anyio.sleep),
            breaker=Breaker(clock=clock, jitter=random.random),
            habits=CourierHabits(parallel=settings.delivery.parallel, lease=5 * timeout + 10.0, doubt=timeout),
            clock=clock,
            count=lambda kind, outcome: self.metrics.deliveries.labels(kind=kind, outcome=outcome).inc(),
            replica=lambda: self._replica if self._succession.lives else None,
        )
        self._recent_logs = RecentLogs(
            zammad=self.zammad,
            level=settings.calls.recent_logs,
            hook_url=lambda path: f"{settings.server.public_url}{PREFIX}/{HIDDEN_TOKEN}/{path}",
            on_dropped=self.metrics.recent_logs_dropped.inc,
        )

    def _build_hook_path(self) -> None:
        settings, clock = self._settings, self._clock
        self._follow_up = FollowUp(
            database=self.database,
            office=self._office,
            clock=clock,
            on_folded=self._after_fold,
            rush=lambda: self._journal.unanswered > RUSH,
            unheard_since=lambda: self._journal.oldest_waiting,
        )
        failures = self.metrics.journal_failures
        self._journal = Journal(self.database, on_commit=self._follow_up.wake, on_late=failures.inc)
        self.vitals = Vitals(
            database=self.database, rules=self.rules, journal=self._journal, metrics=self.metrics, clock=clock
        )
        self._habits = habits_from(settings)
        self._door = HookDoor(
            tokens=lambda: self.rules.tokens,
            rules=lambda: self.rules.rules,
            signatures=signature_checker(settings.sipgate.public_key_files),
            signature_mode=settings.sipgate.signature,
            journal=self,
            public_url=lambda: settings.server.public_url,
            metrics=self.metrics,
            known_call=self._known_call,
            clock=clock,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything that works besides the hook path; leaving it loses nothing that was answered."""
        await self._start()
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            tasks.start_soon(self._for_ever, "follow-up", self._follow_up.run)
            tasks.start_soon(self._for_ever, "delivery", self._courier.run)
            tasks.start_soon(self._for_ever, "recent logs", self._recent_logs.run)
            tasks.start_soon(self._for_ever, "notices", self._notices.run)
            tasks.start_soon(self._for_ever, "open pages", self._pages.run)
            self._timetable.start(self._jobs())
            try:
                yield
            finally:
                with anyio.CancelScope(shield=True):
                    await self._stop(tasks)
        await anyio.to_thread.run_sync(self.database.close)

    async def _start(self) -> None:
        if self.database.dialect == "sqlite":  # nobody else can be delivering
            await self.database.write(release_claims)
        await self.rules.load_saved_rules()
        await self._pages.rights.load()
        await self._journal.start(await anyio.to_thread.run_sync(open_spool, self.database))

    async def _stop(self, tasks: TaskGroup) -> None:
        await self._timetable.stop()
        await self._pages.aclose()
        await self._journal.close()
        await self._follow_up.fold()
        with anyio.move_on_after(LAST_DELIVERIES):
            await self._courier.stop()
        tasks.cancel_scope.cancel()
        await self.zammad.aclose()

    def end_streams(self) -> None:
        """Open pages listen for ever: they have to go before the requests under way are waited for."""
        self._pages.live.close()

    def _jobs(self) -> list[Job]:
        sync = self._settings.sync
        return [
            Job(name="settings", every=sync.settings_every, work=self._refresh_rules),
            Job(name="changes", every=sync.changes_every, work=self._sync.poll_changes),
            Job(name="full passes", every=60.0, work=self._read_everybody_if_due),
            Job(name="repairs", every=60.0, work=self._repair_some),
            Job(name="rights", every=sync.changes_every, work=self._pages.rights.refresh),
            Job(name="rights of others", every=5.0, work=self._pages.rights.load, alone=False),
            Job(name="rules of others", every=WATCH, work=self.rules.reload_if_newer, alone=False),
            Job(name="missed rows", every=10.0, work=self._missed_rows.mark),
            Job(name="retention", every=3600.0, work=self._forget_old),
            Job(name="succession", every=WATCH, work=self._succession.look, alone=False),
            Job(name="gauges", every=5.0, work=self.vitals.refresh_gauges, alone=False),
        ]

    async def _for_ever(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """A fault in one of the loops ends neither it nor the process."""
        while True:
            try:
                return await work()
            except Exception:
                log.exception("loop_failed", loop=what)
                await anyio.sleep(1.0)

    # what the parts tell each other

    async def record(self, row: HookRow) -> bool:
        """The journal as the door knows it; on the way the hook is shown to whoever watches."""
        self.vitals.last_hook_at = row.received_at
        self.vitals.unreadable += row.status == "unreadable"
        self._recent_logs.offer(row)
        return await self._journal.record(row)

    def _office(self) -> Office:
        calls, rules = self._settings.calls, self.rules.rules
        desk = desk_for(
            rules,
            country=self._settings.phone.country,
            popup_ttl=calls.popup_ttl,
            log_blocked_calls=calls.log_blocked_calls,
        )
        return Office(
            habits=self._habits,
            desk=desk,
            identify=self._callers.callers_of,
            taking_part=lambda call: agents_of(call.legs, rules.agents) if rules else frozenset(),
        )

    async def _look_for_work(self) -> None:
        self._courier.wake()

    async def _look_at_pages(self) -> None:
        self._pages.live.wake()

    def _after_fold(self, folded: Folded) -> None:
        self._pages.live.wake()
        if folded.effects:
            self._courier.wake()
        if folded.unknown:
            self._tasks.start_soon(self._look_again, folded.unknown)

    async def _look_again(self, numbers: tuple[str, ...]) -> None:
        try:
            await self._callers.look_again(numbers)
        except StoreError as error:
            log.warning("look_up_failed", problem=str(error))

    async def _pull(self) -> None:
        await self._sync.pull_newest()

    async def _refresh_rules(self) -> None:
        try:
            await self._sync.poll_settings()
        except ZammadError as error:
            self.vitals.zammad_problem = f"Zammad: {error}"
            raise
        self.vitals.zammad_problem = None
        self._courier.zammad_answers()

    async def _renew_settings(self) -> None:
        try:
            await self.rules.refresh_settings()
        except (ZammadError, StoreError) as error:
            log.info("settings_not_renewed", problem=str(error))

    async def _read_everybody_if_due(self) -> None:
        if await self._sync.full_pass_if_due(self._settings.sync.full_every) is not None:
            await self._repair_some()

    async def _repair_some(self) -> None:
        if self._settings.sync.repair:
            repaired = await self._sync.repair_slowly()
            self.metrics.repairs.labels(outcome="written").inc(repaired.written)
            self.metrics.repairs.labels(outcome="refused").inc(repaired.refused)

    async def _forget_old(self) -> None:
        keep = self._settings.retention
        await forget_all_old(self.database, now=self._clock(), hooks_days=keep.hooks_days, calls_days=keep.calls_days)

    async def _quiet(self) -> None:
        while (rest := QUIET - self.vitals.since_last_hook()) > 0:  # noqa: ASYNC110 - the end of a silence is no event
            await anyio.sleep(rest)

    def _phone_switch(self, agent_id: int) -> bool:
        return self.rules.rules is not None and self.rules.rules.agents.phone_switch(agent_id)

    async def _has_ended(self, parcel_id: int) -> bool:
        return await self.database.read(lambda connection: call_has_ended(connection, parcel_id))

    async def _known_call(self, event: CallEvent) -> bool:
        return bool(
            await self.database.read(lambda connection: conversations_with_keys(connection, links_of(event).keys))
        )


def zammad_of(settings: Settings) -> Zammad:
    """The client of the configured Zammad."""
    verify = settings.zammad.verify_tls
    return Zammad(
        url=settings.zammad.url,
        token=settings.zammad.token.get_secret_value(),
        timeout=settings.zammad.timeout,
        verify=verify if isinstance(verify, bool) else str(verify),
    )
