"""The list of calls: live, searchable, endless; and the page of one call."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.store.calls.search import find_calls
from sidecar.store.calls.stories import read_story
from sidecar.store.calls.voicemails import voicemail_of
from sidecar.store.database import Connection
from sidecar.store.missed.callbacks.shown import tickets_of_calls
from sidecar.store.pages.desks import calls_with_the_same
from sidecar.store.pages.dialled import dialled_call
from sidecar.store.people.people import people_with_numbers
from sidecar.store.people.refusals import Refusal, refusals_of
from sidecar.web.access.visitor import Visitor
from sidecar.web.calls.dialogs import has_own_switch_off, why_dialog
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
    number, is_part = id_in_path(request), is_for_htmx(request)

    def read(connection: Connection) -> Mapping[str, object] | None:
        menu = {} if is_part else menu_values(connection, visitor.viewer)
        story = _story(connection, number, visitor, parts)
        return None if story is None else {**menu, **story}

    values = await parts.database.read(read)
    if values is None:
        return parts.rendering.refusal(request, NO_CALL)
    if is_part:
        return parts.rendering.fragment(visitor, "calls/story.html", values)
    return parts.rendering.page(request, visitor, "calls/call.html", values)


def _story(connection: Connection, number: int, visitor: Visitor, parts: Parts) -> Mapping[str, object] | None:
    story = read_story(connection, number)
    if story is None or not visitor.viewer.may_see(story.call):
        return None
    return {
        "call": story.call,
        "lines": story_lines(story.legs, visitor.words),
        "hooks": story.hooks,
        "ticket": tickets_of_calls(connection, [number]).get(number),
        "dialled": dialled_call(connection, number),
        "voicemail": voicemail_of(connection, number),
        "refused": _refused(connection, story.call),
        "earlier": calls_with_the_same(connection, story.call, visitor.viewer),
        "customers": _customers(connection, story.call),
        "why": why_dialog(connection, story, parts) if visitor.is_admin else (),
        "switch_is_off": has_own_switch_off(story, visitor, parts),
    }


def _refused(connection: Connection, call: ListedCall) -> Refusal | None:
    """Why Zammad does not show the caller's name, where it does not."""
    found = refusals_of(connection, [call.person_id]) if call.person_id is not None else ()
    return found[0] if found else None


def _customers(connection: Connection, call: ListedCall) -> Mapping[int, str]:
    """Ids to names of the active people who share the number of this call."""
    if not call.number or not call.several or call.somewhere:
        return {}
    matches = people_with_numbers(connection, [call.number])[call.number]
    return {match.person_id: match.name for match in matches if match.active and not match.is_agent}
