"""`python -m bench.rig.serve PORT bare|waiting|whole`: the server under load, its settings in the environment.

bare: the same HTTP server and framework with a constant answer. waiting: the follow-up work waits. whole: the service.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, cast

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.rig.setting import TOKEN
from sidecar.app import Sidecar
from sidecar.config import load
from sidecar.http.server import server_for
from sidecar.logs import configure_logs
from sidecar.metrics import Metrics
from sidecar.store.migrations import upgrade

if TYPE_CHECKING:
    from sidecar.config import Settings

ANSWER = b"""<Response onAnswer="https://zammad.example.com/api/v1/sipgate/token/in" onHangup=""/>"""


class Bare:
    """Has an application, and what the HTTP server counts."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.app = Starlette(routes=[Route(f"/api/v1/sipgate/{TOKEN}/in", self.answer, methods=["POST"])])

    def end_streams(self) -> None:
        """There are none."""

    async def answer(self, request: Request) -> Response:
        await request.body()
        return Response(ANSWER, media_type="application/xml")


def sidecar_for(kind: str, settings: Settings) -> Sidecar:
    if kind == "bare":
        return cast("Sidecar", Bare())
    sidecar = Sidecar(settings)
    upgrade(sidecar.database)
    if kind == "waiting":
        sidecar._follow_up.run = anyio.sleep_forever  # type: ignore[method-assign]  # noqa: SLF001 - nothing is folded
    return sidecar


def main(port: str, kind: str) -> None:
    configure_logs(level="error", form="console")
    settings = load(None, {**_sidecar_variables(), "SIDECAR_SERVER__PORT": port})
    server_for(sidecar_for(kind, settings), settings).run()


def _sidecar_variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("SIDECAR_")}


if __name__ == "__main__":
    main(*sys.argv[1:])
