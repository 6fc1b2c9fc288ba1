"""How fast: a backlog is worked off at a set rate, and a Zammad that is down is left alone for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

FRESH = 5.0  # seconds; younger work is no backlog and goes at once


class Pace:
    """Spreads the requests of a backlog evenly. `rate` in requests per second."""

    def __init__(self, *, rate: float, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._gap = 1.0 / rate
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0

    async def turn(self, *, age: float) -> None:
        """Wait until work of this age, in seconds, may go."""
        if age < FRESH:
            return
        now = self._clock()
        start = max(now, self._next)
        self._next = start + self._gap
        if start > now:
            await self._sleep(start - now)


class Breaker:
    """Opens after a few failures in a row; then one attempt at a time is let through, ever more seldom."""

    def __init__(
        self, *, clock: Callable[[], float], jitter: Callable[[], float], failures: int = 3, longest: float = 15.0
    ) -> None:
        self._clock = clock
        self._jitter = jitter  # 0.0 to 1.0
        self._allowed = failures
        self._longest = longest
        self._failures = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._allowed

    def lets_through(self) -> int | None:
        """How many attempts may start now; None: any number."""
        if not self.is_open:
            return None
        return 1 if self._clock() >= self._closed_again_at else 0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self, *, after: float | None = None) -> None:
        """`after`: seconds Zammad asked for."""
        self._failures += 1
        pause = min(self._longest, 0.5 * 2 ** min(self._failures, 10)) * (0.5 + self._jitter() / 2)
        if after is not None:
            self._failures = max(self._failures, self._allowed)
            pause = max(pause, after)
        self._closed_again_at = self._clock() + pause
