"""The list of calls: live, searchable, endless; and the page of one call."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation.conversation import State
from sidecar.store.calls.search import find_calls
from sidecar.store.calls.stories import Story, read_story
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection
from sidecar.store.missed.callbacks.shown import tickets_of_calls
from sidecar.store.pages.dialled import dialled_call
from sidecar.store.people.refusals import Refusal, refusals_of
from sidecar.web.access.visitor import Visitor
from sidecar.web.calls.filters import Filters
from sidecar.web.calls.story import story_lines
from sidecar.web.desk.page import agents_now, my_cards
from sidecar.web.inputs import id_in_path, id_in_query, is_for_htmx
from sidecar.web.menu import menu_values
from sidecar.web.parts import Parts
from sidecar.words.marks import N_

NO_CALL = N_("There is no such call.")


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The whole page, the list alone after a change of the filters, or the next rows of it (`before`)."""
    filters, before = Filters.read(request.query_params), id_in_query(request, "before")
    search = filters.search(visitor.words.zone, parts.options.country)
    is_part = is_for_htmx(request) and "HX-History-Restore-Request" not in request.headers

    def read(connection: Connection) -> Mapping[str, object]:
        menu = menu_values(connection, visitor.viewer)
        values = {**menu, "page": find_calls(connection, search, visitor.viewer, before=before)}
        return values if is_part else {**values, **_desk(connection, visitor, parts)}

    values = {**await parts.database.read(read), "filters": filters, "before": before}
    if is_part:
        template = "calls/list.html" if before is None else "calls/rows.html"
        return parts.rendering.fragment(visitor, template, values)
    more = {"choices": await parts.choices.of(visitor.viewer), "states": list(State)}
    return parts.rendering.page(request, visitor, "calls/page.html", {**values, **more})


def _desk(connection: Connection, visitor: Visitor, parts: Parts) -> Mapping[str, object]:
    cards = my_cards(connection, visitor.user_id, visitor.viewer)
    return {"cards": cards, "agents": agents_now(connection, visitor.viewer, parts)}


async def show_one(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The story of a call, as a page or beside the list."""
    number = id_in_path(request)
    story = await parts.database.read(lambda connection: _visible_story(connection, number, visitor.viewer))
    if story is None:
        return parts.rendering.open_page(request, "refusal.html", {"reason": NO_CALL}, status=404)
    ticket = await parts.database.read(lambda connection: tickets_of_calls(connection, [number]).get(number))
    dialled = await parts.database.read(lambda connection: dialled_call(connection, number))
    values = {
        "call": story.call,
        "lines": story_lines(story.legs, visitor.words),
        "hooks": story.hooks,
        "ticket": ticket,
        "dialled": dialled,
        "refused": await _refused(story, parts),
    }
    if is_for_htmx(request):
        return parts.rendering.fragment(visitor, "calls/story.html", values)
    menu = await parts.database.read(lambda connection: menu_values(connection, visitor.viewer))
    return parts.rendering.page(request, visitor, "calls/call.html", {**values, **menu})


async def _refused(story: Story, parts: Parts) -> Refusal | None:
    """Why Zammad does not show the caller's name, where it does not."""
    person_id = story.call.person_id
    if person_id is None:
        return None
    found = await parts.database.read(lambda connection: refusals_of(connection, [person_id]))
    return found[0] if found else None


def _visible_story(connection: Connection, number: int, viewer: Viewer) -> Story | None:
    story = read_story(connection, number)
    return story if story is not None and viewer.may_see(story.call) else None
