"""Templates with what every page needs: words, links, who is signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.presence import AgentNow
from sidecar.store.missed.acts import UNDONE
from sidecar.store.missed.entries import MissedCall
from sidecar.web.access.visitor import Visitor, theme_of, view_of, words_for
from sidecar.web.options import WebOptions
from sidecar.web.rendering.assets import MODULES, asset_path
from sidecar.web.rendering.environments import environment_for
from sidecar.web.rendering.links import link_to, link_to_call
from sidecar.web.rendering.party import name_of, other_party, who_calls
from sidecar.words.languages import LANGUAGES, NAMES
from sidecar.words.marks import N_
from sidecar.words.sentences import explained, is_foreign, sentence
from sidecar.words.wording import Words

ROWS_KEPT = 4096  # in memory, some 2 kB each
ITEMS_KEPT = 1024
AGENTS_KEPT = 1024
EVENTS = "call,missed,gone,refresh,count,ringing,desk,agent,zammad,beat,reload,bye"  # that a page may be told
CLOSED_BECAUSE = {
    "done": N_("Done by {name}, {when}"),
    "talked in": N_("{name} talked to them, {when}"),
    "talked out": N_("{name} called back, {when}"),
    "ticked": N_("Ticked off in Zammad, {when}"),
}


class Rendering:
    def __init__(self, options: WebOptions, *, zammad_lost: Callable[[], float | None]) -> None:
        """`zammad_lost`: since when Zammad has not answered; None where it does."""
        self._options = options
        self.call_row = lru_cache(ROWS_KEPT)(self._call_row)
        self.agent_now = lru_cache(AGENTS_KEPT)(self._agent_now)
        self.missed_item = lru_cache(ITEMS_KEPT)(self._missed_item)
        known = {
            "LANGUAGES": NAMES,
            "CLOSED_BECAUSE": CLOSED_BECAUSE,
            "UNDONE": UNDONE,
            "missed_due": options.missed_due,
            "name_of": name_of,
            "other_party": other_party,
            "who_calls": who_calls,
            "sentence": sentence,
            "is_foreign": is_foreign,
            "explained": explained,
            "call_row": self.call_row,
            "agent_now": self.agent_now,
            "EVENTS": EVENTS,
            "zammad_lost": zammad_lost,
            "root": options.root_path,
            "zammad": options.zammad_url,
            "call_link": partial(link_to_call, options.root_path, by_sipgate=options.dials),
            "notes_on": options.notes,
            "go": partial(link_to, options.root_path),
            "asset": self._asset,
            "modules": MODULES,
        }
        self._environments = {language: environment_for(language, known) for language in LANGUAGES}

    def page(
        self, request: Request, visitor: Visitor, name: str, values: Mapping[str, object], *, status: int = 200
    ) -> Response:
        """A whole page for somebody who is signed in."""
        chosen = {"theme": theme_of(request), "view": view_of(request)}
        html = self.text(name, visitor.words, visitor=visitor, path=_path(request), **chosen, **values)
        return HTMLResponse(html, status_code=status, headers={"Vary": "Accept-Language, Cookie, HX-Request"})

    def open_page(self, request: Request, name: str, values: Mapping[str, object], *, status: int = 200) -> Response:
        """A page that strangers may see."""
        words = words_for(request, self._options)
        html = self.text(name, words, visitor=None, theme=theme_of(request), path=_path(request), **values)
        return HTMLResponse(html, status_code=status)

    def refusal(self, request: Request, reason: str, *, status: int = 404) -> Response:
        """`reason`: a message."""
        return self.open_page(request, "refusal.html", {"reason": reason}, status=status)

    def fragment(self, visitor: Visitor, name: str, values: Mapping[str, object], *, status: int = 200) -> Response:
        """A part of a page, for htmx."""
        return HTMLResponse(self.text(name, visitor.words, visitor=visitor, **values), status_code=status)

    def text(self, template: str, words: Words, /, **values: object) -> str:
        return self._environments[words.language].get_template(template).render(words=words, **values)

    def _call_row(self, words: Words, call: ListedCall) -> Markup:
        """Looks the same to everybody who speaks so."""
        return Markup(self.text("calls/row.html", words, call=call))  # noqa: S704 - the template escapes

    def _agent_now(self, words: Words, agent: AgentNow) -> Markup:
        return Markup(self.text("desk/agent.html", words, agent=agent))  # noqa: S704 - the template escapes

    def _missed_item(self, words: Words, entry: MissedCall, mine: bool) -> str:  # noqa: FBT001 - lru_cache wants it so
        """Looks the same to everybody who speaks so, but for whoever has taken it."""
        user_id = entry.owner_id if mine else None
        return self.text("missed/item.html", words, entry=entry, user_id=user_id, told=None)

    def _asset(self, name: str) -> str:
        return f"{self._options.root_path}{asset_path(name)}"


def _path(request: Request) -> str:
    return request.url.path
