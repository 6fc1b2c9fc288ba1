"""Before every page: who is it, may they, and did the change come from one of our own pages?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.errors import StoreError
from sidecar.web.access.security import SAFE_METHODS, is_forged
from sidecar.web.access.sessions import Sessions
from sidecar.web.access.visitor import Visitor
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.words.marks import N_

FORGED = N_("This change did not come from one of these pages and was refused. Load the page again.")
NOT_ALLOWED = N_("You have no right to see this.")
NO_DATABASE = N_("The database does not answer at the moment. Calls are still answered.")
SIGNED_OUT = N_("You are not signed in any more.")

View = Callable[[Request, Visitor], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger(__name__)


class Guard:
    def __init__(self, *, sessions: Sessions, pages: Pages, options: WebOptions) -> None:
        self._sessions = sessions
        self._pages = pages
        self._options = options

    def admits(self, view: View, *, permission: str | None = None) -> Endpoint:
        """The view for people who are signed in, and hold this permission of Zammad's if one is named."""

        async def guarded(request: Request) -> Response:
            visitor = await self._sessions.visitor(request)
            if visitor is None:
                return self._stranger(request)
            if await is_forged(request, visitor.csrf):
                log.warning("forged_request_refused", path=request.url.path)
                return self._refusal(request, FORGED, 403)
            if permission is not None and permission not in visitor.permissions:
                return self._refusal(request, NOT_ALLOWED, 403)
            return await view(request, visitor)

        return self._open(guarded)

    def _open(self, endpoint: Endpoint) -> Endpoint:
        async def answering(request: Request) -> Response:
            try:
                return await endpoint(request)
            except StoreError as error:
                log.warning("page_without_database", problem=str(error))
                return self._refusal(request, NO_DATABASE, 503)

        return answering

    def opens(self, endpoint: Endpoint) -> Endpoint:
        """For everybody; only a lost database is dealt with."""
        return self._open(endpoint)

    def _stranger(self, request: Request) -> Response:
        """Pages send on to the sign-in; parts of pages, streams and changes say 401."""
        whole_page = request.method in SAFE_METHODS and "text/html" in request.headers.get("Accept", "")
        if not whole_page or "HX-Request" in request.headers:
            return self._refusal(request, SIGNED_OUT, 401)
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"{self._options.root_path}/sign-in?{urlencode({'next': wanted})}", 303)

    def _refusal(self, request: Request, reason: str, status: int) -> Response:
        return self._pages.open_page(request, "refusal.html", {"reason": reason}, status=status)
