"""Templates with what every page needs: texts, links, who is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sidecar.calls.listing import ListedCall
from sidecar.store.missed.entries import MissedCall
from sidecar.web.access.visitor import Visitor, speech_for, theme_of
from sidecar.web.assets import MODULES, asset_path
from sidecar.web.options import WebOptions
from sidecar.web.speech import Speech

HERE = Path(__file__).parent
ROWS_KEPT = 4096  # in memory, some 2 kB each
ITEMS_KEPT = 1024


class Pages:
    def __init__(self, options: WebOptions) -> None:
        self._options = options
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.call_row = lru_cache(ROWS_KEPT)(self._call_row)
        self.missed_item = lru_cache(ITEMS_KEPT)(self._missed_item)
        self._templates.globals |= {
            "call_row": self.call_row,
            "root": options.root_path,
            "zammad": options.zammad_url,
            "asset": self._asset,
            "modules": MODULES,
        }

    def page(
        self, request: Request, visitor: Visitor, name: str, values: Mapping[str, object], *, status: int = 200
    ) -> Response:
        """A whole page for somebody who is signed in."""
        html = self.text(name, visitor.speech, visitor=visitor, theme=theme_of(request), path=_path(request), **values)
        return HTMLResponse(html, status_code=status, headers={"Vary": "Accept-Language, Cookie, HX-Request"})

    def open_page(self, request: Request, name: str, values: Mapping[str, object], *, status: int = 200) -> Response:
        """A page that strangers may see."""
        speech = speech_for(request, self._options)
        html = self.text(name, speech, visitor=None, theme=theme_of(request), path=_path(request), **values)
        return HTMLResponse(html, status_code=status)

    def fragment(self, visitor: Visitor, name: str, values: Mapping[str, object], *, status: int = 200) -> Response:
        """A part of a page, for htmx."""
        return HTMLResponse(self.text(name, visitor.speech, visitor=visitor, **values), status_code=status)

    def text(self, template: str, speech: Speech, /, **values: object) -> str:
        return self._templates.get_template(template).render(s=speech, **values)

    def _call_row(self, speech: Speech, call: ListedCall) -> Markup:
        """Looks the same to everybody who speaks so."""
        return Markup(self.text("call_row.html", speech, call=call))  # noqa: S704 - the template escapes

    def _missed_item(self, speech: Speech, entry: MissedCall, mine: bool) -> str:  # noqa: FBT001 - lru_cache wants it so
        """Looks the same to everybody who speaks so, but for whoever has taken it."""
        user_id = entry.owner_id if mine else None
        return self.text("missed_item.html", speech, entry=entry, user_id=user_id, told=None, written=None)

    def _asset(self, name: str) -> str:
        return f"{self._options.root_path}{asset_path(name)}"


def _path(request: Request) -> str:
    return request.url.path
