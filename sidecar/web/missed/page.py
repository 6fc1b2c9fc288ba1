"""The list of missed calls, searched by number or name, by whose they are and by line."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.pages.missed_search import MissedSearch, Whose
from sidecar.store.database import Connection
from sidecar.store.missed.entries import closed_missed, count_open, open_missed
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import is_for_htmx
from sidecar.web.menu import menu_values
from sidecar.web.missed.filters import MissedFilters
from sidecar.web.parts import Parts

AT_ONCE = 100  # entries
PLACE = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)-(\d{1,18})", re.ASCII)  # of an entry in the list


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The whole page, the lists alone after a change of the filters, or the next entries (`before`)."""
    filters = MissedFilters.read(request.query_params)
    search = filters.search(visitor.user_id, parts.options.country)
    if place := PLACE.fullmatch(request.query_params.get("before", "")):
        before = float(place[1]), int(place[2])
        rows = await parts.database.read(lambda connection: _waiting(connection, visitor, search, before))
        return parts.rendering.fragment(visitor, "missed/rows.html", {**rows, "filters": filters})
    values = await parts.database.read(lambda connection: _lists(connection, visitor, search))
    values |= {"filters": filters, "choices": await parts.choices.of(visitor.viewer), "kinds": list(Whose)}
    if is_for_htmx(request) and "HX-History-Restore-Request" not in request.headers:
        return parts.rendering.fragment(visitor, "missed/lists.html", values)
    return parts.rendering.page(request, visitor, "missed/page.html", values)


def _lists(connection: Connection, visitor: Visitor, search: MissedSearch) -> dict[str, object]:
    return {
        **menu_values(connection, visitor.viewer),
        **_waiting(connection, visitor, search),
        "found": count_open(connection, visitor.viewer, search),
        "closed": closed_missed(connection, visitor.viewer, search),
    }


def _waiting(
    connection: Connection, visitor: Visitor, search: MissedSearch, before: tuple[float, int] | None = None
) -> dict[str, object]:
    """`next`: the place behind which the rest are."""
    entries = open_missed(connection, visitor.viewer, search, before=before, limit=AT_ONCE + 1)
    last = entries[AT_ONCE - 1] if len(entries) > AT_ONCE else None
    return {
        "waiting": entries[:AT_ONCE],
        "next": last and f"{last.last_at!r}-{last.id}",
        "user_id": visitor.user_id,
        "told": None,
    }
