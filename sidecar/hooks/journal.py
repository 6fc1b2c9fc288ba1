"""Hooks on their way to disk: many share one commit, nobody waits longer than the budget.

Everything but the writing itself happens on the event loop, so that nothing needs a lock. While a thread commits one
flight of rows, the next one gathers.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

import structlog

from sidecar.calls.reasons import Reason
from sidecar.errors import StoreError
from sidecar.store.journal.rows import HookRow

logger = structlog.get_logger()

FLIGHT = 500  # a flight takes batches up to about so many rows
PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)  # seconds before writing again; the last one stays
ROW = 2000  # bytes of a row in memory, besides what was sent
SPREAD = 0.2  # of the budget: rows further apart get timers of their own


@dataclass(slots=True, kw_only=True, eq=False)
class Batch:
    """Rows that came at about the same time, and who waits for them. Loop thread only."""

    closes_at: float
    rows: list[HookRow] = field(default_factory=list)
    waiters: list[asyncio.Future[bool]] = field(
        default_factory=list
    )  # one per row: a cancelled one takes no other along
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Flight:
    """What one transaction writes. It stays together until the store has taken it."""

    batches: Sequence[Batch]
    rows: Sequence[HookRow]
    failures: int = 0


Landing = Mapping[int, str] | StoreError  # places of refused rows with the reason (normally none), or: not written


class Keeper(Protocol):
    def keep(self, rows: Sequence[HookRow], *, again: bool = False) -> Mapping[int, str]:
        """As `store.journal.keeping.HooksInFile.keep`."""


class Journal:
    """Group commit in front of the store.

    Args:
        budget: seconds until a hook is answered without its row being on disk, if it is not; the row stays queued.
        capacity, room: rows and bytes kept in memory while the store does not take them; what comes then is dropped.
        on_commit: called on the loop after each commit.
        pauses: seconds before each further attempt to write.

    """

    def __init__(
        self,
        store: Keeper,
        *,
        budget: float = 0.25,
        capacity: int = 10_000,
        room: int = 64 * 1024 * 1024,
        on_commit: Callable[[], None] | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self.waiting = 0  # rows in memory
        self.unanswered = 0  # hooks that wait for the disk
        self.over_budget = 0  # rows the store did not take within the budget
        self.dropped = 0  # rows that found no room
        self.refused = 0  # rows the store will never take
        self.problem: Reason | None = None  # why the last attempt to write failed
        self._store = store
        self._budget = budget
        self._capacity = capacity
        self._room = room
        self._on_commit = on_commit
        self._pauses = pauses
        self._open: Batch | None = None
        self._batches: deque[Batch] = deque()
        self._flight: Flight | None = None
        self._closing: asyncio.Event | None = None
        self._queue: SimpleQueue[Flight | None] = SimpleQueue()
        self._writer = Thread(target=self._write_flights, name="journal", daemon=True)
        self._accepts = False

    async def start(self) -> None:
        """Take hooks from now on."""
        self._loop = asyncio.get_running_loop()
        self._accepts = True
        self._writer.start()

    @property
    def oldest_waiting(self) -> float | None:
        """When the oldest row in memory was received."""
        rows = self._flight.rows if self._flight else self._batches[0].rows if self._batches else ()
        return rows[0].received_at if rows else None

    @property
    def unwritten(self) -> list[HookRow]:
        """What the database does not have yet, oldest first."""
        batches = [*(self._flight.batches if self._flight else ()), *self._batches]
        return [row for batch in batches for row in batch.rows]

    async def record(self, row: HookRow) -> bool:
        """True: the row is on disk. False: over budget and queued, or dropped."""
        size = _size_of(row)
        if self.waiting >= self._capacity or size > self._room or not self._accepts:
            self.dropped += 1
            return False
        self.waiting += 1
        self._room -= size
        batch = self._open
        if batch is None or self._loop.time() > batch.closes_at:
            batch = self._open_batch()
        waiter: asyncio.Future[bool] = self._loop.create_future()
        batch.rows.append(row)
        batch.waiters.append(waiter)
        self.unanswered += 1
        try:
            return await waiter
        finally:
            self.unanswered -= 1

    async def close(self, limit: float = 5.0) -> int:
        """Write what is queued, for at most `limit` seconds; how many rows are lost."""
        self._accepts = False
        if self.waiting:
            self._closing = asyncio.Event()
            try:
                await asyncio.wait_for(self._closing.wait(), limit)
            except TimeoutError:
                logger.warning("journal_closed_without_database", rows=self.waiting)
        self._queue.put(None)
        return self.waiting

    def _open_batch(self) -> Batch:
        now = self._loop.time()
        batch = self._open = Batch(closes_at=now + self._budget * SPREAD)
        batch.timer = self._loop.call_at(now + self._budget, self._expire, batch)
        if not self._batches and self._flight is None:
            self._send_soon()
        self._batches.append(batch)
        return batch

    def _send_soon(self) -> None:
        """Not at once: what the loop has just read goes along."""
        self._loop.call_soon(self._send_flight)

    def _expire(self, batch: Batch) -> None:
        self.over_budget += len(batch.waiters)
        for waiter in batch.waiters:
            if not waiter.done():
                waiter.set_result(False)

    def _send_flight(self) -> None:
        if self._flight is not None or not self._batches:
            return
        batches = [self._batches.popleft()]
        rows = list(batches[0].rows)
        while self._batches and len(rows) + len(self._batches[0].rows) <= FLIGHT:
            batches.append(self._batches.popleft())
            rows += batches[-1].rows
        if self._open is batches[-1]:
            self._open = None
        self._flight = Flight(batches=batches, rows=rows)
        self._queue.put(self._flight)

    def _land(self, flight: Flight, landing: Landing) -> None:
        if isinstance(landing, StoreError):
            self._send_again(flight, landing)
            return
        self._note_recovery()
        self._flight = None
        self.waiting -= len(flight.rows)
        self._room += sum(map(_size_of, flight.rows))
        self._note_refusals(flight, landing)
        self._answer_waiters(flight, landing)
        if self._batches:
            self._send_soon()
        if self._closing and not self.waiting:
            self._closing.set()
        if self._on_commit:
            self._on_commit()

    def _answer_waiters(self, flight: Flight, refused: Mapping[int, str]) -> None:
        place = 0
        for batch in flight.batches:
            if batch.timer:
                batch.timer.cancel()
            for waiter in batch.waiters:
                if not waiter.done():
                    waiter.set_result(place not in refused)
                place += 1

    def _note_refusals(self, flight: Flight, refused: Mapping[int, str]) -> None:
        self.refused += len(refused)
        for place, reason in refused.items():
            logger.error("journal_row_refused", reason=reason, call_id=flight.rows[place].call_id)

    def _send_again(self, flight: Flight, error: StoreError) -> None:
        flight.failures += 1
        if not self.problem:
            logger.error("journal_cannot_write", reason=str(error))
        self.problem = error.reason
        pause = self._pauses[min(flight.failures, len(self._pauses)) - 1]
        self._loop.call_later(pause, self._queue.put, flight)

    def _note_recovery(self) -> None:
        if self.problem:
            logger.info("journal_writes_again", waiting=self.waiting)
        self.problem = None

    def _write_flights(self) -> None:
        """The writer thread."""
        while (flight := self._queue.get()) is not None:
            landing = self._write(flight)
            try:
                self._loop.call_soon_threadsafe(self._land, flight, landing)
            except RuntimeError:  # the loop is closed, nobody waits any more
                return

    def _write(self, flight: Flight) -> Landing:
        try:
            return self._store.keep(flight.rows, again=bool(flight.failures))
        except StoreError as error:
            return error
        except Exception as error:  # noqa: BLE001 - top of the thread: without it no hook would be kept any more
            return StoreError(f"{type(error).__name__}: {error}")


def _size_of(row: HookRow) -> int:
    """In bytes, about: what a caller sends stands in the body and again in the fields that were read from it."""
    return ROW + 2 * len(row.body) + len(row.answer)
