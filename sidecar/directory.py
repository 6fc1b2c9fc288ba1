"""Who calls? Answered from the database; Zammad is only asked about numbers nobody is known to have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from anyio import Event, move_on_after

from sidecar.calls.identification import FIELDS, Certainty, Identification, PersonMatch, identification_of
from sidecar.store.database import Connection, Database
from sidecar.store.people.attribute_names import attribute_names
from sidecar.store.people.loose_numbers import loosely_holding
from sidecar.store.people.organizations import organizations_covering
from sidecar.store.people.people import people_with_numbers

DEADLINE = 1.0  # seconds an unknown caller may wait for news from Zammad


def identify(connection: Connection, digits: str) -> Identification:
    """Who has these E.164 digits, as far as the directory knows; for use inside another transaction."""
    return identify_all(connection, [digits])[digits]


def identify_all(connection: Connection, digits: Collection[str]) -> dict[str, Identification]:
    """As `identify`, many at once."""
    found = people_with_numbers(connection, digits)
    return {number: _identified(connection, number, people) for number, people in found.items()}


def _identified(connection: Connection, number: str, people: Sequence[PersonMatch]) -> Identification:
    """What nobody has in full is looked for among main numbers, blocks of extensions and doubtful readings."""
    if any(match.active for match in people):
        return identification_of(_as_zammad_shows(connection, people), ())
    if organizations := organizations_covering(connection, number):
        return identification_of((), organizations)
    return identification_of(_as_zammad_shows(connection, loosely_holding(connection, number)), ())


def _as_zammad_shows(connection: Connection, matches: Sequence[PersonMatch]) -> Sequence[PersonMatch]:
    """With the names of the attributes that are not everybody's."""
    if all(match.field in FIELDS for match in matches):
        return matches
    names = attribute_names(connection)
    return [replace(match, attribute=names.get(match.field, "")) for match in matches]


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

    async def known(self, digits: str) -> Identification:
        """As it is known here, without a look into Zammad. Raises: StoreError."""
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
