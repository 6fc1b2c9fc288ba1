"""My calls now: a card for each that runs, else for the last one; and who is free."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.my_calls import is_running, on_the_desk
from sidecar.calls.pages.presence import AgentNow
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection
from sidecar.store.pages.desks import calls_with_the_same, dismiss, dismissed_of, last_calls_of, running_calls
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path, is_for_htmx
from sidecar.web.live.interest import seen_by
from sidecar.web.parts import Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    call: ListedCall
    running: bool
    earlier: tuple[ListedCall, ...]  # the last calls with the same caller


async def show(_request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The cards alone, for a page that is told that something is new."""
    cards = await parts.database.read(lambda connection: my_cards(connection, visitor.user_id, visitor.viewer))
    return parts.rendering.fragment(visitor, "desk/cards.html", {"cards": cards})


async def put_away(request: Request, visitor: Visitor, parts: Parts) -> Response:
    number, now = id_in_path(request), parts.clock()
    await parts.database.write(lambda connection: _put_away(connection, number, visitor.user_id, now))
    parts.live.wake()
    if not is_for_htmx(request):
        return RedirectResponse(f"{parts.options.root_path}/", 303)
    return await show(request, visitor, parts)


def my_cards(connection: Connection, agent: int, viewer: Viewer) -> list[Card]:
    calls = last_calls_of(connection, agent)
    dismissed = dismissed_of(connection, agent, [call.id for call in calls])
    return [
        Card(call=call, running=is_running(call), earlier=tuple(calls_with_the_same(connection, call, viewer)))
        for call in on_the_desk(calls, agent, dismissed)
    ]


def agents_now(connection: Connection, viewer: Viewer, parts: Parts) -> list[AgentNow]:
    if not parts.office.presence:
        return []
    return [seen_by(agent, viewer) for agent in parts.office.now(running_calls(connection)).agents]


def _put_away(connection: Connection, number: int, agent: int, now: float) -> None:
    """Only what is on their desk."""
    if any(call.id == number for call in last_calls_of(connection, agent)):
        dismiss(connection, agent, number, now=now)
