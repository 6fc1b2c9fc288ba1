"""On every Zammad that is simulated: an installation, whenever Zammad ends itself, and repairs that it refuses."""

from __future__ import annotations

import pytest

from sidecar.store.database import Database
from sidecar.store.people.refusals import count_refusals
from sidecar.sync.setting_up import Restart
from tests.machine import ALL
from tests.matrix import Note, note_in_matrix
from tests.sidecar.sync.following import Clock, side_of
from tests.sidecar.sync.mortal import MIGRATION, Mortal, Place, without_anything
from zammad_client import Zammad
from zammad_client.simulator import VERSIONS, Simulator
from zammad_client.simulator.server import running
from zammad_client.simulator.versions import Mandatory

ERIKA = 6


def requests_of_an_install(version: str) -> int:
    sim = without_anything(version)
    with running(sim) as url:
        mortal = Mortal(newer=sim.version.restarts)
        Place(sim=sim, url=url).install(mortal)
    return mortal.seen


def moments(version: str) -> list[tuple[int, bool]]:
    """The request it does not survive, and whether that is carried out; usually each version has its share."""
    last = requests_of_an_install(version) + 1
    every = [(dies_at, carries_out) for dies_at in range(1, last + 1) for carries_out in (False, True)]
    return every if ALL else every[list(VERSIONS).index(version) :: len(VERSIONS)]


@pytest.mark.parametrize("version", list(VERSIONS))
def test_whenever_zammad_ends_itself_an_install_ends_with_everything_there(version: str, record_property: Note) -> None:
    """At any request of it: before it is carried out, or after that with its answer lost."""
    wrong = []
    for dies_at, carries_out in moments(version):
        sim = without_anything(version)
        newer = sim.version.restarts
        with running(sim) as url:
            place = Place(sim=sim, url=url)
            mortal = Mortal(newer=newer, dies_at=dies_at, carries_out=carries_out, refuses=carries_out, pace=8.0)
            restart = place.install(mortal)
            wanted = {Restart.OVER} if newer else {Restart.BY_HAND, Restart.OVER}
            if restart not in wanted or not place.is_complete() or MIGRATION not in mortal.sent:
                wrong.append((dies_at, carries_out, restart))
    note_in_matrix(record_property, scene="installed, whenever it ends itself", version=version, ok=not wrong)
    assert wrong == []


@pytest.mark.anyio
@pytest.mark.parametrize("version", list(VERSIONS))
async def test_a_refused_repair_is_kept_until_the_field_is_optional(
    version: str, sqlite_url: str, record_property: Note
) -> None:
    clock = Clock()
    sim, database = Simulator(version=version, clock=clock.now), Database(sqlite_url)
    sim.add_mandatory_attribute("kdnr")
    refuses = sim.version.mandatory is not Mandatory.IGNORED
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        side = side_of(zammad, database, clock)
        await side.sync.poll_settings()
        await side.sync.full_pass()
        await side.sync.repair_at_once()
        kept = await database.read(count_refusals)
        sim.make_optional("kdnr")
        for _ in range(3):
            clock.seconds += 60.0
            await side.sync.poll_changes()
            await side.sync.repair_slowly()
        left = await database.read(count_refusals)
        await zammad.aclose()
    database.close()
    written = sim.user(ERIKA)["cti_numbers"]
    ok = (bool(kept), left, bool(written)) == (refuses, 0, True)
    note_in_matrix(record_property, scene="refused repairs kept, and made after the cure", version=version, ok=ok)
    assert (bool(kept), left, bool(written)) == (refuses, 0, True)
