"""For admins: what Zammad has refused for good or is still to be told; tried again or given up."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import because
from sidecar.store.calls import outbox
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import back, framed, note
from sidecar.web.inputs import id_in_path
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_

CONFLICT = N_("It is neither refused nor waiting any more; nothing was changed.")
LISTED = 200


class _Change(Protocol):
    def __call__(self, connection: Connection, ids: list[int] | None, *, now: float) -> int: ...


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _page(request, visitor, parts)


async def retry(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _change(request, visitor, parts, outbox.retry, "delivery_retried", number=id_in_path(request))


async def discard(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _change(request, visitor, parts, outbox.discard, "delivery_discarded", number=id_in_path(request))


async def retry_all(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Everything that is dead."""
    return await _change(request, visitor, parts, outbox.retry, "delivery_retried", number=None)


async def _change(
    request: Request, visitor: Visitor, parts: Parts, change: _Change, what: str, *, number: int | None
) -> Response:
    def work(connection: Connection) -> int:
        count = change(connection, None if number is None else [number], now=parts.clock())
        if count:
            one_or_all = because(Concerned.DEAD_DELIVERIES, count=count)
            if number is not None:
                one_or_all = because(Concerned.DELIVERY, number=number)
            note(connection, visitor, parts, what, one_or_all)
        return count

    if not await parts.database.write(work):
        return await _page(request, visitor, parts, problem=CONFLICT, status=409)
    parts.workings.send()
    return back(parts, "deliveries")


async def _page(
    request: Request, visitor: Visitor, parts: Parts, *, problem: str | None = None, status: int = 200
) -> Response:
    def read(connection: Connection) -> dict[str, object]:
        return {
            "dead": outbox.parcels(connection, states=(ParcelState.DEAD,), limit=LISTED),
            "pending": outbox.parcels(connection, states=(ParcelState.PENDING,), limit=LISTED),
            "backlog": outbox.backlog(connection),
        }

    values = await parts.database.read(read)
    return await framed(request, visitor, parts, "deliveries", values, problem=problem, status=status)
