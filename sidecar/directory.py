"""Who calls? Answered from the database; Zammad is only asked about numbers nobody is known to have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable

from anyio import Event, move_on_after

from sidecar.calls.identification import Certainty, Identification, PersonMatch, identification_of
from sidecar.store.database import Connection, Database
from sidecar.store.people.organizations import organizations_covering
from sidecar.store.people.people import people_with_numbers

DEADLINE = 1.0  # seconds an unknown caller may wait for news from Zammad


def identify(connection: Connection, digits: str) -> Identification:
    """Who has these E.164 digits, as far as the directory knows; for use inside another transaction."""
    return identify_all(connection, [digits])[digits]


def identify_all(connection: Connection, digits: Collection[str]) -> dict[str, Identification]:
    """As `identify`, many at once."""
    return {
        number: identification_of(people, () if _any_active(people) else organizations_covering(connection, number))
        for number, people in people_with_numbers(connection, digits).items()
    }


def _any_active(people: Iterable[PersonMatch]) -> bool:
    return any(match.active for match in people)


class Directory:
    """Look-ups, and for unknown numbers one look at what has just changed in Zammad.

    `pull` brings in the newest changes and never raises. There is one pull at a time; whoever comes while it is under
    way uses its result.
    """

    def __init__(
        self, *, database: Database, pull: Callable[[], Awaitable[None]] | None = None, deadline: float = DEADLINE
    ) -> None:
        self._database = database
        self._pull = pull
        self._deadline = deadline
        self._pulled: Event | None = None  # of the pull that is under way

    async def who_calls(self, digits: str) -> Identification:
        """Raises: StoreError."""
        found = await self._look_up(digits)
        if found.certainty is not Certainty.UNKNOWN or self._pull is None:
            return found
        await self._newest_changes(self._pull)
        return await self._look_up(digits)

    async def _look_up(self, digits: str) -> Identification:
        return await self._database.read(lambda connection: identify(connection, digits))

    async def _newest_changes(self, pull: Callable[[], Awaitable[None]]) -> None:
        with move_on_after(self._deadline):
            if self._pulled:
                await self._pulled.wait()
                return
            self._pulled = Event()
            try:
                await pull()
            finally:
                self._pulled.set()
                self._pulled = None
