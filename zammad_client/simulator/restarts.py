"""A Zammad that ends itself after a migration of attributes (docs/reference/zammad.md section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Restarts:
    """`after` so many seconds all processes end, and for `away` seconds a proxy answers 502 in their place.

    Without `supervised` nobody starts them again, until `start`.
    """

    def __init__(self, *, now: Callable[[], float], after: float = 2.0, away: float = 12.0) -> None:
        self.after = after
        self.away = away
        self.supervised = True
        self.begun = 0  # so many times
        self._now = now
        self._gone_at: float | None = None

    @property
    def gone(self) -> bool:
        if self._gone_at is None or self._now() < self._gone_at:
            return False
        return not self.supervised or self._now() < self._gone_at + self.away

    def begin(self) -> None:
        self.begun += 1
        self._gone_at = self._now() + self.after

    def start(self) -> None:
        """By hand."""
        self._gone_at = None
