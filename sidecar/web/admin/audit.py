"""For admins: what was changed on these pages, by whom and when."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Database
from sidecar.store.pages.audit import latest_deeds
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import AdminFrame


class AuditPage:
    def __init__(self, *, frame: AdminFrame, database: Database) -> None:
        self._frame = frame
        self._database = database

    async def show(self, request: Request, visitor: Visitor) -> Response:
        return await self._frame.page(request, visitor, "audit", {"deeds": await self._database.read(latest_deeds)})
