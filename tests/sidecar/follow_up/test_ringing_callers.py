"""Whoever is unknown is looked up once more, beside everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from typing import TypeVar

import anyio
import pytest
from sqlalchemy import Connection

from sidecar.calls.sipgate.events import Answered, Direction
from sidecar.directory import Directory
from sidecar.errors import StoreError
from sidecar.follow_up.callers import Callers
from sidecar.follow_up.ringing_callers import RingingCallers
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from tests.sidecar.follow_up.folding import hook
from tests.sidecar.sync.people_of_zammad import user
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio
T = TypeVar("T")
ERIKA, NOBODY, SLOWLY = "49301234567", "49409876543", "49401111111"


class Lookups:
    """The unknown callers of this database, and what came of their looks."""

    def __init__(self, database: Database, pull: Callable[[], Awaitable[None]]) -> None:
        self.found: list[str] = []
        self.repaired: list[int] = []
        self._more = anyio.Event()
        self._repaired = anyio.Event()
        self.of = RingingCallers(
            database=database,
            directory=Directory(database=database, pull=pull, deadline=60.0),
            callers=Callers(country="DE", clock=lambda: 0.0),
            repair=self._repair,
            look_for=self._look_for,
            count=self._count,
        )
        self.looked_for: list[str] = []
        self.left: list[str] = []
        self._asked = anyio.Event()

    async def _repair(self, person: int) -> None:
        self.repaired.append(person)
        self._repaired.set()

    async def _look_for(self, number: str) -> None:
        """As long as Zammad likes."""
        if number != SLOWLY:
            return
        self.looked_for.append(number)
        self._asked.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.left.append(number)

    async def until_asked(self) -> None:
        with anyio.fail_after(PATIENCE):
            await self._asked.wait()

    def _count(self, certainty: str) -> None:
        self.found.append(certainty)
        self._more.set()

    async def until_repaired(self) -> None:
        with anyio.fail_after(PATIENCE):
            await self._repaired.wait()

    async def until_one_more(self) -> None:
        with anyio.fail_after(PATIENCE):
            await self._more.wait()
        self._more = anyio.Event()


@asynccontextmanager
async def lookups(database: Database, pull: Callable[[], Awaitable[None]]) -> AsyncIterator[Lookups]:
    looks = Lookups(database, pull)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(looks.of.run)
        yield looks
        tasks.cancel_scope.cancel()


async def nothing_new() -> None:
    pass


async def arrives(database: Database) -> None:
    await Intake(database=database, reader=Reader(country="DE"), now=lambda: 0.0).take_users(
        [user(6, phone="030 1234567")]
    )


async def test_whoever_was_created_a_moment_ago_is_found(database: Database) -> None:
    async with lookups(database, lambda: arrives(database)) as looks:
        looks.of.ring(recognised=[], unknown=[ERIKA])
        await looks.until_one_more()
        await looks.until_repaired()
    assert looks.found == ["certain"]
    assert looks.repaired == [6]


async def test_the_next_caller_does_not_wait_until_zammad_has_told_of_the_last_one(database: Database) -> None:
    await arrives(database)
    told = anyio.Event()
    async with lookups(database, told.wait) as looks:
        looks.of.ring(recognised=[], unknown=[NOBODY])
        await anyio.wait_all_tasks_blocked()
        looks.of.ring(recognised=[], unknown=[ERIKA])
        await looks.until_one_more()
        told.set()
        await looks.until_one_more()
    assert looks.found == ["certain", "unknown"]


class FailsOnce(Database):
    failed = False

    async def read(self, work: Callable[[Connection], T]) -> T:
        if not self.failed:
            self.failed = True
            raise StoreError
        return await super().read(work)


async def test_after_a_fault_of_the_database_the_next_caller_is_looked_up(database_url: str) -> None:
    with closing(FailsOnce(database_url)) as database:
        async with lookups(database, nothing_new) as looks:
            looks.of.ring(recognised=[], unknown=[NOBODY])
            await anyio.wait_all_tasks_blocked()
            looks.of.ring(recognised=[], unknown=[NOBODY])
            await looks.until_one_more()
    assert looks.found == ["unknown"]


async def test_whom_the_directory_knows_is_repaired_without_another_look(database: Database) -> None:
    async with lookups(database, nothing_new) as looks:
        looks.of.ring(unknown=[], recognised=[6, 6])
        await looks.until_repaired()
    assert (looks.found, looks.repaired) == ([], [6])


def answered(caller: str) -> HookRow:
    event = Answered(call_id="A", direction=Direction.IN, caller=caller, user_id="w0")
    return replace(hook(event), event="answer", caller=caller)


async def test_who_is_answered_is_not_looked_for_in_zammad_any_longer(database: Database) -> None:
    async with lookups(database, nothing_new) as looks:
        looks.of.ring(recognised=[], unknown=[SLOWLY])
        await looks.until_asked()
        looks.of.note(answered(NOBODY))
        looks.of.note(answered(SLOWLY))
        await looks.until_one_more()
    assert (looks.left, looks.found) == ([SLOWLY], ["unknown"])


async def test_who_is_answered_before_zammad_was_asked_is_not_looked_for(database: Database) -> None:
    pulling, pulled = anyio.Event(), anyio.Event()

    async def pull() -> None:
        pulling.set()
        await pulled.wait()

    async with lookups(database, pull) as looks:
        looks.of.ring(recognised=[], unknown=[SLOWLY])
        with anyio.fail_after(PATIENCE):
            await pulling.wait()
        looks.of.note(answered(SLOWLY))
        pulled.set()
        await looks.until_one_more()
    assert looks.found == ["unknown"]
