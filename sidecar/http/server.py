"""Uvicorn, told that some requests never end by themselves, and that no hook waits for the garbage collector."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

import structlog
import uvicorn

from sidecar.app import Sidecar
from sidecar.config import Settings
from sidecar.http.connection import LimitedConnection, Limits, WaitingRoom

COLLECT_AFTER = 20_000  # objects; some hundred hooks on their way
DESCRIPTORS = 65_536  # open files and connections asked for; the system may allow fewer
KEEP_ALIVE = 75  # seconds; nginx keeps its idle connections for 60: who closes first could cost the other a hook
LAST_RESORT = 9.5  # seconds from the signal to the end of the process in any case
DRAIN = 3  # seconds for requests that are being answered when the process is told to stop

log = structlog.get_logger(__name__)


def server_for(sidecar: Sidecar, settings: Settings) -> uvicorn.Server:
    """HTTP as sipgate wants it, around a sidecar whose database is migrated."""
    closed = sidecar.metrics.connections_closed
    waiting_room = WaitingRoom(Limits(), on_closed=lambda why: closed.labels(why=why).inc())
    return HttpServer(
        uvicorn.Config(
            sidecar.app,
            host=settings.server.host,
            port=settings.server.port,
            http=partial(LimitedConnection, waiting_room=waiting_room),  # type: ignore[arg-type]  # called like the class
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            proxy_headers=True,
            forwarded_allow_ips=list(settings.server.trusted_proxies),
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=DRAIN,
            backlog=2048,
        ),
        before_draining=sidecar.end_streams,
    )


class HttpServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, before_draining: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_draining = before_draining

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        _allow_many_connections()
        await super().startup(sockets)
        _spare_what_stays()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Whatever does not let go of its work in time is left: what counts is on disk."""
        log.info("stopping", signal=signal.Signals(sig).name)
        end = threading.Timer(LAST_RESORT, _end_at_once)
        end.daemon = True
        end.start()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_draining()
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):  # let in at the last moment, or slow beyond the drain
            connection.transport.abort()
        await asyncio.sleep(0)


def _end_at_once() -> None:
    log.error("stopped_by_force", after_seconds=LAST_RESORT)
    os._exit(1)


def _allow_many_connections() -> None:
    """Shells and services begin with 1,024, and each open page is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _spare_what_stays() -> None:
    """What is there after the start is there for good: looking through all of it again and again stops every hook."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
