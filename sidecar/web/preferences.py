"""POST /preferences: language and light or dark, kept in the browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.web.access.security import needs_secure_cookies
from sidecar.web.access.visitor import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, Visitor
from sidecar.web.forms import read_form
from sidecar.web.options import WebOptions
from sidecar.words.languages import LANGUAGES

KEPT = 365 * 86400  # seconds
CHOICES = {"language": (LANGUAGE_COOKIE, LANGUAGES), "theme": (THEME_COOKIE, THEMES)}


class Preferences:
    def __init__(self, options: WebOptions) -> None:
        self._options = options

    async def save(self, request: Request, _visitor: Visitor) -> Response:
        """Back to the page it came from."""
        form = await read_form(request)
        response = RedirectResponse(self._page_before(request), 303)
        for name, (cookie, values) in CHOICES.items():
            if (value := form.get(name, "")) in values:
                response.set_cookie(
                    cookie,
                    value,
                    max_age=KEPT,
                    path=self._options.root_path,
                    httponly=True,
                    secure=needs_secure_cookies(request),
                    samesite="lax",
                )
        return response

    def _page_before(self, request: Request) -> str:
        before = urlsplit(request.headers.get("Referer", ""))
        own = before.path.startswith(f"{self._options.root_path}/") and "//" not in before.path
        if not own:
            return f"{self._options.root_path}/"
        return before.path + (f"?{before.query}" if before.query else "")
