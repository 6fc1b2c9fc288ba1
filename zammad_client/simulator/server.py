"""The simulated Zammad on a real port, served from a thread of this process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import create_app
from .gate import DROP_CONNECTION
from .listener import Listener, listening_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

    from .state import Simulator

LOOPBACK = "127.0.0.1"


class _DroppableProtocol(HttpToolsProtocol):
    """Lets the application cut the connection, which ASGI itself has no word for."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {DROP_CONNECTION: {"abort": self.transport.abort}}


class SimulatorServer:
    """Opens and closes on one port as often as wanted; the state stays in the simulator."""

    def __init__(self, sim: Simulator, *, app: ASGIApp | None = None, host: str = LOOPBACK, port: int = 0) -> None:
        self._sim = sim
        self._app = app or create_app(sim)
        self._host = host
        self._port = port
        self._listener: Listener | None = None

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    def open(self) -> None:
        """Returns once requests are accepted."""
        if self._listener is not None:
            return
        listening = listening_on(self._host, self._port)
        self._port = listening.getsockname()[1]
        self._listener = Listener(_config(self._app))
        self._listener.start(listening)

    def close(self) -> None:
        """Returns once the port is free; connections are cut."""
        if self._listener is None:
            return
        self._sim.faults.release()
        self._listener.stop()
        self._listener = None


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_DroppableProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        date_header=False,  # the simulator's own clock
        server_header=False,
        timeout_graceful_shutdown=1,
    )


@contextmanager
def running(sim: Simulator, *, app: ASGIApp | None = None, host: str = LOOPBACK, port: int = 0) -> Iterator[str]:
    """Serves while the block runs and gives the URL; a fixed `port` can be used again afterwards.

    `app` is what answers where something stands in front of the simulator's own.
    """
    server = SimulatorServer(sim, app=app, host=host, port=port)
    server.open()
    sim.faults.attach(server)
    try:
        yield server.url
    finally:
        sim.faults.attach(None)
        server.close()
