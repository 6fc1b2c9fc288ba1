"""A simulated Zammad with as much work as a real 6.5 with 50,000 users: all requests share one core.

Docs/reference/zammad.md section 5.1: whoever is read for the first time costs most, afterwards they are cached.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

COLD, WARM = 0.02, 0.0016  # seconds of work for each user of a page
SEARCH, FOUND = 0.11, 0.002  # seconds of work for a search, and for each record it may find
OTHERWISE = 0.05
STEP = 0.005  # seconds between looks at who shares the core


class Costs:
    """Seconds of work that requests are worth. Remembers which places of the list of users were read."""

    def __init__(self) -> None:
        self._read: set[int] = set()
        self.pages = 0.0  # seconds of work that all pages of users were worth so far

    def of(self, path: str, query: str) -> float:
        asked = parse_qs(query)
        per_page = int(asked.get("per_page", ["50"])[0])
        if path.endswith("/search"):
            return SEARCH + FOUND * per_page
        if path != "/api/v1/users":
            return OTHERWISE
        first = (int(asked.get("page", ["1"])[0]) - 1) * per_page
        places = {*range(first, first + per_page)}
        work = OTHERWISE + COLD * len(places - self._read) + WARM * len(places & self._read)
        self._read |= places
        self.pages += work
        return work


class SharedCore:
    """In front of the simulator's application: two requests at once take twice as long."""

    def __init__(self, app: ASGIApp) -> None:
        self.costs = Costs()
        self._app = app
        self._at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._work(self.costs.of(scope["path"], scope["query_string"].decode()))
        await self._app(scope, receive, send)

    async def _work(self, left: float) -> None:
        self._at_work += 1
        try:
            while left > 0.0:
                began = monotonic()
                await asyncio.sleep(min(STEP, left))
                left -= (monotonic() - began) / self._at_work
        finally:
            self._at_work -= 1
