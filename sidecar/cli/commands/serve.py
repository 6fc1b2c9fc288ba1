"""`serve`: the service."""

from __future__ import annotations

import signal
from pathlib import Path

from sidecar.app import FIRST_LOOK, Sidecar
from sidecar.cli.settings import settings_from
from sidecar.config import Settings
from sidecar.http.server import server_for
from sidecar.logs import configure_logs
from sidecar.store.ownership import owned


def serve(config: Path | None) -> None:
    settings = settings_from(config)
    configure_logs(level=settings.logging.level, form=settings.logging.format)
    run_until_told(Sidecar(settings), settings)


def run_until_told(sidecar: Sidecar, settings: Settings) -> None:
    with owned(sidecar.database):
        sidecar.presence.prepare(patience=FIRST_LOOK)
        server = server_for(sidecar, settings)
        for ends in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises the signal once more after its shutdown
            signal.signal(ends, lambda _number, _frame: None)
        server.run()
