"""Threads among themselves: one writer at a time in the order they came, and how many are at work."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock


class Turns:
    """A fair lock between threads.

    SQLite lets one write at a time and makes the others poll, so that the one who has just finished wins again;
    a plain `threading.Lock` promises no order either.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()  # the first one has its turn

    @contextmanager
    def taken(self) -> Iterator[None]:
        self._join()
        try:
            yield
        finally:
            self._leave()

    def _join(self) -> None:
        mine = Lock()
        mine.acquire()
        with self._guard:
            self._waiting.append(mine)
            if len(self._waiting) == 1:
                return
        try:
            mine.acquire()  # released by whoever was before
        except BaseException:
            self._give_up(mine)
            raise

    def _give_up(self, mine: Lock) -> None:
        """A signal broke the waiting: leave the queue without losing the turn of those behind."""
        with self._guard:
            if self._waiting[0] is not mine:
                self._waiting.remove(mine)
                return
        self._leave()

    def _leave(self) -> None:
        with self._guard:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].release()


class UnderWay:
    """Counts what threads are doing, also on behalf of callers who no longer wait for it."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._count = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_for_none(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)
