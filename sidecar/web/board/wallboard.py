"""The wallboard of whoever is signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.web.access.visitor import Visitor
from sidecar.web.board.drawing import View, drawn
from sidecar.web.inputs import is_for_htmx
from sidecar.web.menu import menu_values
from sidecar.web.parts import Parts


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The whole board, or what is on it when something has changed."""
    board = await drawn(View(viewer=visitor.viewer), visitor.words, parts)
    if is_for_htmx(request):
        return parts.rendering.fragment(visitor, "board/board.html", board)
    menu = await parts.database.read(lambda connection: menu_values(connection, visitor.viewer))
    return parts.rendering.page(request, visitor, "board/wallboard.html", {**board, **menu})
