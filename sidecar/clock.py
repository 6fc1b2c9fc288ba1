"""A clock that never runs backwards: an order of events once written down must stay one."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

CATCHING_UP = 0.5  # of its speed, until the time it was set back to has come again


class SteadyClock:
    """UTC epoch seconds of `wall`. Set forward it follows at once; set back it goes on at half its speed.

    What is due after some seconds comes due within twice as many, however far the clock was set back.
    """

    def __init__(self, wall: Callable[[], float] = time.time, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._elapsed = elapsed
        self._lock = Lock()
        self._shown = wall()
        self._looked_at = elapsed()

    def __call__(self) -> float:
        with self._lock:
            looked_at = self._elapsed()
            self._shown = max(self._wall(), self._shown + (looked_at - self._looked_at) * CATCHING_UP)
            self._looked_at = looked_at
            return self._shown
