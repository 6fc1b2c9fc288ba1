"""How Zammad words its answers."""

from __future__ import annotations

import json
from html import escape

from starlette.responses import HTMLResponse, Response

from zammad_client.records import Json
from zammad_client.simulator.models.refusals import Refusal


class JsonAnswer(Response):
    media_type = "application/json; charset=utf-8"

    def render(self, content: Json) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


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
