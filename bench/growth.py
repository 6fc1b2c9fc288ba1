"""Whether ten times the journal costs more: writing, the list of hooks, one call with its hooks, forgetting nothing.

Wanted: within 20 % of the small database's, which is measured in turn with the large one: a machine shared with
strangers is faster in one minute than in the next. Ten million rows take some minutes and 6 GB on each database.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace

from sqlalchemy import insert, text

from bench.report import is_quick, report
from bench.rig.databases import KINDS, new_database
from bench.rig.hooks import bodies
from bench.rig.journal_rows import row_of
from sidecar.store.calls.conversations import conversations_with_keys, known_of
from sidecar.store.calls.tables import call_keys, conversations
from sidecar.store.database import Database
from sidecar.store.journal.hooks import hooks_of, place_hooks, recent_hooks
from sidecar.store.journal.keeping import hook_store
from sidecar.store.journal.rows import HookRow
from sidecar.store.privacy.retention import DAY, forget_old

STEPS = (10_000, 100_000) if is_quick() else (10_000, 100_000, 1_000_000, 10_000_000)
PORTION = 30_000  # hooks in one transaction while growing
FLIGHT = 300  # hooks in one transaction while measuring
ROUNDS, WARM_UP = 60, 10
RECEIVED_AT = 1.7e9
CONVERSATION: dict[str, object] = {
    "direction": "in", "internal": False, "test": False, "state": "ended", "caller": "4930", "callee": "4930600001",
    "line": "4930600001", "started_at": RECEIVED_AT, "changed_at": RECEIVED_AT, "story": [],
    "told": {"call_id": "c", "shown": {"name": None, "agent_id": None}, "dialogs": []},
}  # fmt: skip


def main() -> None:
    rows: dict[str, Mapping[str, object]] = {}
    for kind in KINDS:
        with grown(kind, STEPS[0]) as small, grown(kind, STEPS[0]) as large:
            for size in STEPS[1:]:
                large.grow(size)
                rows[f"{kind}, {size:,} rows"] = compared(large, small)
                print(f"{kind}, {size:,} rows", rows[f"{kind}, {size:,} rows"], flush=True)
    report("growth", rows)


@contextmanager
def grown(kind: str, size: int) -> Iterator[Growing]:
    with new_database(kind) as url, closing(Database(url)) as database:
        journal = Growing(database)
        journal.grow(size)
        yield journal


def compared(large: Growing, small: Growing) -> Mapping[str, object]:
    """Medians of the large one in milliseconds, and how many times those of the small one they are."""
    found: dict[str, object] = {}
    for name, work in WORK.items():
        pairs = [(work(large), work(small)) for _ in range(ROUNDS + WARM_UP)][WARM_UP:]
        large_ms, small_ms = (1000 * statistics.median(times) for times in zip(*pairs, strict=True))
        found[f"{name}, ms"] = round(large_ms, 2)
        found[f"{name}, ratio"] = f"{large_ms / small_ms:.2f}"
    return found


class Growing:
    """A journal whose hooks all have their conversation, three in each."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = hook_store(database)
        self._size = 0
        self._extra = 0

    def grow(self, size: int) -> None:
        while self._size < size:
            number = min(PORTION, size - self._size)
            self._add_calls(range(self._size // 3 + 1, self._size // 3 + number // 3 + 2))
            self._size += 3 * (number // 3 + 1)
        if self._database.dialect == "postgresql":
            with self._database.writing() as connection:
                connection.execute(text("ANALYZE"))

    def _add_calls(self, ids: range) -> None:
        self._store.keep(list(_rows(ids)))
        with self._database.writing() as connection:
            connection.execute(insert(conversations), [{"id": number, **CONVERSATION} for number in ids])
            connection.execute(insert(call_keys), [{"key": f"b{number}", "conversation_id": number} for number in ids])
            place_hooks(connection, {3 * number - hook: number for number in ids for hook in range(3)})

    def insert(self) -> float:
        self._extra += 1
        first = 10**9 + self._extra * FLIGHT
        rows = list(_rows(range(first, first + FLIGHT // 3)))
        began = time.perf_counter()
        self._store.keep(rows)
        return time.perf_counter() - began

    def list(self) -> float:
        with self._database.reading() as connection:
            began = time.perf_counter()
            assert len(recent_hooks(connection)) == 50
            return time.perf_counter() - began

    def look_up(self) -> float:
        self._extra += 1
        number = 1 + self._extra * 7919 % (self._size // 3)
        with self._database.reading() as connection:
            began = time.perf_counter()
            found = conversations_with_keys(connection, [f"b{number}"])[f"b{number}"]
            assert known_of(connection, [found])
            assert len(hooks_of(connection, [found])[found]) == 3
            return time.perf_counter() - began

    def forget(self) -> float:
        """The hourly look for what is too old keeps the journal from the disk for as long as it takes."""
        with self._database.writing() as connection:
            began = time.perf_counter()
            assert not forget_old(connection, self._store, now=RECEIVED_AT + DAY, hooks_days=7, calls_days=180).more
            return time.perf_counter() - began


WORK: Mapping[str, Callable[[Growing], float]] = {
    f"insert of {FLIGHT}": Growing.insert,
    "hooks list": Growing.list,
    "call with its hooks": Growing.look_up,
    "nothing to forget": Growing.forget,
}


def _rows(ids: Sequence[int]) -> Iterator[HookRow]:
    """Three hooks of each call."""
    for number in ids:
        for row in _TEMPLATES:
            yield replace(row, call_id=f"b{number}", body=row.body.replace(b"NUMBER", b"%d" % number))


_TEMPLATES = [row_of(body, received_at=RECEIVED_AT) for body in bodies(1, name="NUMBER-")]


if __name__ == "__main__":
    main()
