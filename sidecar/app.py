"""The sidecar put together: every part, which knows which, and how all of it starts and stops.

Parts know what stands above them here. What they tell those below goes through the functions they are given.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

import anyio
import anyio.to_thread
import structlog
from anyio.abc import TaskGroup
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from sidecar.clock import SteadyClock
from sidecar.config import Settings
from sidecar.delivery.right_of_way import RightOfWay
from sidecar.delivery.service import Delivery
from sidecar.directory import Directory
from sidecar.follow_up.callers import Callers
from sidecar.follow_up.endings import endings_in
from sidecar.follow_up.fold import FollowUp
from sidecar.follow_up.office import habits_from, office_under
from sidecar.follow_up.ringing_callers import RingingCallers
from sidecar.follow_up.sheets import Folded
from sidecar.gauges import Gauges
from sidecar.health import health_routes
from sidecar.hooks.door import hooks_first
from sidecar.hooks.service import HookPath
from sidecar.hooks.traffic import Traffic
from sidecar.jobs import Jobs
from sidecar.metrics import Metrics
from sidecar.readiness import ReadinessProbe
from sidecar.sipgate.service import SipgateSide
from sidecar.store.calls.outbox import release_claims
from sidecar.store.calls.succession import Succession
from sidecar.store.database import Database
from sidecar.store.journal.keeping import hook_store
from sidecar.store.journal.rules_copy import RulesCopy
from sidecar.store.journal.salvage import set_aside_beside
from sidecar.store.migrations.presence import Presence
from sidecar.store.replicas.identity import new_replica
from sidecar.store.replicas.wake_ups import WakeUps, Written
from sidecar.sync.synchronisation import synchronisation_from
from sidecar.tickets.service import call_work, callback_tickets
from sidecar.timetable import Timetable, for_ever
from sidecar.web.service import WebPages
from sidecar.web.workings import workings_of
from sidecar.zammad import zammad_of

RUSH = 16  # hooks on their way to the disk at once
FIRST_LOOK = 3.0  # seconds that the start waits for the database; phones do not wait for it
LAST_ANSWERS = 6.0  # seconds for the database then, which may fall silent at last,
LAST_OF_A_SILENT_ONE = 1.0  # or has done so before
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
        self.database = Database(settings.database.url, settings.database.journal)
        self.presence = Presence(
            self.database,
            on_lost=self._database_is_lost,
            journal_problem=lambda: self._hook_path.overflow.problem,
        )
        self._hooks = hook_store(self.database)
        self.zammad = zammad_of(settings)
        self._way = RightOfWay()
        self._zammad_in_file = self.zammad.in_turn(self._way.in_file)
        self._replica = new_replica()
        self._begun = False
        self._succession = Succession(database=self.database, replica=self._replica.number, clock=self._clock)
        self._traffic = Traffic(self._clock)
        self._sipgate = SipgateSide(
            settings,
            database=self.database,
            clock=self._clock,
            hooks=self._hooks,
            zammad=self._zammad_in_file,
            rules=lambda: self.rules.rules,
        )
        self._build_sync()
        self._build_delivery()
        self._build_tickets()
        self._build_follow_up()
        self._build_hook_path()
        self._build_readiness()
        self._build_pages()
        others = Starlette(routes=self._routes(), lifespan=lambda _app: self.running())
        self.app = hooks_first(self._hook_path.door, others)

    def _build_sync(self) -> None:
        self._callers = Callers(country=self._settings.phone.country, clock=self._clock)
        self._sync = synchronisation_from(
            self._settings,
            zammad=self._zammad_in_file,
            database=self.database,
            holder=self._replica.holder,
            now=self._clock,
            on_numbers_changed=self._callers.numbers_changed,
            quiet=self._traffic.silence,
            copy=RulesCopy(self.database.local_journal),
        )
        self.rules = self._sync.rules

    def _build_delivery(self) -> None:
        self._delivery = Delivery(
            self._settings,
            zammad=self.zammad,
            database=self.database,
            rules=self.rules,
            way=self._way,
            has_ended=endings_in(
                self.database,
                habits=habits_from(self._settings),
                clock=self._clock,
                unwritten=lambda: self._hook_path.unwritten,
            ),
            replica=lambda: self._replica.number if self._succession.lives else None,
            metrics=self.metrics,
            clock=self._clock,
        )

    def _build_tickets(self) -> None:
        self._tickets = callback_tickets(
            self._settings,
            zammad=self._zammad_in_file,
            database=self.database,
            holder=self._replica.holder,
            clock=self._clock,
            metrics=self.metrics,
        )

        self._work = call_work(
            self._settings,
            zammad=self.zammad.in_turn(self._way.giving_way),
            database=self.database,
            learn=self._sync.intake.take_users,
            clock=self._clock,
            metrics=self.metrics,
        )

    def _build_follow_up(self) -> None:
        self._ringing_callers = RingingCallers(
            database=self.database,
            directory=Directory(database=self.database, pull=self._sync.pull_newest),
            callers=self._callers,
            repair=self._sync.repair_caller if self._settings.sync.repair else None,
            look_for=self._sync.find_by_digits,
            count=lambda certainty: self.metrics.lookups.labels(result=certainty).inc(),
            country=self._settings.phone.country,
        )
        self._office = office_under(self._settings, rules=lambda: self.rules.rules, callers=self._callers)
        self._follow_up = FollowUp(
            database=self.database,
            office=self._office,
            clock=self._clock,
            on_folded=self._after_fold,
            rush=lambda: self._hook_path.journal.unanswered > RUSH,
            unheard_since=lambda: self._hook_path.oldest_waiting,
        )

    def _build_hook_path(self) -> None:
        self._hook_path = HookPath(
            self._settings,
            database=self.database,
            tokens=lambda: self.rules.tokens,
            rules=lambda: self.rules.rules,
            on_commit=self._follow_up.wake,
            watchers=(self._traffic.note, self._delivery.note, self._ringing_callers.note),
            metrics=self.metrics,
            clock=self._clock,
        )

    def _build_readiness(self) -> None:
        database, clock = self.database, self._clock
        self._timetable = Timetable(database=database, holder=self._replica.holder, clock=clock)
        self.metrics.stuck_jobs.set_function(lambda: len(self._timetable.stuck()))
        self.metrics.journal_waiting.set_function(lambda: self._hook_path.journal.waiting)
        self.metrics.journal_aside.set_function(lambda: self._hook_path.overflow.waiting)
        self.metrics.damaged_files.set_function(lambda: len(set_aside_beside(*database.own_files)))
        self._gauges = Gauges(database=database, metrics=self.metrics, clock=clock)
        self._probe = ReadinessProbe(
            database=database,
            sync=self._sync,
            hook_path=self._hook_path,
            presence=self.presence,
            traffic=self._traffic,
            stuck_jobs=self._timetable.stuck,
            clock=clock,
        )

    def _build_pages(self) -> None:
        settings, send = self._settings, self._delivery.courier.wake
        self._pages = WebPages(
            settings=settings,
            database=self.database.aside(),  # searches and exports hold up no fold and no dialog
            zammad=self.zammad.in_turn(self._way.giving_way),
            patient=self._zammad_in_file,
            work=self._work,
            clock=self._clock,
            workings=workings_of(
                settings,
                probe=self._probe,
                rules=self.rules,
                door=self._hook_path.door,
                send=send,
                sipgate=self._sipgate,
                clock=self._clock,
            ),
        )
        self._wake_ups = WakeUps(
            database=self.database,
            replica=self._replica.number,
            wakes={Written.WORK: send, Written.SNAPSHOT: self.rules.wake, Written.PAGES: self._pages.live.wake},
        )

    def _routes(self) -> list[BaseRoute]:
        health = health_routes(readiness=self._probe.readiness, exposition=self.metrics.exposition)
        return [*health, self._pages.route]

    def _after_fold(self, folded: Folded) -> None:
        self._way.folded(folded.heard_until, folded.dialogs)
        if not (folded.hooks or folded.effects):
            return
        self._pages.live.wake()
        self._tickets.wake()
        if folded.effects:
            self._delivery.courier.wake()
        self._ringing_callers.ring(unknown=folded.unknown, recognised=folded.recognised)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Everything that works besides the hook path; leaving it loses nothing that was answered."""
        await self._hook_path.start()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(for_ever, "database", partial(self.presence.run, partial(self._begin, tasks)))
            with anyio.move_on_after(FIRST_LOOK):
                await self.presence.looked.wait()
            if not self.presence.whole:
                await self.rules.load_copy()
            self._say_hello()
            try:
                yield
            finally:
                with anyio.CancelScope(shield=True):
                    await self._stop(tasks)
        await anyio.to_thread.run_sync(self.database.close)
        self._hooks.close()  # the last one to close a file of SQLite's leaves no log beside it
        self._hook_path.overflow.close()

    def _say_hello(self) -> None:
        settings, rules = self._settings, self.rules.rules
        log.info(
            "serving",
            host=settings.server.host,
            port=settings.server.port,
            database=self.database.address,
            database_is_there=self.presence.whole,
            zammad=settings.zammad.url,
            switch="not read yet" if rules is None else "on" if rules.enabled else "off",
        )

    async def _begin(self, tasks: TaskGroup) -> None:
        """The database is there, for the first time or again, and may be another one."""
        if not self._begun and self.database.dialect == "sqlite":  # nobody else can be delivering
            await self.database.write(release_claims)
        self._hooks.renew()
        self.rules.look_anew()
        await self.rules.load_saved_rules()
        await self._pages.rights.load()
        await anyio.to_thread.run_sync(self._hook_path.overflow.database_is_there)
        if self._begun:
            return
        self._begun = True
        for what, loop in self._loops().items():
            tasks.start_soon(for_ever, what, loop)
        self._timetable.start(self._jobs().all())

    def _database_is_lost(self) -> None:
        self.metrics.database_losses.inc()
        self._hook_path.overflow.database_is_gone()

    def _loops(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {
            "follow-up": self._follow_up.run,
            "ringing callers": self._ringing_callers.run,
            **self._delivery.loops(),
            "callback tickets": self._tickets.run,
            "call notes": self._work.notes.run,
            "rules of others": self.rules.run,
            "wake-ups": self._wake_ups.run,
            "open pages": self._pages.run,
        }

    def _jobs(self) -> Jobs:
        return Jobs(
            settings=self._settings,
            database=self.database,
            hooks=self._hooks,
            clock=self._clock,
            metrics=self.metrics,
            sync=self._sync,
            rights=self._pages.rights,
            delivery=self._delivery,
            succession=self._succession,
            gauges=self._gauges,
            sipgate=self._sipgate,
        )

    async def _stop(self, tasks: TaskGroup) -> None:
        if self._begun:
            await self._timetable.stop()
        await self._pages.aclose()
        await self._hook_path.close()
        if self._hook_path.overflow.problem is None and self.presence.whole:
            await self._follow_up.fold()
        with anyio.move_on_after(LAST_DELIVERIES):
            await self._delivery.courier.stop()
        tasks.cancel_scope.cancel()
        await self.zammad.aclose()
        await self._sipgate.aclose()

    def end_streams(self) -> None:
        """Open pages listen for ever: they have to go before the requests under way are waited for."""
        self.database.end_within(LAST_ANSWERS if self._hook_path.overflow.problem is None else LAST_OF_A_SILENT_ONE)
        self._pages.live.close()
