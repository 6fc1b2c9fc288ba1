"""How fast: a backlog is worked off at a set rate, and a Zammad that is down is left alone for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

FRESH = 5.0  # seconds; younger work is no backlog and goes at once,
FRESH_RATE = 50.0  # up to so many requests a second: twice what a Zammad was seen to take
FRESH_AT_ONCE = 20
LONGEST_REQUEST = 300.0  # seconds of a Retry-After that are believed


class Pace:
    """Spreads the requests of a backlog evenly. `rate` in requests per second."""

    def __init__(self, *, rate: float, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._backlog = Spread(rate=rate)
        self._fresh = Spread(rate=FRESH_RATE, at_once=FRESH_AT_ONCE)
        self._clock = clock
        self._sleep = sleep

    async def turn(self, *, age: float) -> None:
        """Wait until work of this age, in seconds, may go."""
        spread = self._fresh if age < FRESH else self._backlog
        pause = spread.pause(self._clock())
        if pause > 0:
            await self._sleep(pause)


class Spread:
    """At most `rate` a second, after up to `at_once` in one moment."""

    def __init__(self, *, rate: float, at_once: int = 1) -> None:
        self._gap = 1.0 / rate
        self._slack = (at_once - 1) * self._gap
        self._next = 0.0

    def pause(self, now: float) -> float:
        """Seconds until the next one may go; it is counted."""
        start = max(now - self._slack, self._next)
        self._next = start + self._gap
        return start - now


class Breaker:
    """Opens after a few failures in a row; then one attempt at a time is let through, ever more seldom."""

    def __init__(
        self, *, clock: Callable[[], float], jitter: Callable[[], float], failures: int = 3, longest: float = 10.0
    ) -> None:
        self._clock = clock
        self._jitter = jitter  # 0.0 to 1.0
        self._allowed = failures
        self._longest = longest
        self._failures = 0
        self._suspects: set[int] = set()
        self._closed_again_at = 0.0
        self._asked_for_rest_until = 0.0

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
        self._suspects.clear()

    def zammad_answers(self) -> bool:
        """Somebody else has just been answered: try at once, unless Zammad has asked for rest. Whether that is news."""
        now = self._clock()
        if not self.is_open or self._closed_again_at <= now or now < self._asked_for_rest_until:
            return False
        self._closed_again_at = now
        return True

    def failed(self, *, after: float | None = None, suspect: int | None = None) -> None:
        """`after`: seconds Zammad asked for. `suspect`: the parcel, where it may be its own fault; it alone never opens
        the breaker, so that it does not hold up the others."""
        if suspect is not None and suspect in self._suspects and not self.is_open:
            return
        if suspect is not None:
            self._suspects.add(suspect)
        if after is None and self.lets_through() == 0:
            return  # begun before it opened: says nothing new
        self._failures += 1
        pause = min(self._longest, 0.5 * 2 ** min(self._failures, 10)) * (0.5 + self._jitter() / 2)
        if after is not None:
            self._failures = max(self._failures, self._allowed)
            pause = max(pause, min(after, LONGEST_REQUEST))
            self._asked_for_rest_until = self._clock() + pause
        self._closed_again_at = self._clock() + pause
