"""Whether a store is quick enough for a phone to wait for it."""

from __future__ import annotations

SHORT, LONG = 0.5, 30.0  # seconds that a store is left alone after it was too slow; longer the oftener it happens
STEADY = 60.0  # seconds without that, after which it counts as quick again


class Slowness:
    """Whatever becomes of the store: it is not tried again and again at the phone's expense."""

    def __init__(self, at_once: float) -> None:
        self._enough = at_once / 2
        self._took = 0.0
        self._pause = SHORT
        self._not_before = 0.0

    def fell_aside(self, now: float) -> None:
        steady = now - self._not_before > STEADY
        self._pause = SHORT if steady else min(LONG, 2 * self._pause)
        self._not_before = now + self._pause

    def took(self, seconds: float) -> None:
        """By the last look."""
        self._took = seconds

    def is_slow(self, now: float) -> bool:
        return self._took > self._enough or now < self._not_before
