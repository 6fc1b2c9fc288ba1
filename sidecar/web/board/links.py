"""For admins: links of boards on televisions, made and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.reasons import because
from sidecar.store.calls.search import lines_with_calls
from sidecar.store.database import Connection
from sidecar.store.pages.boards import BoardLink, add_board_link, all_board_links, revoke
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import back, framed, note
from sidecar.web.board.television import hash_of
from sidecar.web.inputs import id_in_path, read_form
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_

KEY_BYTES = 24
LONGEST_NAME = 80
NO_NAME = N_("Give the board a name, such as the room where it hangs.")


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    return await _page(request, visitor, parts)


async def make(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """Its address is shown now and never again."""
    form = await read_form(request)
    name = " ".join(form.get("name", "").split())[:LONGEST_NAME]
    if not name:
        return await _page(request, visitor, parts, problem=NO_NAME, status=400)
    key = secrets.token_urlsafe(KEY_BYTES)
    link = _link(name, key, form, _lines(await request.body()), by=visitor, now=parts.clock())

    def work(connection: Connection) -> None:
        add_board_link(connection, link)
        note(connection, visitor, parts, "board_link_made", because(Concerned.BOARD, name=name))

    await parts.database.write(work)
    return await _page(request, visitor, parts, {"made": key})


async def end(request: Request, visitor: Visitor, parts: Parts) -> Response:
    number = id_in_path(request)

    def work(connection: Connection) -> None:
        if name := revoke(connection, number):
            note(connection, visitor, parts, "board_link_revoked", because(Concerned.BOARD, name=name))

    await parts.database.write(work)
    return back(parts, "boards")


def _link(name: str, key: str, form: Mapping[str, str], lines: Sequence[str], *, by: Visitor, now: float) -> BoardLink:
    return BoardLink(
        key=hash_of(key),
        name=name,
        made_by_id=by.user_id,
        made_by=by.name,
        made_at=now,
        numbers="numbers" in form,
        names="names" in form,
        lines=tuple(sorted(lines)),
    )


def _lines(body: bytes) -> list[str]:
    """Several boxes of one name."""
    return parse_qs(body.decode()).get("line", [])


async def _page(
    request: Request,
    visitor: Visitor,
    parts: Parts,
    values: Mapping[str, object] | None = None,
    *,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    def read(connection: Connection) -> dict[str, object]:
        return {"links": all_board_links(connection), "lines": lines_with_calls(connection)}

    shown = {"made": None, **await parts.database.read(read), **(values or {})}
    return await framed(request, visitor, parts, "boards", shown, problem=problem, status=status)
