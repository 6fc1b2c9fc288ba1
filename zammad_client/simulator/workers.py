"""A simulated Zammad with as few workers, and as slow, as a real one: what comes meanwhile waits for its turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A request that a worker began with at this instant."""

    method: str
    path: str
    at: float


class Workers:
    """In front of the simulator's application: so many requests at once, first come, first served.

    `seconds`: how long a worker is busy with a method and path. `clock`: the one `begun` is told by.
    """

    def __init__(
        self, app: ASGIApp, *, count: int, seconds: Callable[[str, str], float], clock: Callable[[], float]
    ) -> None:
        self.begun: list[Begun] = []
        self._app = app
        self._free = asyncio.Semaphore(count)
        self._seconds = seconds
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        async with self._free:
            self.begun.append(Begun(method=method, path=path, at=self._clock()))
            await asyncio.sleep(self._seconds(method, path))
            await self._app(scope, receive, send)
