"""For admins: what was changed on these pages, by whom and when."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.pages.audit import latest_deeds
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import framed
from sidecar.web.parts import Parts


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await framed(request, visitor, parts, "audit", {"deeds": await parts.database.read(latest_deeds)})
