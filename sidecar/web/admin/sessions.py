"""For admins: who is signed in, and the means to end it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.reasons import because
from sidecar.store.database import Connection, Database
from sidecar.store.pages.sessions import all_sessions, end_session, find_session
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import AdminFrame
from sidecar.web.live import Live
from sidecar.words.deeds import Concerned


class SessionsPage:
    def __init__(self, *, frame: AdminFrame, database: Database, live: Live) -> None:
        self._frame = frame
        self._database = database
        self._live = live

    async def show(self, request: Request, visitor: Visitor) -> Response:
        now = self._frame.clock()
        sessions = await self._database.read(lambda connection: all_sessions(connection, now=now))
        values = {"sessions": sessions, "connected": self._live.connected}
        return await self._frame.page(request, visitor, "sessions", values)

    async def end(self, request: Request, visitor: Visitor) -> Response:
        key, now = request.path_params["key"], self._frame.clock()

        def work(connection: Connection) -> None:
            ended = find_session(connection, key, now=now)
            if ended and end_session(connection, key, now=now):
                subject = because(Concerned.SESSION, name=ended.name, user_id=ended.user_id)
                self._frame.note(connection, visitor, "session_ended", subject)

        await self._database.write(work)
        self._live.wake()
        return self._frame.back("sessions")
