"""How Zammad words its answers and its refusals."""

from __future__ import annotations

import json
import secrets
from html import escape

from starlette.responses import HTMLResponse, Response

from zammad_client.records import Json


class JsonAnswer(Response):
    media_type = "application/json; charset=utf-8"

    def render(self, content: Json) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class Refusal(Exception):  # noqa: N818 - the word of the trade: Zammad refuses
    """An answer other than the wanted one. `plain` leaves out `error_human` and the X-Failure header."""

    def __init__(self, status: int, message: str, *, plain: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.plain = plain


class NotSimulatedError(Exception):
    """The simulator does not know what the real Zammad would do here."""


def masked(status: int) -> Refusal:
    return Refusal(status, f"Error ID {secrets.token_urlsafe(6)}: Please contact your administrator.", plain=True)


def not_found(model: str, record_id: object) -> Refusal:
    return Refusal(404, f"Couldn't find {model} with 'id'={record_id}")


def refused(refusal: Refusal, *, as_html: bool) -> Response:
    if as_html:
        return _error_page(refusal)
    body = {"error": refusal.message}
    headers = {}
    if not refusal.plain:
        body["error_human"] = refusal.message
        if refusal.status in {401, 403}:
            headers["X-Failure"] = refusal.message
    return JsonAnswer(body, status_code=refusal.status, headers=headers)


def not_simulated(method: str, path: str, what: str = "") -> Response:
    text = f"The simulated Zammad does not do {method} {path}{': ' + what if what else ''}"
    return JsonAnswer({"error": text}, status_code=501)


def _error_page(refusal: Refusal) -> Response:
    message = escape(refusal.message).replace("&#x27;", "&#39;")
    title = "Not Found" if refusal.status == 404 else "Error"
    page = (
        f'<!DOCTYPE html>\n<html class="dark">\n<meta charset="utf-8">\n<title>{refusal.status}: {title}</title>\n'
        f"<body>\n  <h1>{refusal.status}: {title}</h1>\n  <div>{message}</div>\n</body>\n</html>\n"
    )
    return HTMLResponse(page, status_code=refusal.status)
