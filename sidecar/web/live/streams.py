"""The stream of one open page, whoever is sent the same, and how an event is written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable
from dataclasses import dataclass
from functools import lru_cache

from sidecar.store.calls.visibility import Viewer
from sidecar.store.pages.updates import PageUpdates

MOST_WAITING = 256  # pieces; a page that takes nothing off has to connect anew


ViewerNow = Callable[[], Awaitable[Viewer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The updates as events; empty where none are for an audience.

    `concerned` are told something else: made when one of them looks on, for mostly none of them does.
    """

    to_all: bytes
    concerned: Collection[int] = frozenset()
    told: Callable[[int], bytes] = lambda _user_id: b""

    def to(self, user_id: int) -> bytes:
        return self.told(user_id) if user_id in self.concerned else self.to_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Open pages that are sent the same, but for the few whom the updates are about."""

    key: Hashable
    viewer: Viewer
    said: Callable[[PageUpdates], Said]


class Stream:
    """What one open page is still to be sent."""

    def __init__(
        self, session_key: str, user_id: int, *, pauses: bool = True, viewer_now: ViewerNow | None = None
    ) -> None:
        """`viewer_now`: as whom this person looks now, where that may change."""
        self.session_key = session_key
        self.viewer_now = viewer_now
        self.pauses = pauses  # where its person has not been active for long
        self.user_id = user_id
        self._waiting: list[bytes] = []
        self._taker: asyncio.Future[None] | None = None  # a bare future: a thousand of these wake up at once
        self._closed = False

    def put(self, events: bytes) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.close()
        if not self._closed:
            self._waiting.append(events)
            self._wake_taker()

    def close(self, farewell: bytes = b"") -> None:
        if farewell:
            self._waiting.append(farewell)
        self._closed = True
        self._wake_taker()

    async def take(self) -> bytes | None:
        """All that waits, as soon as there is something; None once it is closed and empty."""
        if not self._waiting and not self._closed:
            self._taker = asyncio.get_running_loop().create_future()
            await self._taker
        if not self._waiting:
            return None
        events = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        self._waiting.clear()
        return events

    def _wake_taker(self) -> None:
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)


@lru_cache(maxsize=256)  # pages with filters of their own are sent the same rows
def event(name: str, html: str = "", *, position: int | None = None) -> bytes:
    """One server-sent event; `position` is what a browser says when it comes back."""
    data = "\n".join(f"data: {line}" for line in str.splitlines(html)) or "data:"
    number = "" if position is None else f"id: {position}\n"
    return f"event: {name}\n{number}{data}\n\n".encode()
