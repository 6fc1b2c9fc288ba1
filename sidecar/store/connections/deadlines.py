"""An end to waiting for a database server that says nothing any more.

A network can swallow what is sent without a word: whatever the kernel was told of time-outs, the driver then waits for
ever. So a thread looks at the clock and shuts the connection; the driver reports it as lost.
"""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from threading import Condition, Thread


class Deadlines:
    """For any number of threads; one thread of its own from the first use on."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._pending: dict[int, tuple[float, socket.socket]] = {}
        self._numbers = count()
        self._looks_at = math.inf  # when the thread wakes by itself
        self._thread: Thread | None = None
        self._last = math.inf  # when nothing is waited for any more
        self.missed = 0  # connections that were shut

    @contextmanager
    def within(self, seconds: float, fileno: int) -> Iterator[None]:
        """The block has so long; then the socket is shut under it, for both directions."""
        mine = socket.fromfd(fileno, socket.AF_UNIX, socket.SOCK_STREAM)  # a number of our own: theirs may be given on
        number = next(self._numbers)
        with self._changed:
            ends_at = min(time.monotonic() + seconds, self._last)
            self._pending[number] = ends_at, mine
            if ends_at < self._looks_at:  # else it looks soon enough: to wake it each time would cost every transaction
                self._looks_at = ends_at
                self._changed.notify()
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="database deadlines", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._changed:
                self._pending.pop(number, None)
            mine.close()

    def end_within(self, seconds: float) -> None:
        """Whatever is under way, and whatever begins from now on: nothing is waited for longer than that."""
        with self._changed:
            self._last = time.monotonic() + seconds
            for number, (ends_at, each) in self._pending.items():
                self._pending[number] = min(ends_at, self._last), each
            self._changed.notify()

    @property
    def are_over(self) -> bool:
        """Nothing is to be begun any more."""
        return time.monotonic() >= self._last

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for number, (ends_at, each) in list(self._pending.items()):
                    if ends_at <= now:
                        del self._pending[number]
                        self._shut(each)
                self._looks_at = min((ends_at for ends_at, _ in self._pending.values()), default=math.inf)
                self._changed.wait(self._looks_at - now if self._pending else None)

    def _shut(self, connection: socket.socket) -> None:
        self.missed += 1
        with suppress(OSError):  # it is closed already
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()  # whoever was to leave the block may have been given up with it
