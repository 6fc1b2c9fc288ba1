"""How many hooks a second one core takes, durably, and what share of the bare framework's rate that is.

The server has a core of its own; database server, simulated Zammad and generator share the others. Wanted on a quiet
machine: 5,000/s with follow-up work waiting, 2,500/s with folding and delivery running, 3,000/s with signatures
checked, 3,000/s on PostgreSQL; half of the bare framework.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench.report import is_quick, report
from bench.rig.cores import leave_the_first_core
from bench.rig.databases import new_database
from bench.rig.generator import Load, run_load
from bench.rig.hooks import key_pair, write_hooks
from bench.rig.setting import Server, server, simulated_zammad
from sidecar.store.database import Database
from sidecar.store.schema import hooks

SECONDS, WARM_UP = (4, 1) if is_quick() else (15, 3)
CALLS, SIGNED_CALLS = 40_000, 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    database: str
    kind: str = "waiting"
    signed: bool = False


SCENES = {
    "SQLite, follow-up waiting": Scene(database="SQLite"),
    "SQLite, signatures checked": Scene(database="SQLite", signed=True),
    "SQLite, folding and delivery": Scene(database="SQLite", kind="whole"),
    "PostgreSQL, follow-up waiting": Scene(database="PostgreSQL"),
    "PostgreSQL, signatures checked": Scene(database="PostgreSQL", signed=True),
    "PostgreSQL, folding and delivery": Scene(database="PostgreSQL", kind="whole"),
}


def main() -> None:
    leave_the_first_core()
    rows: dict[str, Mapping[str, object]] = {}
    with TemporaryDirectory() as name:
        files = Files(Path(name))
        with server("bare") as bare:
            ceiling, cpu = loaded(bare, files.plain)
        rows["bare framework, constant answer"] = numbers(ceiling, cpu, ceiling)
        for label, scene in SCENES.items():
            rows[label] = measured(scene, files, ceiling)
            print(label, rows[label], flush=True)
    report("hook_throughput", rows)


class Files:
    """Hooks for the generator, and the key some of them are signed with."""

    def __init__(self, folder: Path) -> None:
        key, self.public_key = key_pair(folder)
        self.plain, self.signed = folder / "plain", folder / "signed"
        write_hooks(self.plain, CALLS, None)
        write_hooks(self.signed, SIGNED_CALLS, key)


def measured(scene: Scene, files: Files, ceiling: Load) -> Mapping[str, object]:
    with new_database(scene.database) as url:
        with served(scene, files, url) as found:
            before = kept_hooks(url)
            load, cpu = loaded(found, files.signed if scene.signed else files.plain)
        kept = kept_hooks(url) - before
    assert kept >= load.requests - load.errors, f"{kept} of {load.requests} hooks are in the journal"
    return numbers(load, cpu, ceiling)


@contextmanager
def served(scene: Scene, files: Files, database: str) -> Iterator[Server]:
    checked = {
        "SIDECAR_SIPGATE__SIGNATURE": "enforce",
        "SIDECAR_SIPGATE__PUBLIC_KEY_FILES": f'["{files.public_key}"]',
    }
    environ = checked if scene.signed else {}
    with simulated_zammad() as zammad, server(scene.kind, zammad=zammad, database=database, environ=environ) as found:
        yield found


def loaded(found: Server, file: Path) -> tuple[Load, float]:
    """The load, and the server's CPU seconds during it; it works on while the generator starts and ends."""
    warm = run_load(found.hook_url, file, seconds=WARM_UP)
    before, began = found.cpu_seconds(), time.perf_counter()
    load = run_load(found.hook_url, file, seconds=SECONDS, first=warm.requests)
    share = load.seconds / (time.perf_counter() - began)
    return load, (found.cpu_seconds() - before) * share


def kept_hooks(url: str) -> int:
    with closing(Database(url)) as database, database.reading() as connection:
        return connection.execute(select(func.count()).select_from(hooks)).scalar_one()


def numbers(load: Load, cpu: float, ceiling: Load) -> dict[str, object]:
    return {
        "hooks/s": round(load.rate),
        "of bare": f"{load.rate / ceiling.rate:.0%}",
        "p50 ms": round(load.p50, 1),
        "p99 ms": round(load.p99, 1),
        "p99.9 ms": round(load.p99_9, 1),
        "CPU µs/hook": round(1e6 * cpu / load.requests),
        "hooks/CPU s": round(load.requests / cpu),
        "server busy": f"{cpu / load.seconds:.0%}",
        "generator busy": f"{load.busy:.0%}",
        "not 200": load.not_200 + load.errors,
    }


if __name__ == "__main__":
    main()
