"""What it costs to make conversations and work for Zammad of hooks: CPU time of the fold by its part and batch size."""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import islice
from tempfile import mkdtemp

import anyio

from bench.report import is_quick, report
from bench.rig.databases import KINDS, new_database
from bench.rig.hooks import bodies
from bench.rig.journal_rows import row_of
from bench.rig.setting import simulated_zammad
from sidecar.app import Sidecar
from sidecar.config import load
from sidecar.follow_up.sheets import work_out, write_down
from sidecar.store.database import serialised
from sidecar.store.journal.rows import HookRow

BATCHES = (3, 30, 500)
HOOKS = 1_500 if is_quick() else 6_000


def main() -> None:
    rows: dict[str, Mapping[str, object]] = {}
    with simulated_zammad(users=1000) as zammad:
        for kind in KINDS:
            with new_database(kind) as url:
                for batch in BATCHES:
                    rows[f"{kind}, {batch} hooks at once"] = anyio.run(measured, zammad, url, batch)
    report("fold_cost", rows)


async def measured(zammad: str, url: str, batch: int) -> Mapping[str, object]:
    sidecar = Sidecar(
        load(
            None,
            {
                "SIDECAR_ZAMMAD__URL": zammad,
                "SIDECAR_ZAMMAD__TOKEN": "simulated-service-token",
                "SIDECAR_DATABASE__URL": url,
                **({"SIDECAR_DATABASE__JOURNAL": f"{mkdtemp()}/journal.db"} if url.startswith("postgresql") else {}),
                "SIDECAR_SYNC__PAUSE": "0",
            },
        )
    )
    await sidecar._sync.poll_settings()  # noqa: SLF001 - the service itself does it when it runs
    await sidecar._sync.full_pass()  # noqa: SLF001
    costs = fold_all(sidecar, batch)
    await sidecar.zammad.aclose()
    sidecar.database.close()
    return costs


def fold_all(sidecar: Sidecar, batch: int) -> Mapping[str, object]:
    """Microseconds of CPU for one hook, after a first round that fills caches."""
    spent = {"append": 0.0, "work out": 0.0, "write down": 0.0}
    source, left, warm = bodies(HOOKS, name=f"f{batch}-"), HOOKS if batch > min(BATCHES) else HOOKS // 10, False
    total = left
    while left > 0:
        some = [row_of(body, received_at=time.time()) for body in islice(source, batch)]
        left -= len(some) if warm else 0
        costs = fold_once(sidecar, some)
        for name, cost in costs.items():
            spent[name] += cost if warm else 0.0
        warm = True
    parts = {f"{name} µs/hook": round(1e6 * cost / total) for name, cost in spent.items()}
    return {**parts, "fold µs/hook": round(1e6 * (spent["work out"] + spent["write down"]) / total)}


def fold_once(sidecar: Sidecar, rows: list[HookRow]) -> dict[str, float]:
    office, now, database = sidecar._office(), time.time(), sidecar.database  # noqa: SLF001 - as it is wired there
    began = time.process_time()
    sidecar._hooks.keep(rows)  # noqa: SLF001 - as above
    appended = time.process_time()
    with database.reading() as connection:
        pile = work_out(connection, office, now=now)
    worked_out = time.process_time()
    with database.writing() as connection:
        serialised(connection, "fold")
        write_down(connection, pile, office, now=now)
    done = time.process_time()
    return {"append": appended - began, "work out": worked_out - appended, "write down": done - worked_out}


if __name__ == "__main__":
    main()
