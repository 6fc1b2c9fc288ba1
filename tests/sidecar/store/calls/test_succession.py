"""What becomes of the claims of dead replicas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from sidecar.calls.conversation.caller_log import OpenRow
from sidecar.store.calls import outbox
from sidecar.store.calls.succession import MISSING, Succession
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from tests.sidecar.store.replicas.living import living

pytestmark = pytest.mark.anyio
NOW = 1_000_000.0
ROW = OpenRow(call_id="c-1", direction="in", caller="49301234567", callee="4930600001")


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    with closing(Database(postgres_url)) as database:
        yield database


def put_parcel(connection: Connection) -> None:
    empty = {"direction": "in", "internal": False, "test": False, "state": "ringing", "caller": "", "callee": ""}
    times = {"line": "", "started_at": NOW, "story": [], "told": {}, "changed_at": NOW}
    connection.execute(conversations.insert().values(id=1, **empty, **times))
    outbox.put(connection, [(1, ROW)], now=NOW)


async def claimed(database: Database, replica: int | None, now: float = NOW) -> int:
    found = await database.write(
        lambda connection: outbox.claim(connection, now=now, lease=60.0, limit=5, replica=replica)
    )
    return len(found)


async def test_claims_of_the_dead_are_free_after_a_while_and_marked_as_uncertain(postgres: Database) -> None:
    await postgres.write(put_parcel)
    time = NOW
    succession = Succession(database=postgres, replica=2, clock=lambda: time)
    async with living(postgres, 2):
        async with living(postgres, 1):
            await succession.look()
            assert await claimed(postgres, 1) == 1
            time += MISSING
            await succession.look()
            assert await claimed(postgres, 2, time) == 0, "it lives"
        await succession.look()
        assert await claimed(postgres, 2, time) == 0, "its connection may only have broken"
        time += MISSING
        await succession.look()
        (parcel,) = await postgres.write(lambda c: outbox.claim(c, now=time, lease=60.0, limit=5, replica=2))
    assert parcel.uncertain


async def test_a_replica_that_cannot_see_itself_declares_nobody_dead(postgres: Database) -> None:
    await postgres.write(put_parcel)
    time = NOW
    succession = Succession(database=postgres, replica=2, clock=lambda: time)
    assert await claimed(postgres, 1) == 1
    for _ in range(3):
        await succession.look()
        time += MISSING
    assert not succession.lives
    assert await claimed(postgres, 2, time) == 0


async def test_a_claim_without_a_replica_lasts_until_its_lease_ends(postgres: Database) -> None:
    await postgres.write(put_parcel)
    time = NOW
    succession = Succession(database=postgres, replica=2, clock=lambda: time)
    assert await claimed(postgres, None) == 1
    async with living(postgres, 2):
        for _ in range(3):
            await succession.look()
            time += MISSING
        assert await claimed(postgres, 2, time) == 0
        assert await claimed(postgres, 2, NOW + 61.0) == 1


async def test_alone_on_sqlite_nobody_is_looked_for(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        succession = Succession(database=database, replica=1, clock=lambda: NOW)
        await succession.look()
        assert not succession.lives
