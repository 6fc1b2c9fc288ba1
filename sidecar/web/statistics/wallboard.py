"""The wallboard: who rings, who talks, what waits, and the day in numbers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.search import CallSearch
from sidecar.store.calls.search import count_calls, find_calls
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.days import today
from sidecar.web.inputs import is_for_htmx
from sidecar.web.menu import menu_values
from sidecar.web.parts import Parts
from sidecar.web.recent.numbers import Question
from sidecar.web.recent.periods import Period
from sidecar.web.statistics.tables import tables_of

RINGING = CallSearch(state=State.RINGING, direction="in")
TALKING = CallSearch(state=State.ANSWERED)
MOST_RINGING, MOST_TALKING = 8, 20  # shown


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The whole board, or what is on it when something has changed."""
    zone = visitor.words.zone
    day = today(parts.clock(), zone)
    numbers = await parts.numbers.of(Question(viewer=visitor.viewer, zone=zone, period=Period(first=day, last=day)))
    board = await parts.database.read(lambda connection: _board(connection, visitor.viewer))
    values = {
        **board,
        **tables_of(numbers, visitor.words, target=parts.options.goals.answer_target),
        "now": parts.clock(),
        "goals": parts.options.goals,
    }
    if is_for_htmx(request):
        return parts.rendering.fragment(visitor, "statistics/board.html", values)
    return parts.rendering.page(request, visitor, "statistics/wallboard.html", values)


def _board(connection: Connection, viewer: Viewer) -> dict[str, object]:
    return {
        **menu_values(connection, viewer),
        "ringing": find_calls(connection, RINGING, viewer, limit=MOST_RINGING).calls,
        "ringing_count": count_calls(connection, RINGING, viewer),
        "talking": find_calls(connection, TALKING, viewer, limit=MOST_TALKING).calls,
        "talking_count": count_calls(connection, TALKING, viewer),
    }
