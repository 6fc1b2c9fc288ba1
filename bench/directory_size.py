"""A large directory: look-ups, start to the first right look-up and the first block by record, memory.

500,000 numbers of 250,000 people, the first 10,000 of them blocked. Wanted: under 3 s from
the start of the process, under 250 MB.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import anyio
import httpx
from sqlalchemy import select

from bench.lookups import CHANGED, PAGE, measure, pages_of_users
from bench.lookups import load as fill
from bench.report import is_quick, percentiles, report
from bench.rig.cores import forget_the_peak, memory_mb
from bench.rig.databases import KINDS, new_database
from bench.rig.setting import Server, server, simulated_zammad
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database
from sidecar.sync.intake import Intake
from sidecar.sync.kept import PassState, keep_pass, keep_reading
from sidecar.sync.records import Reader

BLOCKED_PEOPLE = 500 if is_quick() else 10_000
FIRST_BLOCKED = 3_000_000
SOMEBODY = 100  # among them; the first ids belong to the simulated Zammad's own people
KNOWN = "493020200000"


def main() -> None:
    rows: dict[str, Mapping[str, object]] = {}
    for kind in KINDS[:1] if is_quick() else KINDS:
        with new_database(kind) as url:
            rows[kind] = measured(url)
    report("directory_size", rows)


def measured(url: str) -> Mapping[str, object]:
    with closing(Database(url)) as database:
        loading = anyio.run(fill, database)
        block(database, BLOCKED_PEOPLE)
        count_as_complete(database)
        lookups = percentiles(anyio.run(measure, database))
        with simulated_zammad(users=0) as zammad:
            remember_rules(zammad, url)
            return {
                "loaded in s": round(loading),
                "look-up p50 ms": lookups["p50_ms"],
                "p99 ms": lookups["p99_ms"],
                **started(zammad, url, database),
            }


def count_as_complete(database: Database) -> None:
    """The simulated Zammad has none of these people: a full pass would take them for gone."""
    with database.writing() as connection:
        keep_pass(connection, PassState(finished_at=time.time()), time.time())
        keep_reading(connection, Reader(country="DE").read_as, time.time())


def remember_rules(zammad: str, url: str) -> None:
    """A first start reads the rules; the one that is measured finds them in the database."""
    with server("whole", zammad=zammad, database=url):
        pass


def started(zammad: str, url: str, database: Database) -> Mapping[str, object]:
    block(database, BLOCKED_PEOPLE)
    began = time.perf_counter()
    with server("whole", zammad=zammad, database=url, pinned=False) as found:
        ready = time.perf_counter() - began
        rejected = until_rejected(found, f"49171{FIRST_BLOCKED + SOMEBODY}") - began
        identified = until_identified(found, database) - began
        steady = memory_mb(found.pid)
        forget_the_peak(found.pid)
        block(database, BLOCKED_PEOPLE + 1)
        until_rejected(found, f"49171{FIRST_BLOCKED + BLOCKED_PEOPLE}")
        peak = memory_mb(found.pid, "VmHWM")
    return {
        "start to ready s": round(ready, 2),
        "to first block s": round(rejected, 2),
        "to first look-up s": round(identified, 2),
        "steady MB": round(steady),
        "peak in a swap MB": round(peak),
    }


def block(database: Database, count: int) -> None:
    """The first people were marked as blocked in Zammad, and the synchronisation has heard of it."""
    marked = [
        replace(user, flags={"cti_blocked": True}, updated_at=CHANGED + timedelta(days=1))
        for users in islice(pages_of_users(), count // PAGE + 1)
        for user in users
    ]
    anyio.run(Intake(database=database, reader=Reader(country="DE"), now=time.time).take_users, marked[:count])


def until_rejected(found: Server, caller: str) -> float:
    with httpx.Client(trust_env=False) as client:
        for hook in hooks_from(caller):
            if "<Reject" in client.post(found.hook_url, data=hook).text:
                return time.perf_counter()
            time.sleep(0.01)
    raise TimeoutError(caller)


def until_identified(found: Server, database: Database) -> float:
    with httpx.Client(trust_env=False) as client:
        client.post(found.hook_url, data=next(hooks_from(KNOWN)))
    for _ in range(2_000):
        with database.reading() as connection:
            query = select(conversations.c.identified_as).where(conversations.c.number == KNOWN)
            if any(connection.execute(query).scalars()):
                return time.perf_counter()
        time.sleep(0.01)
    raise TimeoutError(KNOWN)


def hooks_from(caller: str) -> Iterator[dict[str, str]]:
    for number in range(2_000):
        yield {"event": "newCall", "callId": f"{caller}-{number}", "from": caller, "to": "4930600001"}


if __name__ == "__main__":
    main()
