"""What is kept of sipgate's users, on either database."""

from __future__ import annotations

import json

import pytest

from sidecar.sipgate.people import KEPT, keep_people, kept_people, read_people
from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import load_snapshot, save_snapshot
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate, seeds
from tests.sipgate_client.accounts import asked

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("kind", "lines"), [(Kind.CLASSIC, ("Nina",)), (Kind.NEO, ("Support",))])
async def test_people_come_back_as_they_were_kept(database: Database, kind: Kind, lines: tuple[str, ...]) -> None:
    async with asked(SimulatedSipgate(kind)) as sipgate:
        people = await read_people(sipgate)
    assert people.persons[0].lines == lines
    assert [phone.id for phone in people.phones["w0"]] == ["e0", "y0"]
    assert people.owner_of("e1") == people.persons[1]
    assert people.owner_of("p1") == (people.persons[1] if kind is Kind.CLASSIC else None)
    with database.writing() as connection:
        keep_people(connection, people, 1000.0)
        assert kept_people(connection) == (people, 1000.0)
        snapshot = load_snapshot(connection, KEPT)
    assert snapshot is not None
    assert seeds.PASSWORD not in json.dumps(snapshot.value)


async def test_what_is_not_shown_is_left_out(database: Database) -> None:
    sim = SimulatedSipgate()
    sim.scopes = frozenset({"users:read", "groups:read"})
    async with asked(sim) as sipgate:
        people = await read_people(sipgate)
    assert [person.lines for person in people.persons] == [(), ()]
    assert people.owner_of("e0") is None
    assert database.dialect


def test_what_another_release_has_kept_counts_as_never_read(database: Database) -> None:
    with database.writing() as connection:
        save_snapshot(connection, KEPT, {"kind": "hybrid"}, 1.0)
        assert kept_people(connection) is None
