"""How fast sipgate is asked: one request at a time, two a second, and not at all while it says so."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

from sipgate_client.errors import SipgateError, SipgateTokenError, SipgateUnavailableError

PAUSE = 0.5  # seconds between the beginnings of two requests
LONGEST_WAIT = 10.0  # seconds; whoever would have to wait longer is told so
TOKEN_RESTS = 3600.0  # seconds without any request after 401


class Politeness:
    """Of one process. `pause`: seconds."""

    def __init__(self, *, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._lock = anyio.Lock()
        self._next = 0.0
        self._refused: SipgateTokenError | None = None
        self._refused_until = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Around one request. Raises: SipgateError without sending it where sipgate wants none now."""
        async with self._lock:
            await self._wait()
            self._next = self._clock() + self._pause
            try:
                yield
            except SipgateError as error:
                self._remember(error)
                raise

    async def _wait(self) -> None:
        if self._refused and self._clock() < self._refused_until:
            raise SipgateTokenError(self._refused.message, status=self._refused.status)
        wait = self._next - self._clock()
        if wait > LONGEST_WAIT:
            raise SipgateUnavailableError("sipgate has asked for a pause", status=429, retry_after=wait)
        await anyio.sleep(max(wait, 0.0))

    def _remember(self, error: SipgateError) -> None:
        if isinstance(error, SipgateTokenError):
            self._refused, self._refused_until = error, self._clock() + TOKEN_RESTS
        elif error.retry_after:
            self._next = self._clock() + error.retry_after
