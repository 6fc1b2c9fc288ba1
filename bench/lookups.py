"""How long a look-up takes in a directory of 500,000 numbers, and what loading it costs.

python bench/lookups.py [DATABASE_URL]
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

import anyio

from sidecar.directory import Directory
from sidecar.store.database import Database
from sidecar.store.migrations import upgrade
from sidecar.sync.intake import Intake
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
    intake = Intake(database=database, country="DE", now=time.time)
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
    directory, chance, times = Directory(database=database), random.Random(1), []
    for _ in range(LOOKUPS):
        digits = a_number(chance)
        began = time.perf_counter()
        await directory.who_calls(digits)
        times.append(1000 * (time.perf_counter() - began))
    return times


async def main(url: str) -> None:
    database = Database(url)
    upgrade(database)
    print(f"loaded {2 * PEOPLE:,} numbers in {await load(database):.0f} s")
    times = statistics.quantiles(await measure(database), n=100)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"look-up: p50 {times[49]:.2f} ms, p99 {times[98]:.2f} ms; memory of the process at most {memory:.0f} MB")
    database.close()


if __name__ == "__main__":
    with TemporaryDirectory() as directory:
        anyio.run(main, sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{directory}/bench.db")
