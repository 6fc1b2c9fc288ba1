"""A simulated Zammad on a port, and the synchronisation with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest

from sidecar.store.database import Database
from sidecar.sync.synchronisation import Synchronisation
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running


@dataclass
class Clock:
    """Seconds pass only when somebody sleeps or the test says so."""

    seconds: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class Side:
    """The synchronisation under test and what it has told."""

    sync: Synchronisation
    clock: Clock
    told: set[str] = field(default_factory=set)


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


def side_of(
    zammad: Zammad,
    database: Database,
    clock: Clock,
    *,
    holder: str = "test",
    page_size: int = 500,
    country: str = "DE",
) -> Side:
    told: set[str] = set()
    sync = Synchronisation(
        zammad=zammad,
        database=database,
        country=country,
        holder=holder,
        now=clock.now,
        sleep=clock.sleep,
        page_size=page_size,
        on_numbers_changed=lambda _connection, digits: told.update(digits),
    )
    return Side(sync=sync, clock=clock, told=told)
