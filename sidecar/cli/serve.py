"""`serve`: the service."""

from __future__ import annotations

import signal
from functools import partial
from typing import TYPE_CHECKING

from sidecar.cli.options import ConfigFile, settings_from

if TYPE_CHECKING:
    import uvicorn

    from sidecar.app import Sidecar
    from sidecar.config import Settings

KEEP_ALIVE = 75  # seconds; nginx keeps its idle connections for 60: who closes first could cost the other a hook
DRAIN = 3  # seconds for requests that are being answered when the process is told to stop


def serve(config: ConfigFile = None) -> None:
    """Answer sipgate's hooks and do everything they cause in Zammad, until SIGTERM.

    Starts and answers the phone even while Zammad is down.

    Example: `sipgate-sidecar serve --config /etc/sipgate-sidecar/config.yaml`
    """
    from sidecar.logs import configure_logs  # noqa: PLC0415 - slow to import, see the package

    settings = settings_from(config)
    configure_logs(level=settings.logging.level, form=settings.logging.format)
    server = server_of(settings)
    for ends in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises the signal once more after its shutdown
        signal.signal(ends, lambda _number, _frame: None)
    server.run()


def server_of(settings: Settings) -> uvicorn.Server:
    """The service on its port, its database migrated.

    Raises:
        ConfigurationError, StoreError: it cannot work.

    """
    from sidecar.app import Sidecar  # noqa: PLC0415 - as above
    from sidecar.store.migrations import upgrade  # noqa: PLC0415

    sidecar = Sidecar(settings)
    upgrade(sidecar.database)
    return server_for(sidecar, settings)


def server_for(sidecar: Sidecar, settings: Settings) -> uvicorn.Server:
    """HTTP as sipgate wants it, around a sidecar whose database is migrated."""
    import uvicorn  # noqa: PLC0415 - as above

    from sidecar.http_connection import LimitedConnection, Limits, WaitingRoom  # noqa: PLC0415
    from sidecar.http_server import HttpServer  # noqa: PLC0415

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
