"""Uvicorn for servers that come and go by the hundred: it begins and ends at once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

import uvicorn


def listening_on(host: str, port: int) -> socket.socket:
    """0: any free port."""
    listening = socket.create_server((host, port), backlog=2048)
    # Whoever is let in has it from here: asyncio sees to it only for sockets that it opens itself. Without it the body
    # of an answer waits 40 ms for the other side to say that the headers have come.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class Listener(uvicorn.Server):
    """Serves until `stop`. Uvicorn alone looks every tenth of a second whether it should end, twice.

    `accepting` is set once requests are accepted.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self.accepting = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, listening: socket.socket) -> None:
        """In a thread of its own; returns once requests are accepted."""
        self._thread = threading.Thread(target=self.run, args=([listening],), daemon=True, name="listener")
        self._thread.start()
        self.accepting.wait()

    def stop(self) -> None:
        """From any thread; one of its own has ended then: answers are out, or the configured grace is over."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._over.set)
        if self._thread is not None:
            self._thread.join()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            await super().startup(sockets)
        finally:
            self.accepting.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for closed in (*self.servers, *(sockets or ())):
            closed.close()
        await asyncio.sleep(0.001)  # who was let in at the last moment is among the connections from the next turn on
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self._end_idle_connections() or self.server_state.tasks:  # noqa: ASYNC110 - nobody sets an event
                    await asyncio.sleep(0.001)
        for task in self.server_state.tasks:
            task.cancel()
        while self.server_state.connections:
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)

    def _end_idle_connections(self) -> bool:
        """Whether any are left: one may come while the others are closed, and busy ones end with their answer."""
        for connection in list(self.server_state.connections):
            connection.shutdown()
        return bool(self.server_state.connections)
