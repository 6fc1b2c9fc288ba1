"""GET /events: the stream of one page, from the position at which the page was made or lost its connection."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sidecar.calls.pages.presence import RunningCall
from sidecar.store.database import Connection
from sidecar.store.pages.desks import running_calls
from sidecar.store.pages.updates import PageUpdates, read_updates_since
from sidecar.web.access.visitor import Visitor
from sidecar.web.calls.filters import Filters
from sidecar.web.inputs import is_for_the_wall
from sidecar.web.live.event_stream import EventStream, trickle
from sidecar.web.live.interest import TOPICS, Interest, ringing_event, said_of
from sidecar.web.live.streams import Audience, event
from sidecar.web.missed.filters import MissedFilters
from sidecar.web.parts import Parts

LONGEST_POSITION = 18  # digits: fits the database


async def stream(request: Request, visitor: Visitor, parts: Parts) -> Response:
    topic = request.query_params.get("topic", "other")
    after = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
    if topic not in TOPICS or not after.isdecimal() or len(after) > LONGEST_POSITION:
        return PlainTextResponse("unknown topic or position", 400)
    interest = Interest(
        topic=topic,
        words=visitor.words,
        viewer=visitor.viewer,
        missed=MissedFilters.read(request.query_params).search(visitor.user_id, parts.options.country),
        search=Filters.read(request.query_params).search(visitor.words.zone, parts.options.country),
    )
    audience = Audience(
        key=interest,
        viewer=visitor.viewer,
        said=lambda updates: said_of(updates, interest, parts.rendering, parts.office.news(updates)),
    )
    return EventStream(
        listening=lambda: parts.live.stream(
            audience,
            visitor.session_key,
            visitor.user_id,
            pauses=not is_for_the_wall(request),
            viewer_now=lambda: parts.sessions.viewer_of(visitor.user_id),
        ),
        missing=lambda: _missing(interest, int(after), visitor.user_id, parts),
    )


async def try_stream(_request: Request, _parts: Parts) -> Response:
    """GET: a stream of a second, of nothing."""
    return trickle()


async def _missing(interest: Interest, after: int, user_id: int, parts: Parts) -> bytes:
    """What a page missed since its position, and what rings now; where that is too much it has to be loaded anew."""

    def read(connection: Connection) -> tuple[PageUpdates | None, Sequence[RunningCall]]:
        return read_updates_since(connection, after, interest.viewer), running_calls(connection)

    updates, running = await parts.database.read(read)
    if updates is None:
        return event("reload")
    news = parts.office.all(running)
    missed = said_of(updates, interest, parts.rendering, news).to(user_id)
    return missed + ringing_event(user_id, news, interest.words) if news.rings.get(user_id) else missed
