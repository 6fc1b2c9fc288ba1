"""Delivery as one part of the service: what has to be built, run and told for it."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Mapping

import anyio

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.rules.rules import ZammadSettings
from sidecar.config import Settings
from sidecar.delivery.call_log import CallLog, Surroundings
from sidecar.delivery.comeback import Comeback
from sidecar.delivery.courier import Courier, CourierLimits
from sidecar.delivery.desktop_tabs import DesktopTabs
from sidecar.delivery.foresight import Foresight
from sidecar.delivery.missed_rows import MissedRows
from sidecar.delivery.outcomes import Outcome
from sidecar.delivery.pace import Breaker, Pace
from sidecar.delivery.phone_switches import PhoneSwitches, SwitchRead
from sidecar.delivery.recent_logs import RecentLogs
from sidecar.delivery.right_of_way import RightOfWay
from sidecar.delivery.titles import Titles
from sidecar.hooks.http import HIDDEN_TOKEN, PREFIX
from sidecar.metrics import Metrics
from sidecar.store.calls.outbox import Parcel
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from sidecar.sync.rules_in_force import RulesInForce
from sidecar.words.languages import language_of_locale
from zammad_client import Zammad

REQUESTS = 5  # the most that one attempt takes
SPARE = 10.0  # seconds for what comes of it to be written down


class Delivery:
    """`loops` have to run; `missed_rows` are marked, and the courier is woken, by whoever knows when.

    Args:
        has_ended: whether the call a parcel is about has ended.
        replica: what the other replicas would see die; None where they could not see it.

    """

    def __init__(
        self,
        settings: Settings,
        *,
        zammad: Zammad,
        database: Database,
        rules: RulesInForce,
        way: RightOfWay,
        has_ended: Callable[[int], Awaitable[bool]],
        replica: Callable[[], int | None],
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        patient, comeback = zammad.in_turn(way.in_file), Comeback(time.monotonic)
        self._switches = PhoneSwitches(
            zammad=zammad,
            turn=way.giving_way,
            polled=lambda agent: SwitchRead(at=rules.agents_read_at, on=rules.phone_switch(agent)),
            poll=rules.refresh_agents,
            clock=clock,
        )
        self._titles = Titles(
            zammad=zammad,
            turn=way.giving_way,
            database=database,
            country=settings.phone.country,
            language=lambda agent: language_of_agent(rules, agent),
        )
        self.desktop_tabs = DesktopTabs(
            zammad=patient,
            database=database,
            wanted_by=lambda: rules.rules.agents.with_desktop_tab if rules.rules else frozenset(),
            described=self._titles.described,
            clock=clock,
            count=lambda outcome: metrics.desktop_tabs.labels(outcome=outcome).inc(),
        )
        surroundings = Surroundings(
            cti_token=rules.cti_token,
            renew_settings=rules.renew_settings,
            phone_switch=self._switches.is_on,
            has_ended=has_ended,
            title=self._titles.title_for,
            row_opened=self._titles.row_opened,
            dialog_sent=self.desktop_tabs.dialog_sent,
            opens_for=lambda caller: opens_for(caller, settings, rules.settings),
            browsers_need=comeback.browsers_need,
        )
        self.courier = _courier_from(
            settings,
            deliver=CallLog(zammad=zammad, surroundings=surroundings, clock=clock).deliver,
            database=database,
            way=way,
            comeback=comeback,
            replica=replica,
            metrics=metrics,
            clock=clock,
        )
        self._recent_logs = _recent_logs_from(settings, zammad=patient, metrics=metrics)
        self._foresight = Foresight(rules=lambda: rules.rules, switches=self._switches, way=way)
        self.missed_rows = MissedRows(zammad=patient, database=database, clock=clock)

    def note(self, row: HookRow) -> None:
        """Of a hook on its way to the journal."""
        self._foresight.note(row)
        self._recent_logs.offer(row)

    def loops(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        return {
            "delivery": self.courier.run,
            "phone switches": self._switches.run,
            "titles": self._titles.run,
            "desktop tabs": self.desktop_tabs.run,
            "recent logs": self._recent_logs.run,
        }


def language_of_agent(rules: RulesInForce, agent: int) -> str:
    """As chosen in Zammad by the agent, or else for everybody."""
    chosen = rules.rules.agents.locale(agent) if rules.rules else ""
    return language_of_locale(chosen or (rules.settings.locale_default if rules.settings else ""))


def opens_for(caller: str, settings: Settings, in_zammad: ZammadSettings | None) -> bool:
    """Where the desktop view is offered, a ticket for a withheld number would get a customer called anonymous."""
    if e164_digits(caller, settings.phone.country) is not None:
        return True
    match settings.calls.open_for_withheld:
        case "auto":
            return in_zammad is None or not in_zammad.desktop_view
        case wanted:
            return wanted


def _courier_from(
    settings: Settings,
    *,
    deliver: Callable[[Parcel], Awaitable[Outcome]],
    database: Database,
    way: RightOfWay,
    comeback: Comeback,
    replica: Callable[[], int | None],
    metrics: Metrics,
    clock: Callable[[], float],
) -> Courier:
    timeout = settings.zammad.timeout
    return Courier(
        database=database,
        deliver=deliver,
        comeback=comeback,
        pace=Pace(rate=settings.delivery.rate, clock=clock, sleep=anyio.sleep),
        breaker=Breaker(clock=clock, jitter=random.random),
        way=way,
        habits=CourierLimits(parallel=settings.delivery.parallel, lease=REQUESTS * timeout + SPARE, doubt=timeout),
        clock=clock,
        count=lambda kind, outcome: metrics.deliveries.labels(kind=kind, outcome=outcome).inc(),
        replica=replica,
    )


def _recent_logs_from(settings: Settings, *, zammad: Zammad, metrics: Metrics) -> RecentLogs:
    return RecentLogs(
        zammad=zammad,
        level=settings.calls.recent_logs,
        hook_url=lambda path: f"{settings.server.public_url}{PREFIX}/{HIDDEN_TOKEN}/{path}",
        on_dropped=metrics.recent_logs_dropped.inc,
    )
