"""What rings, goes on and waits now: read once for all boards that show the same, until something changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sidecar.calls.pages.presence import RunningCall
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.missed.entries import count_open
from sidecar.store.pages.desks import running_calls

LONGEST_KEPT = 60.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningNow:
    calls: tuple[RunningCall, ...]
    missed: int  # waiting for a call back
    position: int  # of the last change before it was read
    read_at: float


class RecentRunning:
    """Of many who ask the same at once one reads."""

    def __init__(self, *, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[tuple[Viewer, frozenset[str]], RunningNow] = {}
        self._turn = asyncio.Lock()

    async def of(self, viewer: Viewer, lines: frozenset[str], position: int) -> RunningNow:
        """`position`: of the last change by now."""
        async with self._turn:
            now, asked = self._clock(), (viewer, lines)
            kept = self._kept.get(asked)
            if kept is None or kept.position != position or now - kept.read_at > LONGEST_KEPT:
                calls, missed = await self._database.read(
                    lambda connection: (running_calls(connection), count_open(connection, viewer, lines=lines))
                )
                self._kept = {each: old for each, old in self._kept.items() if now - old.read_at <= LONGEST_KEPT}
                kept = self._kept[asked] = RunningNow(calls=calls, missed=missed, position=position, read_at=now)
            return kept
