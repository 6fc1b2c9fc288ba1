"""Numbers are given one after the other, also on several replicas, and a dead one is not waited for forever."""

from __future__ import annotations

import anyio
import pytest

from sidecar.store.database import Database
from sidecar.store.replicas.leases import take_lease
from sidecar.tickets.customers import LEASE, LONGEST, Customers
from tests.sidecar.store.calls.saved_calls import NOON
from zammad_client import Zammad

pytestmark = pytest.mark.anyio


def customers(database: Database, *, patience: float = 30.0, now: float = NOON) -> Customers:
    async def learn(_users: object) -> None:
        return None

    zammad = Zammad(url="http://zammad.invalid", token="t")
    return Customers(zammad=zammad, database=database, country="DE", learn=learn, clock=lambda: now, patience=patience)


async def test_replicas_take_turns(database: Database, other_database: Database) -> None:
    inside, seen = 0, []

    async def give(replica: Customers) -> None:
        nonlocal inside
        async with replica.turn():
            inside += 1
            await anyio.lowlevel.checkpoint()
            seen.append(inside)
            inside -= 1

    async with anyio.create_task_group() as tasks:
        for each in (database, other_database, database):
            tasks.start_soon(give, customers(each))
    assert seen == [1, 1, 1]


async def test_who_waits_too_long_is_let_go(database: Database) -> None:
    await database.write(lambda connection: take_lease(connection, LEASE, "another", NOON, LONGEST))
    with pytest.raises(TimeoutError):
        async with customers(database, patience=0.05).turn():
            pytest.fail("it is another's turn")


async def test_a_replica_that_died_in_its_turn_holds_nobody_up(database: Database) -> None:
    await database.write(lambda connection: take_lease(connection, LEASE, "a dead one", NOON, LONGEST))
    async with customers(database, now=NOON + LONGEST + 1).turn():
        pass
