"""Uvicorn, told that some requests never end by themselves, and that no hook waits for the garbage collector."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable

import uvicorn

COLLECT_AFTER = 20_000  # objects; some hundred hooks on their way


class HttpServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, before_draining: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_draining = before_draining

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _spare_what_stays()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_draining()
        await super().shutdown(sockets)


def _spare_what_stays() -> None:
    """What is there after the start is there for good: looking through all of it again and again stops every hook."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
