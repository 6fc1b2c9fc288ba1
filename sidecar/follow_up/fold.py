"""After the answer: hooks of the journal become conversations, and conversations become work for Zammad.

One transaction does both, so that a crash leaves either nothing or all of it. Between replicas one folds at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic

import anyio
import structlog

from sidecar.errors import StoreError
from sidecar.follow_up.office import Office
from sidecar.follow_up.sheets import AT_ONCE, Folded, work_out, write_down
from sidecar.store.calls import conversations as saved_calls
from sidecar.store.database import Connection, Database, RefusedError, serialised
from sidecar.store.journal.hooks import NO_CONVERSATION, place_hooks, waiting_hooks
from sidecar.wake_up import WakeUp

BEHIND_AT_ONCE = 2000  # and where the last one has left some: each waits for a rush to pass
RUSH_STEPS, RUSH_STEP = 10, 0.02  # seconds: a rush holds a fold back for so long
REST, LONGEST_REST = 3.0, 0.05  # times as long as the last fold took, and seconds: what comes one by one gathers
POLL = 0.5  # seconds between looks for hooks that another process has taken down

log = structlog.get_logger(__name__)


class FollowUp:
    """Folds whenever the journal has taken something down, and when time alone changes a conversation."""

    def __init__(
        self,
        *,
        database: Database,
        office: Callable[[], Office],
        clock: Callable[[], float],
        on_folded: Callable[[Folded], None],
        rush: Callable[[], bool] = lambda: False,
        unheard_since: Callable[[], float | None] = lambda: None,
    ) -> None:
        self._database = database
        self._office = office
        self._clock = clock
        self._on_folded = on_folded
        self._rush = rush  # whether more hooks come than can be folded beside them
        self._unheard_since = unheard_since  # when the oldest hook came that is not in the database yet
        self._wake_up = WakeUp()

    def wake(self) -> None:
        self._wake_up.wake()

    async def run(self) -> None:
        pause, most = 0.0, AT_ONCE
        while True:
            await self._wake_up.wait(pause)
            await self._let_hooks_pass()
            began = monotonic()
            folded = await self.fold(most)
            await anyio.sleep(min(LONGEST_REST, REST * (monotonic() - began)))
            pause, most = (0.0, BEHIND_AT_ONCE) if folded.more else (POLL, AT_ONCE)
            if folded.wake_at is not None:
                pause = min(pause, max(0.02, folded.wake_at - self._clock()))

    async def _let_hooks_pass(self) -> None:
        """In a rush phones come first, but nobody waits for a dialog longer than this."""
        for _ in range(RUSH_STEPS):
            if not self._rush():
                return
            await anyio.sleep(RUSH_STEP)

    async def fold(self, most: int = AT_ONCE) -> Folded:
        """One transaction's worth, of so many hooks; a fault in the database is logged and tried again later."""
        office, now = self._office(), self._heard_until()
        try:
            folded = await self._database.serially(
                "fold",
                lambda connection: work_out(connection, office, now=now, limits=(most, AT_ONCE)),
                lambda connection, pile: write_down(connection, pile, office, now=now),
            )
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, RefusedError):
                log.warning("fold_waits_for_database", problem=str(error))
                return Folded()
            log.exception("fold_failed")
            folded = await self._fold_singly(office, now)
        self._on_folded(folded if folded.more else replace(folded, heard_until=now))
        return folded

    def _heard_until(self) -> float:
        """Time alone changes nothing as long as hooks from before are on their way: a row would be closed too early."""
        now, unheard_since = self._clock(), self._unheard_since()
        return now if unheard_since is None else min(now, unheard_since)

    async def _fold_singly(self, office: Office, now: float) -> Folded:
        """What cannot be folded must not hold up the rest: a hook is set aside, a conversation sleeps on."""
        folded = Folded(more=True)
        for limits, give_up in (((1, 0), _set_aside_first), ((0, 1), partial(_put_to_sleep_first, now=now))):
            for _ in range(AT_ONCE):
                try:
                    one = await self._database.write(partial(fold_waiting, office=office, now=now, limits=limits))
                except Exception as error:
                    if isinstance(error, StoreError) and not isinstance(error, RefusedError):
                        return folded
                    log.exception("given_up", what="conversation" if limits[1] else "hook")
                    await self._database.write(give_up)
                    return folded
                folded = folded.and_then(one)
                if not one.cases:
                    break
        return folded


def fold_waiting(
    connection: Connection, office: Office, *, now: float, limits: tuple[int, int] = (AT_ONCE, AT_ONCE)
) -> Folded:
    """Fold the waiting hooks, and the conversations whose time has come, in one transaction."""
    serialised(connection, "fold")
    return write_down(connection, work_out(connection, office, now=now, limits=limits), office, now=now)


def _set_aside_first(connection: Connection) -> None:
    serialised(connection, "fold")
    place_hooks(connection, {hook.id: NO_CONVERSATION for hook in waiting_hooks(connection, 1)})


def _put_to_sleep_first(connection: Connection, *, now: float) -> None:
    serialised(connection, "fold")
    saved_calls.let_sleep(connection, saved_calls.waking(connection, now=now, limit=1))
