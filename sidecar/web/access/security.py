"""What keeps strangers out of the browser's side: headers of every answer, the origin and the token of every change."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sidecar.web.inputs import read_form

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD"})
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
DEFAULTS = {**HEADERS, "Cache-Control": "no-store"}  # where a page does not know better

LONGEST_PATH = 1000  # characters
BAD_ADDRESS = PlainTextResponse("There can be no page at this address.", 400, headers=HEADERS)


class SecurityHeaders:
    """Around the whole application, static files included. Pages are never kept by caches on the way.

    What no database can hold gets no further.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_odd(scope):
            await BAD_ADDRESS(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in DEFAULTS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _is_odd(scope: Scope) -> bool:
    path: str = scope["path"]
    return len(path) > LONGEST_PATH or "\0" in path or b"%00" in scope["query_string"]


def csrf_token(session_token: str) -> str:
    """Bound to the session: worth nothing in another one."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


async def is_forged(request: Request, csrf: str) -> bool:
    """Whether a change did not come from one of our own pages."""
    if request.method in SAFE_METHODS:
        return False
    if not from_own_origin(request):
        return True
    given = request.headers.get(CSRF_HEADER, "") or (await read_form(request)).get(CSRF_FIELD, "")
    return not hmac.compare_digest(given.encode(), csrf.encode())


def from_own_origin(request: Request) -> bool:
    """By the Origin header, which every browser sends with a change; without one, what the browser says of the site."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc.lower() == request.headers.get("Host", "").lower()


def needs_secure_cookies(request: Request) -> bool:
    """Everywhere but on plain HTTP of this machine; a proxy in front may not have said that it speaks HTTPS."""
    return request.url.scheme == "https" or request.url.hostname not in LOCAL_HOSTS
