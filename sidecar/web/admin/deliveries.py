"""For admins: what Zammad has refused for good or is still to be told; tried again or given up."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.reasons import because
from sidecar.store.calls import outbox
from sidecar.store.database import Connection, Database
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import AdminFrame
from sidecar.web.admin.workings import Workings
from sidecar.web.ids import id_in_path
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_

CONFLICT = N_("It is neither refused nor waiting any more; nothing was changed.")
LISTED = 200


class _Change(Protocol):
    def __call__(self, connection: Connection, ids: list[int] | None, *, now: float) -> int: ...


class DeliveriesPage:
    def __init__(self, *, frame: AdminFrame, database: Database, workings: Workings) -> None:
        self._frame = frame
        self._database = database
        self._workings = workings

    async def show(self, request: Request, visitor: Visitor) -> Response:
        return await self._page(request, visitor)

    async def retry(self, request: Request, visitor: Visitor) -> Response:
        return await self._change_one(request, visitor, outbox.retry, "delivery_retried")

    async def discard(self, request: Request, visitor: Visitor) -> Response:
        return await self._change_one(request, visitor, outbox.discard, "delivery_discarded")

    async def retry_all(self, request: Request, visitor: Visitor) -> Response:
        """Everything that is dead."""
        return await self._change(request, visitor, outbox.retry, "delivery_retried", None)

    async def _change_one(self, request: Request, visitor: Visitor, change: _Change, what: str) -> Response:
        return await self._change(request, visitor, change, what, id_in_path(request))

    async def _change(
        self, request: Request, visitor: Visitor, change: _Change, what: str, number: int | None
    ) -> Response:
        def work(connection: Connection) -> int:
            count = change(connection, None if number is None else [number], now=self._frame.clock())
            if count:
                one_or_all = because(Concerned.DEAD_DELIVERIES, count=count)
                if number is not None:
                    one_or_all = because(Concerned.DELIVERY, number=number)
                self._frame.note(connection, visitor, what, one_or_all)
            return count

        if not await self._database.write(work):
            return await self._page(request, visitor, problem=CONFLICT, status=409)
        self._workings.send()
        return self._frame.back("deliveries")

    async def _page(
        self, request: Request, visitor: Visitor, *, problem: str | None = None, status: int = 200
    ) -> Response:
        def read(connection: Connection) -> dict[str, object]:
            return {
                "dead": outbox.parcels(connection, states=("dead",), limit=LISTED),
                "pending": outbox.parcels(connection, states=("pending",), limit=LISTED),
                "backlog": outbox.backlog(connection),
            }

        values = await self._database.read(read)
        return await self._frame.page(request, visitor, "deliveries", values, problem=problem, status=status)
