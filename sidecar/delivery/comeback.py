"""Zammad was down and is back: browsers connect to it again some seconds later, and miss what is sent before."""

from __future__ import annotations

from collections.abc import Callable

OUTAGE = 2.0  # seconds a Zammad has to be down for it to count as more than a hiccup
RECONNECTING = 6.0  # seconds until agents' browsers are there again; about five were seen on a real one


class Comeback:
    """Told of what everybody's requests come to; asked by whoever wants to reach a browser."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._down_since: float | None = None
        self._back_at: float | None = None

    def is_down(self) -> None:
        self._down_since = self._elapsed() if self._down_since is None else self._down_since

    def answers(self) -> None:
        if self._down_since is None:
            return
        if self._elapsed() - self._down_since >= OUTAGE:
            self._back_at = self._elapsed()
        self._down_since = None

    def browsers_need(self) -> float:
        """So many seconds more until they have probably connected again."""
        return 0.0 if self._back_at is None else max(0.0, self._back_at + RECONNECTING - self._elapsed())
