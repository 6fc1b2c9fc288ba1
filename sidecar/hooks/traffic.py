"""When the last hook came, and how many nobody could read."""

from __future__ import annotations

import math
from collections.abc import Callable

import anyio

from sidecar.store.journal.rows import HookRow, HookStatus

SILENCE = 3.0  # seconds without a hook, and calls no longer count as active


class Traffic:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.last_hook_at: float | None = None
        self.unreadable = 0

    def note(self, row: HookRow) -> None:
        self.last_hook_at = row.received_at
        self.unreadable += row.status == HookStatus.UNREADABLE

    def since_last_hook(self) -> float:
        """Seconds; infinite where none has come yet."""
        return math.inf if self.last_hook_at is None else self._clock() - self.last_hook_at

    async def silence(self) -> None:
        """Returns when nobody seems to be calling."""
        while (rest := SILENCE - self.since_last_hook()) > 0:  # noqa: ASYNC110 - the end of a silence is no event
            await anyio.sleep(rest)
