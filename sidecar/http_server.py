"""Uvicorn, told that some requests never end by themselves."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn


class HttpServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, before_draining: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_draining = before_draining

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_draining()
        await super().shutdown(sockets)
