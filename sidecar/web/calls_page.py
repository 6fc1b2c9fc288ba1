"""The list of calls: live, searchable, endless; and the story of one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation import State
from sidecar.store.calls.search import CallPage, agents_with_calls, find_calls, lines_with_calls, own_agents_and_lines
from sidecar.store.calls.stories import Story, read_story
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed.entries import count_open
from sidecar.store.replicas.page_changes import position
from sidecar.web.access.visitor import Visitor
from sidecar.web.filters import Filters
from sidecar.web.ids import id_in_path, id_in_query
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.web.story import story_lines
from sidecar.words.marks import N_

NO_CALL = N_("There is no such call.")
CHOICES_KEPT = 60.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen as agent and line."""

    agents: Mapping[int, str]
    lines: tuple[str, ...]
    read_at: float


class CallsPage:
    def __init__(self, *, database: Database, pages: Pages, options: WebOptions, clock: Callable[[], float]) -> None:
        self._database = database
        self._pages = pages
        self._options = options
        self._clock = clock
        self._choices: dict[Viewer, Choices] = {}

    async def show(self, request: Request, visitor: Visitor) -> Response:
        """The whole page, the list alone after a change of the filters, or the next rows of it (`before`)."""
        filters, before = Filters.read(request.query_params), id_in_query(request, "before")
        page, at, open_missed = await self._database.read(
            lambda connection: self._found(connection, filters, visitor, before)
        )
        values = {"page": page, "filters": filters, "position": at, "before": before}
        if "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers:
            return self._pages.fragment(visitor, "call_list.html" if before is None else "call_rows.html", values)
        choices = await self._current_choices(visitor.viewer)
        more = {"choices": choices, "states": list(State), "open_missed": open_missed}
        return self._pages.page(request, visitor, "calls.html", {**values, **more})

    async def story(self, request: Request, visitor: Visitor) -> Response:
        number = id_in_path(request)
        story = await self._database.read(lambda connection: _visible_story(connection, number, visitor.viewer))
        if story is None:
            return self._pages.open_page(request, "refusal.html", {"reason": NO_CALL}, status=404)
        values = {"call": story.call, "lines": story_lines(story.legs, visitor.words), "hooks": story.hooks}
        if "HX-Request" in request.headers:
            return self._pages.fragment(visitor, "story.html", values)
        at, open_missed = await self._database.read(
            lambda connection: (position(connection), count_open(connection, visitor.viewer))
        )
        return self._pages.page(request, visitor, "call.html", {**values, "position": at, "open_missed": open_missed})

    def _found(
        self, connection: Connection, filters: Filters, visitor: Visitor, before: int | None
    ) -> tuple[CallPage, int, int]:
        """The rows, the position in the log of changes that they show, and the number for the menu."""
        at = position(connection)
        search = filters.search(visitor.words.zone, self._options.country)
        page = find_calls(connection, search, visitor.viewer, before=before)
        return page, at, count_open(connection, visitor.viewer)

    async def _current_choices(self, viewer: Viewer) -> Choices:
        now = self._clock()
        self._choices = {each: kept for each, kept in self._choices.items() if now - kept.read_at <= CHOICES_KEPT}
        if viewer not in self._choices:
            self._choices[viewer] = await self._database.read(lambda connection: _read_choices(connection, viewer, now))
        return self._choices[viewer]


def _read_choices(connection: Connection, viewer: Viewer, now: float) -> Choices:
    if viewer.only_own:
        agents, lines = own_agents_and_lines(connection, viewer.user_id)
    else:
        agents, lines = agents_with_calls(connection), lines_with_calls(connection)
    by_name = sorted(agents.items(), key=lambda agent: agent[1].casefold())
    return Choices(agents=dict(by_name), lines=tuple(lines), read_at=now)


def _visible_story(connection: Connection, number: int, viewer: Viewer) -> Story | None:
    story = read_story(connection, number)
    return story if story is not None and viewer.may_see(story.call) else None
