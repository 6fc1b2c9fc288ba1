"""While it rings: Zammad may have come to know a caller a moment ago, and may not find them by their number yet.

Whoever is unknown is looked up once more; whose numbers Zammad would miss is repaired at once. Zammad mends the row
that rings a moment later, and the dialog opens with the customer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial

import anyio
import structlog

from sidecar.calls.identification import Certainty, Identification
from sidecar.calls.numbers.numbers import e164_digits
from sidecar.directory import Directory
from sidecar.errors import StoreError
from sidecar.follow_up.callers import Callers
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from sidecar.wake_up import WakeUp

log = structlog.get_logger(__name__)


async def nobody_to_ask(_number: str) -> None:
    """Where only the directory is looked into."""


class RingingCallers:
    """A look may take a second: nobody waits for it, and the next caller does not wait for the last one."""

    def __init__(
        self,
        *,
        database: Database,
        directory: Directory,
        callers: Callers,
        repair: Callable[[int], Awaitable[object]] | None,
        look_for: Callable[[str], Awaitable[None]] = nobody_to_ask,
        count: Callable[[str], None],
        country: str = "DE",
    ) -> None:
        self._database = database
        self._directory = directory
        self._callers = callers
        self._repair = repair  # of a person; never raises for what Zammad says. None: nobody is
        self._look_for = look_for  # a number, in Zammad; never raises
        self._count = count  # certainty
        self._numbers: list[str] = []
        self._people: list[int] = []
        self._country = country  # of numbers in hooks
        self._wake_up = WakeUp()
        self._looks: list[tuple[str, anyio.CancelScope]] = []  # by number: what Zammad is asked, or will be

    def note(self, row: HookRow) -> None:
        """Of a hook on its way to the journal: who is answered is not looked for in Zammad any longer."""
        if not self._looks or row.event != "answer" or not row.caller:
            return
        answered = e164_digits(row.caller, self._country)
        for number, scope in self._looks:
            if number == answered:
                scope.cancel()

    def ring(self, *, unknown: Collection[str], recognised: Collection[int]) -> None:
        """Numbers nobody is known for, and people who certainly call."""
        if unknown or recognised:
            self._numbers.extend(unknown)
            self._people.extend(recognised)
            self._wake_up.wake()

    async def run(self) -> None:
        async with anyio.create_task_group() as looks:
            while True:
                await self._wake_up.wait()
                numbers, self._numbers = self._numbers, []
                people, self._people = self._people, []
                looks.start_soon(self._look, numbers, people)

    async def _look(self, numbers: Collection[str], people: Collection[int]) -> None:
        try:
            for number in dict.fromkeys(numbers):
                found = await self._found(number)
                self._count(str(found.certainty))
                if found.certainty is not Certainty.UNKNOWN:
                    await self._database.write(partial(self._callers.numbers_changed, digits=[number]))
                if found.certainty is Certainty.CERTAIN and found.sole and found.sole.person_id:
                    people = [*people, found.sole.person_id]
            if self._repair:
                for person in dict.fromkeys(people):
                    await self._repair(person)
        except StoreError as error:
            log.warning("look_up_failed", problem=str(error))

    async def _found(self, number: str) -> Identification:
        look = (number, anyio.CancelScope())
        self._looks.append(look)
        try:
            found = await self._directory.who_calls(number)
            if found.certainty is Certainty.UNKNOWN:
                with look[1]:
                    await self._look_for(number)
                found = await self._directory.known(number)
        finally:
            self._looks.remove(look)
        return found
