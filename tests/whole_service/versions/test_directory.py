"""On every Zammad that is simulated: everybody becomes known, changes follow, and recognition is repaired."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select

from sidecar.store.database import Connection, Database
from sidecar.store.people.tables import people
from tests.matrix import Note, note_in_matrix
from tests.sidecar.calls.numbers.written_forms import written_forms
from tests.sidecar.sync.following import Clock, side_of
from zammad_client import Zammad
from zammad_client.simulator import VERSIONS, Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
GERMAN = [(written, meant) for country, written, meant in written_forms() if country == "DE"]


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(people)).scalar_one()


@pytest.mark.parametrize("version", list(VERSIONS))
async def test_sync_and_repair_on_every_version(version: str, sqlite_url: str, record_property: Note) -> None:
    clock, chance = Clock(), random.Random(version)
    sim, database = Simulator(version=version, clock=clock.now), Database(sqlite_url)
    sim.add_customers(600)
    written = {
        sim.add_user(f"Person {n}", phone=form)["id"]: form for n, (form, _) in enumerate(chance.sample(GERMAN, 25))
    }
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        side = side_of(zammad, database, clock)
        await side.sync.poll_settings()
        await side.sync.full_pass()
        everybody = await database.read(_count) == len(sim.people)
        await side.sync.repair_at_once()
        clock.seconds += 60.0
        sim.change_user(next(iter(written)), mobile="0171/9999999")
        await side.sync.poll_changes()
        await side.sync.repair_at_once()
        again = await side.sync.repair_at_once()
        await zammad.aclose()
    database.close()
    changed = sim.user(next(iter(written)))["cti_numbers"]
    ok = everybody and "+491719999999" in changed and again.written == 0
    note_in_matrix(record_property, scene="everybody read, changes followed, numbers repaired", version=version, ok=ok)
    assert (everybody, "+491719999999" in changed, again.written) == (True, True, 0)
    assert not sim.not_simulated
