"""Whoever is there from the first to the last page of a pass is known afterwards, whatever happens to others."""

from __future__ import annotations

import random
import sys
import time
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from sidecar.store.database import Database
from sidecar.store.people.people import people_ids_between
from sidecar.sync.full_pass import FullPass
from sidecar.sync.intake import Intake
from sidecar.sync.kept import kept_pass
from sidecar.sync.records import Reader
from tests.service import environ_of, prepared
from tests.sidecar.sync.following import Clock, side_of
from tests.sidecar.sync.people_of_zammad import user
from tests.waiting import PATIENCE, until
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError, ZammadUnavailableError
from zammad_client.records import Organization, User
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
PEOPLE = 300


class Restless:
    """A Zammad where somebody is created or deleted before any request, and now and then one breaks off."""

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self.there = {number: user(number, phone=f"030 {1000000 + number}") for number in range(1, PEOPLE + 1)}
        self.all_along = {*self.there}
        self._highest = PEOPLE
        self._clock = clock
        self._chance = chance
        self._left = 12  # things that happen

    async def users_page(self, page: int, *, per_page: int) -> list[User]:
        self._happens()
        people = [self.there[number] for number in sorted(self.there)]
        self._clock.seconds += 0.01 * per_page
        return people[(page - 1) * per_page : page * per_page]

    async def organizations_page(self, _page: int, *, per_page: int) -> list[Organization]:
        assert per_page
        return []

    async def user(self, user_id: int) -> User:
        if user_id not in self.there:
            raise ZammadRefusedError("gone", status=404)
        return self.there[user_id]

    async def organization(self, organization_id: int) -> Organization:
        raise AssertionError(organization_id)

    def _happens(self) -> None:
        self._left -= 1
        if self._left < 0:
            return
        match self._chance.randrange(6):
            case 0 | 1:
                for gone in self._chance.sample(sorted(self.there), k=self._chance.choice([1, 1, 2, 20])):
                    self.there.pop(gone)
                    self.all_along.discard(gone)
            case 2:
                self._highest += 1
                self.there[self._highest] = user(self._highest)
            case 3:
                raise ZammadUnavailableError("gone for a moment")
            case _:
                pass


def people_known(database: Database) -> set[int]:
    with database.reading() as connection:
        return {*people_ids_between(connection, 0, None)}


@pytest.mark.parametrize("seed", range(8))
async def test_whoever_is_deleted_or_created_meanwhile_costs_nobody_else_their_place(
    database: Database, clock: Clock, seed: int
) -> None:
    zammad = Restless(clock, random.Random(seed))

    while await database.read(lambda connection: kept_pass(connection).finished_at) is None:
        try:
            await pass_over(zammad, database, clock).run()
        except ZammadUnavailableError:
            zammad.there.pop(min(zammad.there))  # while nobody reads
            zammad.all_along &= {*zammad.there}
    assert zammad.all_along <= people_known(database)


class Repeating:
    """Somebody in front of Zammad gives the first page for every other one."""

    async def users_page(self, _page: int, *, per_page: int) -> list[User]:
        return [user(number) for number in range(1, per_page + 1)]

    async def organizations_page(self, _page: int, *, per_page: int) -> list[Organization]:
        assert per_page
        return []

    async def user(self, user_id: int) -> User:
        raise AssertionError(user_id)

    async def organization(self, organization_id: int) -> Organization:
        raise AssertionError(organization_id)


async def test_a_list_that_says_the_same_for_ever_ends_the_pass(database: Database, clock: Clock) -> None:
    endless = pass_over(Repeating(), database, clock)
    with anyio.fail_after(PATIENCE), pytest.raises(ZammadUnavailableError, match="earlier one"):
        await endless.run()
    assert len(people_known(database)) == 50


async def test_a_process_killed_in_the_middle_is_followed_by_one_that_goes_on_there(
    sqlite_url: str, tmp_path: Path
) -> None:
    sim = prepared(Simulator())
    sim.add_customers(1500)
    sim.faults.slow(0.1, path="/api/v1/users")
    with running(sim) as url, closing(Database(sqlite_url)) as database:
        command = [sys.executable, "-m", "sidecar", "sync", "--full"]
        async with await anyio.open_process(command, env=environ_of(sim, url, sqlite_url), cwd=tmp_path) as process:
            await until(lambda: sum(map(is_large, pages_of_users(sim))) > 3)
            process.kill()
        reached = (await database.read(kept_pass)).after
        sim.faults.clear()
        sim.requests.clear()
        later = Clock(seconds=time.time() + 600.0)  # its turn has run out
        zammad = Zammad(url=url, token=sim.tokens.service)
        await side_of(zammad, database, later, attributes=("fax",)).sync.full_pass()
        await zammad.aclose()
        number, size = next(each for each in pages_of_users(sim) if is_large(each))
    assert reached > 50
    assert (number - 1) * size >= reached - size, "what was read is not read again"
    assert len(people_known(database)) == 1508


def pages_of_users(sim: Simulator) -> list[tuple[int, int]]:
    """Number and size of each that was asked for."""
    asked = [each.params for each in list(sim.requests) if each.path == "/api/v1/users"]
    return [(int(each["page"]), int(each["per_page"])) for each in asked]


def is_large(page: tuple[int, int]) -> bool:
    """None of those that only look who stands at a place."""
    return page[1] > 1


def pass_over(zammad: Restless | Repeating, database: Database, clock: Clock) -> FullPass:
    return FullPass(
        zammad=zammad,  # type: ignore[arg-type] # what a pass asks is there
        database=database,
        intake=Intake(database=database, reader=Reader(country="DE"), now=clock.now),
        page_size=50,
        pause=0.0,
        sleep=clock.sleep,
        now=clock.now,
        elapsed=clock.now,
    )
