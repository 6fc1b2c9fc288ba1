"""Hooks a second by the number of replicas on one PostgreSQL, and how soon all of them know of a change.

The replicas share all cores with the database, the generators and the simulated Zammad: on a machine with two cores
more of them mean more safety, not more hooks.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import anyio
import httpx

from bench.report import is_quick, report
from bench.rig.databases import new_database
from bench.rig.generator import Load, run_load
from bench.rig.hooks import write_hooks
from bench.rig.setting import Server, server, simulated_zammad
from sidecar.store.database import Database
from sidecar.sync.intake import Intake
from sidecar.sync.kept import kept_pass
from sidecar.sync.records import Reader
from zammad_client.records import User

COUNTS = (1, 2) if is_quick() else (1, 2, 4)
SECONDS = 4 if is_quick() else 15
CHANGES = 3 if is_quick() else 20
LONGEST = 60.0  # seconds, then something is broken
CALLER = "4940123456{:02}"
FIRST_BLOCKED = 1_000_000  # id of a customer


def main() -> None:
    rows: dict[str, Mapping[str, object]] = {}
    for count in COUNTS:
        for kind in ("waiting", "whole"):
            rows[f"{count} replicas, {kind}"] = measured(count, kind)
            print(count, kind, rows[f"{count} replicas, {kind}"], flush=True)
    report("replicas", rows)


def measured(count: int, kind: str) -> Mapping[str, object]:
    with TemporaryDirectory() as folder, new_database("PostgreSQL") as url, ExitStack() as stack:
        zammad = stack.enter_context(simulated_zammad())
        environ = {"SIDECAR_SYNC__SETTINGS_EVERY": "600", "SIDECAR_SYNC__PAUSE": "0"}
        found = [
            stack.enter_context(server(kind, zammad=zammad, database=url, environ=environ, pinned=False))
            for _ in range(count)
        ]
        until_all_is_read(url)
        delays = [news_travel(found, url, number) for number in range(CHANGES)]
        loads, cpu = loaded(found, Path(folder))
    requests = sum(load.requests for load in loads)
    return {
        "hooks/s": round(sum(load.rate for load in loads)),
        "p50 ms": round(median(load.p50 for load in loads), 1),
        "p99 ms": round(max(load.p99 for load in loads), 1),
        "CPU µs/hook": round(1e6 * cpu / requests),
        "change known everywhere, median ms": round(1000 * median(delays)),
        "longest ms": round(1000 * max(delays)),
        "not 200": sum(load.not_200 + load.errors for load in loads),
    }


def loaded(servers: Sequence[Server], folder: Path) -> tuple[list[Load], float]:
    """A generator for each, as a load balancer would spread the hooks."""
    files = [folder / f"hooks{number}" for number in range(len(servers))]
    for number, file in enumerate(files):
        write_hooks(file, 20_000, None, name=f"r{number}-")
    before = sum(each.cpu_seconds() for each in servers)
    with ThreadPoolExecutor() as threads:
        jobs = [
            threads.submit(run_load, each.hook_url, file, seconds=SECONDS, connections=64 // len(servers))
            for each, file in zip(servers, files, strict=True)
        ]
        loads = [job.result() for job in jobs]
    return loads, sum(each.cpu_seconds() for each in servers) - before


def until_all_is_read(url: str) -> None:
    """The first full pass makes the block list of its own."""
    deadline = time.monotonic() + LONGEST
    with closing(Database(url)) as database:
        while True:
            with database.reading() as connection:
                if kept_pass(connection).finished_at is not None:
                    return
            if time.monotonic() > deadline:
                raise TimeoutError("the first full pass")
            time.sleep(0.1)


def news_travel(servers: Sequence[Server], url: str, number: int) -> float:
    """Seconds from the commit of another blocked customer until every replica rejects calls of theirs."""
    caller = CALLER.format(number)
    blocked = User(
        id=FIRST_BLOCKED + number,
        login=f"blocked {number}",
        phone=f"+{caller}",
        updated_at=datetime.now(UTC),
        flags={"cti_blocked": True},
    )
    with closing(Database(url)) as database:
        anyio.run(Intake(database=database, reader=Reader(country="DE"), now=time.time).take_users, [blocked])
    began = time.perf_counter()
    hook = {"event": "newCall", "callId": f"news-{number}", "from": caller, "to": "4930600001", "direction": "in"}
    with httpx.Client(trust_env=False) as client:
        for each in servers:
            while "<Reject" not in client.post(each.hook_url, data=hook).text:
                if time.perf_counter() > began + LONGEST:
                    raise TimeoutError(f"{caller} is not blocked")
                time.sleep(0.002)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
