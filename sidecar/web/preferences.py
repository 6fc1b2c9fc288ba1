"""POST /preferences: language, light or dark, and the view of Zammad that links lead to, kept in the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.web.access.security import needs_secure_cookies
from sidecar.web.access.visitor import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, VIEW_COOKIE, VIEWS, Visitor
from sidecar.web.inputs import read_form
from sidecar.web.parts import Parts
from sidecar.words.languages import LANGUAGES

KEPT = 365 * 86400  # seconds
CHOICES = {"language": (LANGUAGE_COOKIE, LANGUAGES), "theme": (THEME_COOKIE, THEMES), "view": (VIEW_COOKIE, VIEWS)}


async def save(request: Request, _visitor: Visitor, parts: Parts) -> Response:
    """Back to the page it came from."""
    form = await read_form(request)
    root_path = parts.options.root_path
    response = RedirectResponse(_page_before(request, root_path), 303)
    for name, (cookie, values) in CHOICES.items():
        if (value := form.get(name, "")) in values:
            response.set_cookie(
                cookie,
                value,
                max_age=KEPT,
                path=root_path,
                httponly=True,
                secure=needs_secure_cookies(request),
                samesite="lax",
            )
    return response


def _page_before(request: Request, root_path: str) -> str:
    before = urlsplit(request.headers.get("Referer", ""))
    own = before.path.startswith(f"{root_path}/") and "//" not in before.path
    if not own:
        return f"{root_path}/"
    return before.path + (f"?{before.query}" if before.query else "")
