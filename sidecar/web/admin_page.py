"""For admins: who is signed in, and the means to end it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.store.database import Database
from sidecar.store.missed import count_open
from sidecar.store.web_sessions import all_sessions, end_session
from sidecar.web.live import Live
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.web.visitor import Visitor


class AdminPage:
    def __init__(
        self, *, database: Database, pages: Pages, live: Live, options: WebOptions, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._pages = pages
        self._live = live
        self._options = options
        self._clock = clock

    async def show(self, request: Request, visitor: Visitor) -> Response:
        now = self._clock()
        sessions, open_missed = await self._database.read(
            lambda connection: (all_sessions(connection, now=now), count_open(connection, visitor.viewer))
        )
        values = {"sessions": sessions, "connected": self._live.connected, "open_missed": open_missed}
        return self._pages.page(request, visitor, "admin.html", values)

    async def end(self, request: Request, _visitor: Visitor) -> Response:
        key, now = request.path_params["key"], self._clock()
        await self._database.write(lambda connection: end_session(connection, key, now=now))
        self._live.wake()
        return RedirectResponse(f"{self._options.root_path}/admin", 303)
