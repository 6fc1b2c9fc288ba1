"""A simulated Zammad on a port, and the synchronisation with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from sidecar.store.database import Database
from tests.sidecar.sync.following import Clock, Side, side_of
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Simulator:
    return Simulator(clock=clock.now)


@pytest.fixture
def zammad_url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


@pytest.fixture
async def zammad(sim: Simulator, zammad_url: str) -> AsyncIterator[Zammad]:
    zammad = Zammad(url=zammad_url, token=sim.tokens.service)
    yield zammad
    await zammad.aclose()


@pytest.fixture
def side(zammad: Zammad, database: Database, clock: Clock) -> Side:
    return side_of(zammad, database, clock)
