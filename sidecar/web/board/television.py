"""GET /board/<key>: the wallboard on a television, where nobody is signed in. Whoever has the key may look on."""

from __future__ import annotations

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.pages.boards import BoardLink, board_link_with, is_to_be_noted, note_seen
from sidecar.web.access.visitor import words_for
from sidecar.web.board.drawing import View, drawn
from sidecar.web.inputs import is_for_htmx
from sidecar.web.parts import Parts
from sidecar.words.marks import N_

REVOKED = "X-Board-Revoked"  # a proxy has a 404 of its own while nobody is behind it
NO_BOARD = N_("There is no such board, or its link has been revoked.")


def hash_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()


async def show(request: Request, parts: Parts) -> Response:
    """The page, or what is on it: a television asks for that every few seconds."""
    key = request.path_params["key"]
    link = await parts.database.read(lambda connection: board_link_with(connection, hash_of(key)))
    if link is None:
        page = parts.rendering.refusal(request, NO_BOARD)
        page.headers[REVOKED] = "yes"
        return page
    await _note(link, parts)
    words = words_for(request, parts.options)
    board = await drawn(_view(link), words, parts)
    template = "board/board.html" if is_for_htmx(request) else "board/television.html"
    page = parts.rendering.open_page(request, template, {**board, "name": link.name, "key": key})
    page.headers["Referrer-Policy"] = "no-referrer"  # proxies log where a request for a script came from
    return page


async def _note(link: BoardLink, parts: Parts) -> None:
    now = parts.clock()
    if is_to_be_noted(link, now):
        await parts.database.write(lambda connection: note_seen(connection, link, now=now))


def _view(link: BoardLink) -> View:
    return View(viewer=SEES_ALL, lines=frozenset(link.lines), numbers=link.numbers, names=link.names)
