"""How long a phone waits at a fixed rate of hooks. Wanted: p99 under 10 ms at 200 a second.

With the follow-up waiting the time is that of HTTP and disk alone; with everything running, 67 calls a second are
folded meanwhile, and Zammad is told of 50 things a second.

Times count from the moment a hook was due, so that a stall is seen by all the hooks it holds up.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio

from bench.report import is_quick, report
from bench.rig.clients import Numbers, fixed_rate
from bench.rig.cores import leave_the_first_core
from bench.rig.databases import KINDS, new_database
from bench.rig.hooks import write_hooks
from bench.rig.setting import server, simulated_zammad

RATES = (200, 1000)
SCENES = {"waiting": "follow-up waiting", "whole": "everything running"}
SECONDS = 5 if is_quick() else 30
WARM_UP = 2


def main() -> None:
    leave_the_first_core()
    rows: dict[str, Mapping[str, object]] = {}
    with TemporaryDirectory() as folder:
        for kind in KINDS:
            for rate, running in product(RATES, SCENES):
                label = f"{kind}, {rate}/s, {SCENES[running]}"
                rows[label] = measured(kind, running, rate, Path(folder) / f"{kind}{rate}{running}")
                print(label, rows[label], flush=True)
    report("hook_latency", rows)


def measured(kind: str, running: str, rate: int, file: Path) -> Mapping[str, object]:
    write_hooks(file, rate * SECONDS // 3 + 1, None)
    warm = file.with_suffix(".warm")
    write_hooks(warm, 300, None, name="w")
    with (
        new_database(kind) as url,
        simulated_zammad(yields=True) as zammad,
        server(running, zammad=zammad, database=url) as found,
    ):
        anyio.run(fixed_rate, found.hook_url, warm, WARM_UP, 100)
        before = found.cpu_seconds()
        numbers = anyio.run(fixed_rate, found.hook_url, file, SECONDS, rate)
        return told(numbers, found.cpu_seconds() - before)


def told(numbers: Numbers, cpu: float) -> Mapping[str, object]:
    return {
        "hooks/s": round(numbers["requests"] / numbers["seconds"]),
        "p50 ms": round(numbers["p50"], 1),
        "p99 ms": round(numbers["p99"], 1),
        "p99.9 ms": round(numbers["p99_9"], 1),
        "longest ms": round(numbers["longest"], 1),
        "server busy": f"{cpu / numbers['seconds']:.0%}",
        "generator busy": f"{numbers['busy']:.0%}",
        "not 200": numbers["not_200"] + numbers["errors"],
    }


if __name__ == "__main__":
    main()
