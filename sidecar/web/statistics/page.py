"""Numbers for leads: what was offered, answered and missed, by hour, day, line and agent."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.web.access.visitor import Visitor
from sidecar.web.menu import menu_values
from sidecar.web.parts import Parts
from sidecar.web.recent.numbers import SPANS
from sidecar.web.statistics.tables import tables_of


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    span = request.query_params.get("span", "today")
    span = span if span in SPANS else "today"
    numbers = await parts.numbers.of(visitor.viewer, visitor.words.zone, span)
    menu = await parts.database.read(lambda connection: menu_values(connection, visitor.viewer))
    values = {"span": span, "spans": list(SPANS), **menu, **tables_of(numbers, visitor.words)}
    return parts.rendering.page(request, visitor, "statistics/page.html", values)
