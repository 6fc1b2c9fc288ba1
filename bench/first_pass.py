"""How long until everybody of a large Zammad is known, and what dialogs cost meanwhile.

python -m bench.first_pass [USERS]

A simulated Zammad whose users cost 20 ms each when they are read for the first time, and one like it that nobody reads
from and that is told of calls directly; a call every ten seconds. Wanted: everybody known in 2.5 times the work that
the pages are to Zammad; a median of 100 ms more than directly for dialogs.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import closing
from functools import partial

import anyio
import httpx

from bench.answer_latency import Answer, one_call
from bench.report import is_quick, percentiles, report
from bench.rig.databases import new_database
from bench.rig.few_workers import Witnessed, Zammads, two_zammads
from bench.rig.setting import Server, server
from sidecar.store.database import Database
from sidecar.store.people.people import count_people
from zammad_client.simulator.costs import COLD

USERS = 400 if is_quick() else 2000
EVERY = 10.0  # seconds from call to call


def main(users: str = "") -> None:
    count = int(users or USERS)
    with new_database("SQLite") as url, two_zammads(users=count) as zammads, closing(Database(url)) as database:
        with server("whole", zammad=zammads.behind, database=url, pinned=False) as sidecar:
            seconds, answers = anyio.run(passed, sidecar, zammads, database, count)
        bare, behind = zammads.witnessed()
    rows: dict[str, Mapping[str, object]] = {f"{count} users": known(seconds, count, behind)}
    report("first_pass", rows)
    if len(answers) > 1:
        report("first_pass_dialogs", dialogs(answers, bare, behind))


async def passed(sidecar: Server, zammads: Zammads, database: Database, count: int) -> tuple[float, list[Answer]]:
    """Seconds until everybody was known, and the calls meanwhile."""
    began, answers = time.monotonic(), list[Answer]()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(calls, sidecar, zammads, answers)
        while await database.read(count_people) < count:  # noqa: ASYNC110 - another process writes
            await anyio.sleep(0.1)
        seconds = time.monotonic() - began
        tasks.cancel_scope.cancel()
    return seconds, answers


async def calls(sidecar: Server, zammads: Zammads, answers: list[Answer]) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
        while True:
            await anyio.sleep(EVERY)
            ring = partial(one_call, client, sidecar, zammads, f"call-{len(answers)}", ringing=0.5)
            with anyio.CancelScope(shield=True):
                answers.append(await ring())


def known(seconds: float, count: int, zammad: Witnessed) -> dict[str, object]:
    needed = COLD * count
    return {
        "everybody known s": round(seconds, 1),
        "Zammad needs s": round(needed, 1),
        "times": round(seconds / needed, 2),
        "work of all pages s": round(zammad.pages, 1),
    }


def dialogs(answers: list[Answer], bare: Witnessed, behind: Witnessed) -> dict[str, Mapping[str, object]]:
    directly = [bare.opened[each.call_id] - each.bare for each in answers]
    through = [behind.opened[each.call_id] - each.behind for each in answers]
    more = [late - early for late, early in zip(through, directly, strict=True)]
    return {
        "told directly, nobody reads": percentiles(directly),
        "sidecar, during the pass": percentiles(through),
        "more than directly, call by call": percentiles(more),
    }


if __name__ == "__main__":
    main(*sys.argv[1:2])
