"""Who may do what: what the synchronisation knows already is not asked of Zammad again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sidecar.store.database import Database
from sidecar.sync.kept import keep_agents
from sidecar.web.access.permissions import ADMIN, AGENT
from sidecar.web.access.rights import Rights
from tests.sidecar.calls.rules.rule_settings import agent
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
NOON = 1_795_376_000.0
JANE, MAX = 4, 5


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
async def zammad(sim: Simulator) -> AsyncIterator[Zammad]:
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        yield zammad
        await zammad.aclose()


def rights_of(zammad: Zammad, database: Database) -> Rights:
    return Rights(zammad=zammad, database=database, clock=lambda: NOON)


def know_agents(database: Database, *ids: int) -> None:
    with database.writing() as connection:
        keep_agents(connection, [agent(number, f"agent-{number}") for number in ids], NOON)


async def test_agents_are_those_the_synchronisation_has_read(
    sim: Simulator, zammad: Zammad, database: Database
) -> None:
    know_agents(database, JANE)
    rights = rights_of(zammad, database)
    assert await rights.refresh()
    assert {seen.params["permissions[]"] for seen in sim.requests} == {ADMIN}
    assert AGENT in rights.permissions_of(JANE)
    assert rights.permissions_of(MAX) == frozenset()


async def test_before_the_synchronisation_has_read_any_zammad_is_asked(
    sim: Simulator, zammad: Zammad, database: Database
) -> None:
    rights = rights_of(zammad, database)
    assert await rights.refresh()
    assert {seen.params["permissions[]"] for seen in sim.requests} == {ADMIN, AGENT}
    assert AGENT in rights.permissions_of(MAX)


async def test_who_is_no_agent_any_more_is_none_as_soon_as_the_synchronisation_knows(
    zammad: Zammad, database: Database
) -> None:
    rights = rights_of(zammad, database)
    await rights.refresh()
    know_agents(database, JANE)
    await rights.load()
    assert AGENT in rights.permissions_of(JANE)
    assert AGENT not in rights.permissions_of(MAX)


async def test_what_was_known_holds_while_zammad_is_away(sim: Simulator, zammad: Zammad, database: Database) -> None:
    await rights_of(zammad, database).refresh()
    sim.faults.refuse()
    rights = rights_of(zammad, database)
    await rights.load()
    assert not await rights.refresh()
    assert AGENT in rights.permissions_of(JANE)
