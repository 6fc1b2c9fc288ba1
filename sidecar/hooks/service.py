"""The hook path as one part of the service: what has to be built, started and closed for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from anyio import to_thread

from sidecar.calls.rules.rules import Rules
from sidecar.config import Settings
from sidecar.hooks.door import HookDoor
from sidecar.hooks.journal import Journal
from sidecar.hooks.known_calls import call_lookup
from sidecar.hooks.signature import signature_checker
from sidecar.hooks.tokens import HookTokens
from sidecar.metrics import Metrics
from sidecar.store.database import Database
from sidecar.store.journal.keeping import hook_store
from sidecar.store.journal.overflow import AT_ONCE, Overflow
from sidecar.store.journal.overflow_file import OverflowFile
from sidecar.store.journal.rows import HookRow

LAST_MOVES = 2.0  # seconds for what is in the file of this machine when the process is told to stop


class HookPath:
    """`door` answers; the rest has to be started, and keeps what was answered when it is closed.

    Args:
        on_commit: told whenever hooks are on disk.
        watchers: shown every hook on its way to the journal.

    """

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        tokens: Callable[[], HookTokens],
        rules: Callable[[], Rules | None],
        on_commit: Callable[[], None],
        watchers: Sequence[Callable[[HookRow], None]],
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self.overflow = Overflow(hook_store(database, patience=AT_ONCE), OverflowFile(database.overflow))
        self.journal = Journal(self.overflow, on_commit=on_commit)
        self._on_commit = on_commit
        self.door = HookDoor(
            tokens=tokens,
            rules=rules,
            signatures=signature_checker(settings.sipgate.public_key_files),
            signature_mode=settings.sipgate.signature,
            journal=self.journal,
            public_url=lambda: settings.server.public_url,
            metrics=metrics,
            known_call=call_lookup(database),
            watchers=watchers,
            clock=clock,
        )

    async def start(self) -> None:
        """Take hooks from now on; where to is for `overflow` to be told."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop is closed, nobody waits any more
                loop.call_soon_threadsafe(self._on_commit)

        self.overflow.start(tell)
        await self.journal.start()

    async def close(self) -> None:
        """What is in memory gets to the disk, and what is in the file into the database if it takes it."""
        await self.journal.close()
        await to_thread.run_sync(self.overflow.drain, LAST_MOVES)

    @property
    def waiting(self) -> int:
        """Hooks that the database does not have yet."""
        return self.journal.waiting + self.overflow.waiting

    @property
    def oldest_waiting(self) -> float | None:
        """When the oldest of them was received."""
        times = (self.overflow.oldest_waiting, self.journal.oldest_waiting)
        return min((time for time in times if time is not None), default=None)

    @property
    def unwritten(self) -> list[HookRow]:
        """The newest of them, oldest first."""
        return [*self.overflow.unwritten, *self.journal.unwritten]
