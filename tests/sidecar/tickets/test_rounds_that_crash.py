"""A process that dies at any point of a callback leaves one ticket, told once and closed once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sidecar.store.database import Database
from tests.sidecar.tickets.office import Office, some_office
from zammad_client.errors import ZammadError

pytestmark = pytest.mark.anyio

GRACE, QUIET = 180.0, 300.0
WRITES = 4  # ticket, repeat, talk, closed


class DiedError(Exception):
    """The process is gone."""


class Fate:
    """Strikes once, where it is told."""

    def __init__(self, office: Office, where: str, place: int) -> None:
        self._office = office
        self._where = where
        self._left = place
        self._looks = 0
        self.has_struck = False

    def __call__(self, where: str) -> None:
        if not self.has_struck and self._strikes(where):
            self.has_struck = True
            raise DiedError

    def _strikes(self, where: str) -> bool:
        match self._where:
            case "before it writes":
                self._left -= where == "about to write"
                return self._left == 0
            case "before it notes what it wrote":
                return len(self._office.sim.writes) >= self._left
            case _:
                self._looks += len(self._office.sim.writes) >= self._left
                return self._looks > 1


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """Nothing of this depends on which one it is."""
    database = Database(sqlite_url)
    yield database
    database.close()


async def live_on(office: Office, *, after: float) -> None:
    """Whoever died is started again."""
    for _ in range(2):
        try:
            await office.settle(after=after)
        except (DiedError, ZammadError):
            office.start_anew()
            office.now += 70  # what it was at is nobody's by now


@pytest.mark.parametrize("version", ["5.2", "5.5", "6.5", "7.3"])
@pytest.mark.parametrize(
    ("where", "place"),
    [
        *(("before it writes", place) for place in range(1, WRITES)),
        *(("before it notes what it wrote", place) for place in range(1, WRITES + 1)),
        *(("after it noted what it wrote", place) for place in range(1, WRITES + 1)),
    ],
)
async def test_it_is_all_done_once(database: Database, version: str, where: str, place: int) -> None:
    with some_office(database, version=version) as office:
        office.fate = fate = Fate(office, where, place)
        office.missed()
        await live_on(office, after=GRACE + 1)
        office.missed()
        await live_on(office, after=QUIET)
        office.now += 80
        office.talked(direction="out")
        await live_on(office, after=60)
        assert fate.has_struck
        [ticket] = office.ours()
        assert [article.type_id for article in ticket.articles] == [5, 5, 10]
        assert ticket.state_id == 4
        assert office.sim.ticketing.mails == []
