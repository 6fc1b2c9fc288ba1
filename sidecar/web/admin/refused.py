"""For admins: whose numbers Zammad refuses to have repaired, why, and when it is tried again."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection
from sidecar.store.people.refusals import count_refusals, refused_customers
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import framed
from sidecar.web.parts import Parts

LISTED = 200


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    search = request.query_params.get("q", "")

    def read(connection: Connection) -> dict[str, object]:
        return {"count": count_refusals(connection), "refusals": refused_customers(connection, search, limit=LISTED)}

    values = await parts.database.read(read)
    return await framed(request, visitor, parts, "refused", {**values, "q": search})
