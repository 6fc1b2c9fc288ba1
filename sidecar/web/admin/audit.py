"""For admins: what was changed on these pages, by whom and when."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection
from sidecar.store.pages.audit import Deed, latest_deeds
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import framed
from sidecar.web.admin.searching import Found, fits, look_back, wanted_in
from sidecar.web.inputs import id_in_query
from sidecar.web.parts import Parts
from sidecar.words.sentences import sentence


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    q, words = wanted_in(request), visitor.words

    def is_wanted(deed: Deed) -> bool:
        what, subject = words.term("deed", deed.what), sentence(deed.subject, words)
        return fits(q, deed.name, what, subject, words.when(deed.at))

    def read(connection: Connection) -> Found[Deed]:
        return look_back(
            lambda before, most: latest_deeds(connection, before=before, limit=most),
            is_wanted,
            id_in_query(request, "before"),
        )

    return await framed(request, visitor, parts, "audit", {"found": await parts.database.read(read), "q": q})
