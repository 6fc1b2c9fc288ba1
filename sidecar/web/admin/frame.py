"""What all admin pages share: the frame around them, what was told last, and the note of every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.reasons import Reason
from sidecar.store.database import Connection, Database
from sidecar.store.missed.entries import count_open
from sidecar.store.pages.audit import Deed, note_deed
from sidecar.store.replicas.page_changes import position
from sidecar.web.access.visitor import Visitor
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.words.marks import N_

NO_ENTRY = N_("There is no such entry any more.")
DONE = N_("Done.")
SECTIONS = ("health", "hooks", "sync", "agents", "deliveries", "simulate", "sessions", "audit")


class AdminFrame:
    def __init__(self, *, database: Database, pages: Pages, options: WebOptions, clock: Callable[[], float]) -> None:
        self._database = database
        self._pages = pages
        self._root_path = options.root_path
        self.country = options.country
        self.clock = clock

    async def page(
        self,
        request: Request,
        visitor: Visitor,
        section: str,
        values: Mapping[str, object],
        *,
        template: str | None = None,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        """`problem`: what went wrong with the change that was asked for, a key of the texts."""
        seen, open_missed = await self._database.read(
            lambda connection: (position(connection), count_open(connection, visitor.viewer))
        )
        frame = {
            "sections": SECTIONS,
            "section": section,
            "now": self.clock(),
            "position": seen,
            "open_missed": open_missed,
            "told": DONE if request.query_params.get("told") == "done" else None,
            "problem": problem,
        }
        return self._pages.page(
            request, visitor, template or f"admin_{section}.html", {**values, **frame}, status=status
        )

    def fragment(self, visitor: Visitor, template: str, values: Mapping[str, object]) -> Response:
        return self._pages.fragment(visitor, template, {"now": self.clock(), **values})

    def missing(self, request: Request) -> Response:
        return self._pages.open_page(request, "refusal.html", {"reason": NO_ENTRY}, status=404)

    def back(self, section: str, query: str = "told=done") -> Response:
        return RedirectResponse(f"{self._root_path}/admin/{section}?{query}", 303)

    def note(self, connection: Connection, visitor: Visitor, what: str, subject: Reason) -> None:
        """In the transaction of the change, where that is one of the database."""
        deed = Deed(at=self.clock(), user_id=visitor.user_id, name=visitor.name, what=what, subject=subject)
        note_deed(connection, deed)
