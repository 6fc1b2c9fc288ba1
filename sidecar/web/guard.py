"""Before every page: who is it, may they, and did the change come from one of our own pages?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.errors import StoreError
from sidecar.web.access.security import SAFE_METHODS, is_forged
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import is_by_itself, is_for_htmx
from sidecar.web.parts import Parts
from sidecar.words.marks import N_

FORGED = N_("This change did not come from one of these pages and was refused. Load the page again.")
NOT_ALLOWED = N_("You have no right to see this.")
NO_DATABASE = N_("The database does not answer at the moment. Calls are still answered.")
NO_PAGE = N_("There is no page at this address.")
SIGNED_OUT = N_("You are not signed in any more.")

Page = Callable[[Request, Visitor, Parts], Awaitable[Response]]
OpenPage = Callable[[Request, Parts], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]

log = structlog.get_logger(__name__)


def admits(page: Page, parts: Parts, *, permission: str | None = None) -> Endpoint:
    """The page for people who are signed in, and hold this permission of Zammad's if one is named."""

    async def guarded(request: Request, parts: Parts) -> Response:
        visitor = await parts.sessions.visitor(request)
        if visitor is None:
            return _stranger(request, parts)
        if await is_forged(request, visitor.csrf):
            log.warning("forged_request_refused", path=request.url.path)
            return _refusal(request, parts, FORGED, 403)
        if permission is not None and permission not in visitor.permissions:
            return _refusal(request, parts, NOT_ALLOWED, 403)
        return await page(request, visitor, parts)

    return opens(guarded, parts)


def opens(page: OpenPage, parts: Parts) -> Endpoint:
    """For everybody; only a lost database is dealt with."""

    async def answering(request: Request) -> Response:
        try:
            return await page(request, parts)
        except StoreError as error:
            log.warning("page_without_database", problem=str(error))
            return _refusal(request, parts, NO_DATABASE, 503)

    return answering


def nowhere(parts: Parts) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What is said where there is no page."""

    async def answering(request: Request, _error: Exception) -> Response:
        return _refusal(request, parts, NO_PAGE, 404)

    return answering


def _stranger(request: Request, parts: Parts) -> Response:
    """Pages send on to the sign-in; parts of pages, streams and changes say 401."""
    whole_page = request.method in SAFE_METHODS and "text/html" in request.headers.get("Accept", "")
    if not whole_page or is_for_htmx(request) or is_by_itself(request):
        return _refusal(request, parts, SIGNED_OUT, 401)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{parts.options.root_path}/sign-in?{urlencode({'next': wanted})}", 303)


def _refusal(request: Request, parts: Parts, reason: str, status: int) -> Response:
    return parts.rendering.refusal(request, reason, status=status)
