"""A synchronisation for tests, and a clock that only they set."""

from __future__ import annotations

from dataclasses import dataclass, field

from sidecar.store.database import Database
from sidecar.sync.records import Reader
from sidecar.sync.synchronisation import Synchronisation
from zammad_client import Zammad


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


def side_of(
    zammad: Zammad,
    database: Database,
    clock: Clock,
    *,
    holder: str = "test",
    page_size: int = 500,
    country: str = "DE",
    area_code: str = "",
    attributes: tuple[str, ...] = (),
    exempt_known: bool = True,
) -> Side:
    told: set[str] = set()
    sync = Synchronisation(
        zammad=zammad,
        database=database,
        reader=Reader(country=country, area_code=area_code, attributes=attributes),
        holder=holder,
        now=clock.now,
        sleep=clock.sleep,
        page_size=page_size,
        exempt_known=exempt_known,
        on_numbers_changed=lambda _connection, digits: told.update(digits),
    )
    return Side(sync=sync, clock=clock, told=told)
