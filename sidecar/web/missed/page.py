"""The list of missed calls."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection
from sidecar.store.missed.entries import closed_missed, open_missed
from sidecar.web.access.visitor import Visitor
from sidecar.web.menu import menu_values
from sidecar.web.parts import Parts

AT_ONCE = 100  # entries
PLACE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)-(\d{1,18})", re.ASCII)  # of an entry in the list


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The whole page, or the next entries of it."""
    if place := PLACE.fullmatch(request.query_params.get("before", "")):
        before = float(place[1]), int(place[2])
        rows = await parts.database.read(lambda connection: _waiting(connection, visitor, before))
        return parts.rendering.fragment(visitor, "missed/rows.html", rows)
    values = await parts.database.read(lambda connection: _lists(connection, visitor))
    return parts.rendering.page(request, visitor, "missed/page.html", values)


def _lists(connection: Connection, visitor: Visitor) -> dict[str, object]:
    return {
        **menu_values(connection, visitor.viewer),
        **_waiting(connection, visitor),
        "closed": closed_missed(connection, visitor.viewer),
    }


def _waiting(connection: Connection, visitor: Visitor, before: tuple[float, int] | None = None) -> dict[str, object]:
    """`next`: the place behind which the rest are."""
    entries = open_missed(connection, visitor.viewer, before=before, limit=AT_ONCE + 1)
    last = entries[AT_ONCE - 1] if len(entries) > AT_ONCE else None
    return {
        "waiting": entries[:AT_ONCE],
        "next": last and f"{last.last_at!r}-{last.id}",
        "user_id": visitor.user_id,
        "told": None,
        "written": None,
    }
