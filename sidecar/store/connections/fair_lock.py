"""One thread at a time, in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class FairLock:
    """For those who write to SQLite.

    It lets one write at a time and makes the others poll, so that the one who has just finished wins again;
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
