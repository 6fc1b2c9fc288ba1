"""Carries out what `install` plans, on a Zammad that may end itself at any moment and comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.sync.installation import Step, Todo, carry_out, needs_restart
from zammad_client.client import Zammad
from zammad_client.errors import (
    ZammadError,
    ZammadNotReachedError,
    ZammadOutcomeUnknownError,
    ZammadUnavailableError,
)

UNTIL_GONE = 15.0  # seconds for Zammad to end itself; until then the old code answers
UNTIL_BACK = 180.0
RESTARTING = 300.0  # seconds after a migration in which a Zammad that is away may be restarting because of it
LOOK = 0.5  # seconds between looks
ROUNDS = 6  # plans until nothing is left to do
AWAY = (ZammadUnavailableError, ZammadNotReachedError)
SETTLED = frozenset({Todo.PRESENT, Todo.WRONG})


class Restart(StrEnum):
    """What Zammad has done after the migration."""

    NOT_NEEDED = "not needed"
    BY_HAND = "by hand"  # it goes on as if nothing were, and wants to be restarted
    OVER = "over"
    NOT_BACK = "not back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How time passes. `clock` is monotonic."""

    sleep: Callable[[float], Awaitable[None]]
    clock: Callable[[], float]


async def set_up(
    zammad: Zammad,
    *,
    plan: Callable[[], Awaitable[Sequence[Step]]],
    patience: Patience,
    before_migration: Callable[[], Awaitable[None]],
) -> Restart:
    """Until a plan has nothing left to do.

    Whatever was interrupted is planned anew once Zammad is back, so that one end is reached however often it goes.
    Raises: ZammadError for what Zammad refuses, or where it stays out of order.
    """
    restart, failure = Restart.NOT_NEEDED, None
    for _ in range(ROUNDS):
        try:
            steps = [step for step in await plan() if step.state not in SETTLED]
            if not steps:
                return restart
            await carry_out(zammad, steps)
            if needs_restart(steps):
                await before_migration()
                await _migrate(zammad)
                restart = await _restarted(zammad, patience)
        except AWAY as error:
            failure = error
            restart = Restart.OVER if await comes_back(zammad, patience) else Restart.NOT_BACK
        if restart is Restart.NOT_BACK:
            return restart
    if failure is not None:
        raise failure
    return restart


async def _migrate(zammad: Zammad) -> None:
    """A lost answer is one that may have been good: the next plan shows what is pending."""
    try:
        await zammad.migrate_attributes()
    except ZammadOutcomeUnknownError:
        return


async def _restarted(zammad: Zammad, patience: Patience) -> Restart:
    if not await _ends_itself(zammad):
        return Restart.BY_HAND
    ends_at = patience.clock() + UNTIL_GONE
    while patience.clock() < ends_at:
        if not await _answers(zammad):
            return Restart.OVER if await comes_back(zammad, patience) else Restart.NOT_BACK
        await patience.sleep(LOOK)
    return Restart.BY_HAND


async def _ends_itself(zammad: Zammad) -> bool:
    """Versions that do can also search without being told for what (docs/reference/zammad.md section 10.1)."""
    try:
        return await zammad.searches_for_nothing()
    except ZammadError:
        return True  # it is going just now


async def comes_back(zammad: Zammad, patience: Patience) -> bool:
    """Whether it answers within three minutes."""
    ends_at = patience.clock() + UNTIL_BACK
    while not await _answers(zammad):
        if patience.clock() >= ends_at:
            return False
        await patience.sleep(LOOK)
    return True


def restarts_since(migrated_at: float | None, *, now: float) -> bool:
    """Whether a Zammad that is away may be restarting because of a migration asked for at that instant."""
    return migrated_at is not None and 0.0 <= now - migrated_at < RESTARTING


async def _answers(zammad: Zammad) -> bool:
    try:
        await zammad.me()
    except AWAY:
        return False
    return True
