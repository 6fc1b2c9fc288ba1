"""How long a look-up takes in a directory of 500,000 numbers, and what loading it costs.

python -m bench.lookups [DATABASE_URL]
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

import anyio

from bench.report import percentiles, report
from sidecar.directory import Directory
from sidecar.store.database import Database
from sidecar.store.migrations import upgrade
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from zammad_client.records import Organization, User

PEOPLE = 250_000  # two numbers each
ORGANIZATIONS = 5_000
PAGE = 500
LOOKUPS = 10_000
CHANGED = datetime(2026, 1, 1, tzinfo=UTC)


def pages_of_users() -> Iterator[list[User]]:
    for start in range(0, PEOPLE, PAGE):
        yield [
            User(
                id=number + 1,
                login=f"customer {number}",
                lastname=f"Customer {number}",
                phone=f"030/{20_000_000 + number}",
                mobile=f"0171 {3_000_000 + number}",
                organization_id=number % ORGANIZATIONS + 1,
                updated_at=CHANGED,
            )
            for number in range(start, start + PAGE)
        ]


def organizations() -> list[Organization]:
    return [
        Organization(
            id=number + 1,
            name=f"Company {number}",
            updated_at=CHANGED,
            texts={"cti_main_numbers": f"+49 221 {10_000 + number}*"},
        )
        for number in range(ORGANIZATIONS)
    ]


async def load(database: Database) -> float:
    intake = Intake(database=database, reader=Reader(country="DE"), now=time.time)
    began = time.perf_counter()
    await intake.take_organizations(organizations())
    for users in pages_of_users():
        await intake.take_users(users)
    return time.perf_counter() - began


def a_number(chance: random.Random) -> str:
    match chance.randrange(4):
        case 0:
            return f"4930{20_000_000 + chance.randrange(PEOPLE)}"
        case 1:
            return f"49171{3_000_000 + chance.randrange(PEOPLE)}"
        case 2:
            return f"49221{10_000 + chance.randrange(ORGANIZATIONS)}{chance.randrange(100)}"
        case _:
            return f"4940{chance.randrange(10**7)}"


async def measure(database: Database) -> list[float]:
    """Seconds of each look-up."""
    directory, chance, times = Directory(database=database), random.Random(1), []
    for _ in range(LOOKUPS):
        digits = a_number(chance)
        began = time.perf_counter()
        await directory.who_calls(digits)
        times.append(time.perf_counter() - began)
    return times


def main(url: str = "") -> None:
    """In a database that is thrown away, or in an empty one of yours."""
    with TemporaryDirectory() as folder:
        report("lookups", {"500,000 numbers": anyio.run(loaded_and_measured, url or f"sqlite:///{folder}/bench.db")})


async def loaded_and_measured(url: str) -> dict[str, float]:
    database = Database(url)
    upgrade(database)
    loading = await load(database)
    times = percentiles(await measure(database), digits=2)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    database.close()
    return {**times, "load_s": round(loading, 1), "memory_mb": round(memory)}


if __name__ == "__main__":
    main(*sys.argv[1:2])
