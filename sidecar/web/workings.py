"""What the admin pages see of the process that serves them, and what they may set going in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import ASGIApp

from sidecar.calls.conversation.conversation import Habits
from sidecar.check.checkup import Checkup
from sidecar.config import Settings
from sidecar.follow_up.office import habits_from
from sidecar.readiness import Readiness, ReadinessProbe
from sidecar.scripted_calls.inner_line import InnerLine
from sidecar.sipgate.service import SipgateSide
from sidecar.sync.rules_in_force import RulesInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class Workings:
    readiness: Callable[[], Awaitable[Readiness]]
    rules: RulesInForce
    habits: Habits
    checkup: Checkup
    line: InnerLine  # for scripted calls
    send: Callable[[], None]  # deliveries that are due
    sipgate: SipgateSide


def workings_of(
    settings: Settings,
    *,
    probe: ReadinessProbe,
    rules: RulesInForce,
    door: ASGIApp,
    send: Callable[[], None],
    sipgate: SipgateSide,
    clock: Callable[[], float],
) -> Workings:
    """`door`: where hooks go in."""
    return Workings(
        readiness=probe.readiness,
        rules=rules,
        habits=habits_from(settings),
        checkup=Checkup(settings=settings, clock=clock, politeness=sipgate.politeness),
        line=InnerLine(door=door, token=lambda: rules.tokens.current),
        send=send,
        sipgate=sipgate,
    )
