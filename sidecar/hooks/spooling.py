"""Hooks on their way into the spool: a thread writes at once whatever has come while it wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

import structlog

from sidecar.store.journal.hooks import HookRow
from sidecar.store.spool import Spool

AHEAD = 256  # rows the database may be behind: whoever is not taken waits for all of them
STALLED = 0.1  # seconds without a commit: then everything is taken that there is room for
QUIET = 1.0  # seconds without a hook: what lies in the spool is wiped out

logger = structlog.get_logger()


@dataclass(slots=True, kw_only=True, eq=False)
class Handful:
    """What the loop has read at once."""

    rows: list[HookRow]
    waiters: list[asyncio.Future[bool]]
    last: int  # highest number of its rows, counted from the start


class Spooling:
    """Tells whoever waits for a row that it is on disk. All methods are for the loop."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._works = True  # the last rows were written
        self._gathered: Handful | None = None
        self._count = 0  # rows handed in
        self._stored_at = 0.0  # loop time
        self._stored = 0  # how many of them the database has by now
        self._last = 0  # highest number in the file; 0: nothing is there. For the thread
        self._queue: SimpleQueue[Handful | None] = SimpleQueue()
        self._writer = Thread(target=self._write_handfuls, name="spool", daemon=True)

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._writer.start()

    @property
    def keeps(self) -> bool:
        """What was handed in last is on disk, or will be; else it waits for the database."""
        return self._works and not self._is_far_ahead

    def take(self, row: HookRow, waiter: asyncio.Future[bool], *, after: float = 0.0) -> None:
        """Unless the database has it by itself within so many seconds."""
        self._count += 1
        if after:
            self._loop.call_later(after, self._gather, self._count, row, waiter)
        else:
            self._gather(self._count, row, waiter)

    def stored(self, count: int) -> None:
        """The database has the next rows, in the order in which they came here."""
        self._stored += count
        self._stored_at = self._loop.time()

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()

    @property
    def _is_far_ahead(self) -> bool:
        return self._count - self._stored > AHEAD and self._loop.time() < self._stored_at + STALLED

    def _gather(self, number: int, row: HookRow, waiter: asyncio.Future[bool]) -> None:
        if waiter.done() or self._is_far_ahead:
            return
        if self._gathered is None:
            self._gathered = Handful(rows=[], waiters=[], last=0)
            self._loop.call_soon(self._hand_over)
        self._gathered.rows.append(row)
        self._gathered.waiters.append(waiter)
        self._gathered.last = max(self._gathered.last, number)

    def _hand_over(self) -> None:
        handful, self._gathered = self._gathered, None
        if handful is not None:
            self._queue.put(handful)

    def _tell(self, waiters: Sequence[asyncio.Future[bool]]) -> None:
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(True)

    def _write_handfuls(self) -> None:
        """The writer thread."""
        while (handful := self._next_handful()) is not None:
            self._works = self._write(handful)
            if not self._works:
                continue
            self._last = max(self._last, handful.last)
            try:
                self._loop.call_soon_threadsafe(self._tell, handful.waiters)
            except RuntimeError:  # the loop is closed, nobody waits any more
                break
        self._empty_if_stored()
        self._spool.close()

    def _next_handful(self) -> Handful | None:
        """Everything that has come, as one; None: no more will."""
        while True:
            try:
                handful = self._queue.get(timeout=QUIET if self._last else None)
            except Empty:
                self._empty_if_stored()
                continue
            while handful is not None and not self._queue.empty():
                if (more := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                handful.rows += more.rows
                handful.waiters += more.waiters
                handful.last = max(handful.last, more.last)
            return handful

    def _write(self, handful: Handful) -> bool:
        try:
            return self._spool.write(handful.rows, anew=self._stored >= self._last)
        except Exception:  # top of the thread: without it the spool would never be used again
            if self._works:
                logger.exception("spool_cannot_write")
            return False

    def _empty_if_stored(self) -> None:
        if self._stored >= self._last:
            with suppress(OSError):  # what could not be wiped out is overwritten by the next row
                self._spool.empty()
            self._last = 0
