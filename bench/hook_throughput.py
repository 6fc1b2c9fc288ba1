"""How many hooks a second one core takes, durably, and what share of the bare framework's rate that is.

The server has a core of its own; database server, simulated Zammad and generator share the others. Wanted on a quiet
machine: 5,000/s with follow-up work waiting, 2,500/s with folding and delivery running, 3,000/s with signatures
checked, 3,000/s on PostgreSQL; half of the bare framework. A machine shared with strangers is faster in one minute than
in the next: each round measures the bare framework and every scene once, and the median of the rounds counts.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
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
from sidecar.store.calls.tables import outbox
from sidecar.store.database import Database
from sidecar.store.journal.tables import hooks

ROUNDS, SECONDS, WARM_UP = (1, 4, 1) if is_quick() else (3, 10, 2)
BARE = "bare framework, constant answer"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one run of a scene has shown."""

    load: Load
    cpu: float  # seconds of the server during the load
    of_bare: float = 1.0  # its rate by the bare framework's in the same round
    folded: float = 0.0  # hooks made conversations of, a second
    delivered: float = 0.0  # requests to Zammad, a second


def main() -> None:
    leave_the_first_core()
    rounds: dict[str, list[Found]] = defaultdict(list)
    with TemporaryDirectory() as name:
        files = Files(Path(name))
        for _ in range(ROUNDS):
            with server("bare") as bare:
                load, cpu = loaded(bare, files.plain)
            rounds[BARE].append(Found(load=load, cpu=cpu))
            for label, scene in SCENES.items():
                rounds[label].append(measured(scene, files, load))
                print(label, numbers(rounds[label][-1:]), flush=True)
    report("hook_throughput", {label: numbers(found) for label, found in rounds.items()})


class Files:
    """Hooks for the generator, and the key some of them are signed with."""

    def __init__(self, folder: Path) -> None:
        key, self.public_key = key_pair(folder)
        self.plain, self.signed = folder / "plain", folder / "signed"
        write_hooks(self.plain, CALLS, None)
        write_hooks(self.signed, SIGNED_CALLS, key)


def measured(scene: Scene, files: Files, ceiling: Load) -> Found:
    with new_database(scene.database) as url, closing(Database(url)) as database:
        with served(scene, files, url) as found:
            before, began = state_of(database), time.perf_counter()
            load, cpu = loaded(found, files.signed if scene.signed else files.plain)
            after, took = state_of(database), time.perf_counter() - began
        kept = state_of(database).kept - before.kept
    assert kept >= load.requests - load.errors, f"{kept} of {load.requests} hooks are in the journal"
    return Found(
        load=load,
        cpu=cpu,
        of_bare=load.rate / ceiling.rate,
        folded=(after.folded - before.folded) / took,
        delivered=(after.delivered - before.delivered) / took,
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How much of everything the database holds."""

    kept: int
    folded: int
    delivered: int


def state_of(database: Database) -> Work:
    with database.reading() as connection:
        kept, folded = connection.execute(select(func.count(), func.count(hooks.c.conversation_id))).one()
        done = select(func.count()).where(outbox.c.state == "done")
        return Work(kept=kept, folded=folded, delivered=connection.execute(done).scalar_one())


def numbers(rounds: Sequence[Found]) -> dict[str, object]:
    """The medians."""

    def median(of: Callable[[Found], float]) -> float:
        return statistics.median(map(of, rounds))

    return {
        "hooks/s": round(median(lambda found: found.load.rate)),
        "of bare": f"{median(lambda found: found.of_bare):.0%}",
        "p50 ms": round(median(lambda found: found.load.p50), 1),
        "p99 ms": round(median(lambda found: found.load.p99), 1),
        "p99.9 ms": round(median(lambda found: found.load.p99_9), 1),
        "CPU µs/hook": round(1e6 * median(lambda found: found.cpu / found.load.requests)),
        "server busy": f"{median(lambda found: found.cpu / found.load.seconds):.0%}",
        "generator busy": f"{median(lambda found: found.load.busy):.0%}",
        "folded/s": round(median(lambda found: found.folded)),
        "delivered/s": round(median(lambda found: found.delivered)),
        "not 200": sum(found.load.not_200 + found.load.errors for found in rounds),
    }


if __name__ == "__main__":
    main()
