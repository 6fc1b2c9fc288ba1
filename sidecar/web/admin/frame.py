"""What all admin pages share: the frame around them, what was told last, and the note of every change."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.reasons import Reason
from sidecar.store.database import Connection
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.web.access.visitor import Visitor
from sidecar.web.menu import read_menu
from sidecar.web.parts import Parts
from sidecar.words.marks import N_

NO_ENTRY = N_("There is no such entry any more.")
DONE = N_("Done.")
SECTIONS = (
    "start",
    "health",
    "hooks",
    "sync",
    "refused",
    "agents",
    "deliveries",
    "simulate",
    "boards",
    "sessions",
    "audit",
)


async def framed(
    request: Request,
    visitor: Visitor,
    parts: Parts,
    section: str,
    values: Mapping[str, object],
    *,
    template: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    """A page of this section. `problem`: what went wrong with the change that was asked for, a message."""
    menu = await read_menu(visitor, parts)
    frame = {
        "sections": SECTIONS,
        "section": section,
        "now": parts.clock(),
        "told": DONE if request.query_params.get("told") == "done" else None,
        "problem": problem,
    }
    template = template or f"admin/{section}.html"
    return parts.rendering.page(request, visitor, template, {**values, **menu, **frame}, status=status)


def fragment(visitor: Visitor, parts: Parts, template: str, values: Mapping[str, object]) -> Response:
    return parts.rendering.fragment(visitor, template, {"now": parts.clock(), **values})


def missing(request: Request, parts: Parts) -> Response:
    return parts.rendering.refusal(request, NO_ENTRY)


def back(parts: Parts, section: str, query: str = "told=done") -> Response:
    return RedirectResponse(f"{parts.options.root_path}/admin/{section}?{query}", 303)


def note(connection: Connection, visitor: Visitor, parts: Parts, what: str, subject: Reason) -> None:
    """In the transaction of the change, where that is one of the database."""
    deed = Deed(at=parts.clock(), user_id=visitor.user_id, name=visitor.name, what=what, subject=subject)
    note_deed(connection, deed)
