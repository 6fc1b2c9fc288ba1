"""Callers nobody is known for: Zammad may have come to know them a moment ago, so they are looked up once more."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import anyio
import structlog

from sidecar.calls.identification import Certainty
from sidecar.directory import Directory
from sidecar.errors import StoreError
from sidecar.follow_up.callers import Callers
from sidecar.store.database import Database
from sidecar.wake_up import WakeUp

log = structlog.get_logger(__name__)


class UnknownCallers:
    """A look may take a second: nobody waits for it, and the next caller does not wait for the last one."""

    def __init__(
        self, *, database: Database, directory: Directory, callers: Callers, count: Callable[[str], None]
    ) -> None:
        self._database = database
        self._directory = directory
        self._callers = callers
        self._count = count  # certainty
        self._numbers: list[str] = []
        self._wake_up = WakeUp()

    def look_for(self, numbers: Collection[str]) -> None:
        if numbers:
            self._numbers.extend(numbers)
            self._wake_up.wake()

    async def run(self) -> None:
        async with anyio.create_task_group() as looks:
            while True:
                await self._wake_up.wait()
                numbers, self._numbers = self._numbers, []
                looks.start_soon(self._look, numbers)

    async def _look(self, numbers: Collection[str]) -> None:
        try:
            for number in dict.fromkeys(numbers):
                found = await self._directory.who_calls(number)
                self._count(str(found.certainty))
                if found.certainty is not Certainty.UNKNOWN:
                    await self._database.write(partial(self._callers.numbers_changed, digits=[number]))
        except StoreError as error:
            log.warning("look_up_failed", problem=str(error))
