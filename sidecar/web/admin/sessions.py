"""For admins: who is signed in, and the means to end it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.reasons import because
from sidecar.store.database import Connection
from sidecar.store.pages.sessions import all_sessions, end_session, find_session
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import back, framed, note
from sidecar.web.admin.searching import fits, wanted_in
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    now, q, words = parts.clock(), wanted_in(request), visitor.words
    sessions = await parts.database.read(lambda connection: all_sessions(connection, now=now))
    sessions = [each for each in sessions if fits(q, each.name, words.term("signed in by", each.signed_in_by))]
    values = {"sessions": sessions, "connected": parts.live.connected, "q": q}
    return await framed(request, visitor, parts, "sessions", values)


async def end(request: Request, visitor: Visitor, parts: Parts) -> Response:
    key, now = request.path_params["key"], parts.clock()

    def work(connection: Connection) -> None:
        ended = find_session(connection, key, now=now)
        if ended and end_session(connection, key, now=now):
            subject = because(Concerned.SESSION, name=ended.name, user_id=ended.user_id)
            note(connection, visitor, parts, "session_ended", subject)

    await parts.database.write(work)
    parts.live.wake()
    return back(parts, "sessions")
