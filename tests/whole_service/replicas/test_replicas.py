"""Several replicas on one PostgreSQL, one killed every few seconds: nothing lost, nothing doubled, nothing disordered.

SIDECAR_TEST_SOAK=1 makes it four replicas, more calls and more kills.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import anyio
import httpx
import pytest
from sqlalchemy import select

from sidecar.store.calls.conversations import next_waking
from sidecar.store.calls.outbox import backlog
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import waiting_hooks
from sidecar.store.journal.tables import hooks
from sidecar.store.replicas.tables import leases
from tests.process import ServedProcess
from tests.service import prepared
from tests.waiting import until
from tests.whole_service.replicas.fleet import Fleet, fleet_of
from tests.whole_service.replicas.telephone import STEPS, Telephone
from tests.whole_service.replicas.witness import Witness
from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

SOAK = bool(os.environ.get("SIDECAR_TEST_SOAK"))
SIZES = [2, 4] if SOAK else [2]
KILLS = 12 if SOAK else 2
LINES = 12 if SOAK else 6
BETWEEN_KILLS = 3.0 if SOAK else 1.0  # seconds
SOON = 14.0  # seconds: sooner than the lease of a replica that has died ends


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What replicas share: the simulated Zammad and the database."""

    sim: Simulator
    witness: Witness
    zammad_url: str
    database_url: str
    folder: Path

    def fleet(self, count: int) -> AbstractContextManager[Fleet]:
        return fleet_of(
            count, zammad_url=self.zammad_url, database_url=self.database_url, sim=self.sim, folder=self.folder
        )


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def witness(sim: Simulator) -> Witness:
    return Witness(create_app(sim))


@pytest.fixture
def house(sim: Simulator, witness: Witness, postgres_url: str, tmp_path: Path) -> Iterator[House]:
    with running(sim, app=witness) as url:
        yield House(sim=sim, witness=witness, zammad_url=url, database_url=postgres_url, folder=tmp_path)


async def killed_again_and_again(fleet: Fleet, chance: random.Random) -> None:
    for _ in range(KILLS):
        victim = chance.choice(fleet.replicas)
        victim.kill()
        await anyio.sleep(0.3)
        await anyio.to_thread.run_sync(victim.start)
        await anyio.sleep(BETWEEN_KILLS)


def is_all_delivered(connection: Connection) -> bool:
    return not (waiting_hooks(connection, 1) or next_waking(connection) or backlog(connection).pending)


def marks_in_journal(database: Database) -> Counter[str]:
    with database.reading() as connection:
        bodies = connection.execute(select(hooks.c.body)).scalars().all()
    return Counter(parse_qs(body.decode())["mark"][0] for body in bodies)


@pytest.mark.parametrize("size", SIZES)
async def test_replicas_killed_under_load_lose_double_and_disorder_nothing(house: House, size: int) -> None:
    chance = random.Random(size)
    with (
        house.fleet(size) as fleet,
        closing(Database(house.database_url)) as database,
    ):
        telephone = Telephone(fleet=fleet, chance=chance)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(telephone.ring_on_and_on, LINES)
            await killed_again_and_again(fleet, chance)
            telephone.hanging_up = True
        await until(lambda: database.read(is_all_delivered), patience=900.0 if SOAK else 180.0)
        kept = marks_in_journal(database)
    assert telephone.statuses.keys() == {200}
    assert telephone.answered <= kept.keys(), "every hook that was answered is in the journal"
    assert set(kept.values()) == {1}
    assert_told_once_each(house.sim, telephone)
    for call_id, events in house.witness.events.items():
        assert [step for step in STEPS if step in events] == list(dict.fromkeys(events)), (call_id, events)
    assert house.witness.most_looks_at_once == 1, "one replica at a time reads the settings"


def assert_told_once_each(sim: Simulator, telephone: Telephone) -> None:
    rows = Counter(row["call_id"] for row in sim.call_log)
    dialogs = Counter(opened.call_id for opened in sim.opened)
    assert rows == Counter(telephone.calls), "one row for each call"
    assert {row["state"] for row in sim.call_log} == {"hangup"}
    assert set(dialogs.values()) <= {1}, "no second dialog"


async def test_a_rule_changed_in_zammad_is_in_force_everywhere_soon_also_when_a_replica_is_stopped(
    house: House,
) -> None:
    """A stopped one hands its jobs over; a killed one keeps them until its leases have expired."""
    with house.fleet(2) as fleet, closing(Database(house.database_url)) as database:
        block(house.sim, "4940*")
        async with httpx.AsyncClient(trust_env=False) as client:
            await until_blocked(client, fleet, fleet.replicas[0], "494012345")
            await until_blocked(client, fleet, fleet.replicas[1], "494012345")
            busy = await database.read(who_reads_the_settings)
            reader, other = sorted(fleet.replicas, key=lambda replica: replica.pid != busy)
            assert await anyio.to_thread.run_sync(reader.stop) == 0
            block(house.sim, "4941*")
            await until_blocked(client, fleet, other, "494112345")
            assert await database.read(who_reads_the_settings) == other.pid


def block(sim: Simulator, pattern: str) -> None:
    rows = [{"caller_id": pattern, "note": "nobody there"}]
    sim.settings["sipgate_config"] = {**sim.settings["sipgate_config"], "inbound": {"block_caller_ids": rows}}


def who_reads_the_settings(connection: Connection) -> int:
    """The process."""
    holder = connection.execute(select(leases.c.holder).where(leases.c.name == "settings")).scalar_one()
    return int(holder.split()[1])


async def until_blocked(client: httpx.AsyncClient, fleet: Fleet, replica: ServedProcess, caller: str) -> None:
    hook = {"event": "newCall", "callId": "c-1", "from": caller, "to": "4930600001", "direction": "in"}

    async def is_blocked() -> bool:
        return "<Reject" in (await client.post(fleet.hook_url(replica), data=hook)).text

    await until(is_blocked, patience=SOON)
