"""The wallboard of whoever is signed in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.web.access.visitor import Visitor
from sidecar.web.board.drawing import View, drawn
from sidecar.web.inputs import is_for_htmx
from sidecar.web.menu import read_menu
from sidecar.web.parts import Parts


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The whole board, or what is on it when something has changed."""
    is_part = is_for_htmx(request)
    menu = {} if is_part else await read_menu(visitor, parts)  # first: its stream goes on from there
    board = await drawn(View(viewer=visitor.viewer), visitor.words, parts)
    if is_part:
        return parts.rendering.fragment(visitor, "board/board.html", board)
    return parts.rendering.page(request, visitor, "board/wallboard.html", {**board, **menu})
