"""GET /events: the stream of one page, from the position at which the page was made or lost its connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from sidecar.calls.listing import ListedCall
from sidecar.calls.search import CallSearch
from sidecar.store.database import Database
from sidecar.store.missed import MissedCall
from sidecar.store.page_news import News, read_missing
from sidecar.store.visibility import Viewer
from sidecar.web.filters import Filters
from sidecar.web.live import Live, Onlooker, Stream, event
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.web.speech import Speech
from sidecar.web.visitor import Visitor

RETRY = b"retry: 1000\n\n"  # milliseconds
TOPICS = ("calls", "missed", "numbers", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What the events of a page depend on: pages with equal ones are sent the same bytes."""

    topic: str
    speech: Speech
    viewer: Viewer
    search: CallSearch


class Events:
    def __init__(self, *, database: Database, live: Live, pages: Pages, options: WebOptions) -> None:
        self._database = database
        self._live = live
        self._pages = pages
        self._options = options
        self._news: News | None = None  # of which the bytes below are
        self._written: dict[object, bytes] = {}

    async def stream(self, request: Request, visitor: Visitor) -> Response:
        topic = request.query_params.get("topic", "other")
        after = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
        if topic not in TOPICS or not after.isdecimal() or len(after) > 18:  # noqa: PLR2004 - fits the database
            return PlainTextResponse("unknown topic or position", 400)
        filters = Filters.read(request.query_params)
        audience = Audience(
            topic=topic,
            speech=visitor.speech,
            viewer=visitor.viewer,
            search=filters.search(visitor.speech, self._options.country),
        )
        return EventStream(self, self._live, audience, visitor, int(after))

    async def missing(self, audience: Audience, visitor: Visitor, after: int) -> bytes:
        """What a page missed since its position; where that is too much it has to be loaded anew."""
        news = await self._database.read(lambda connection: read_missing(connection, after, visitor.viewer))
        if news is None:
            return event("reload")
        return b"".join(self._pieces(news, audience, visitor.user_id))

    def written(self, news: News, audience: Audience, user_id: int) -> bytes:
        """The same for every page of an audience, but entries look different to their owner."""
        if news is not self._news:
            self._news, self._written = news, {}
        entries = news.missed.get(audience.viewer, {}).values()
        mine = any(entry is not None and entry.owner_id == user_id for entry in entries)
        key = (audience, user_id if mine else None)
        if key not in self._written:
            self._written[key] = b"".join(self._pieces(news, audience, user_id))
        return self._written[key]

    def _pieces(self, news: News, audience: Audience, user_id: int) -> Iterator[bytes]:
        if audience.topic == "calls":
            for number, call in news.calls.items():
                yield self._call_event(number, call, audience)
        if audience.topic == "missed":
            for number, entry in news.missed.get(audience.viewer, {}).items():
                yield self._missed_event(number, entry, audience.speech, user_id)
        if audience.topic == "numbers" and news.calls:
            yield event("refresh")
        if (count := news.open_missed.get(audience.viewer)) is not None:
            yield event("count", str(count))
        yield event("beat", position=news.position)

    def _call_event(self, number: int, call: ListedCall | None, audience: Audience) -> bytes:
        if call is None or not audience.viewer.may_see(call) or not audience.search.fits(call):
            return event("gone", f"call-{number}")
        return event("call", self._pages.call_row(audience.speech, call))

    def _missed_event(self, number: int, entry: MissedCall | None, speech: Speech, user_id: int) -> bytes:
        if entry is None:
            return event("gone", f"missed-{number}")
        return event("missed", self._pages.text("missed_item.html", speech, entry=entry, user_id=user_id, told=None))


class EventStream(Response):
    """Sends as long as somebody listens and may."""

    def __init__(self, events: Events, live: Live, audience: Audience, visitor: Visitor, after: int) -> None:
        super().__init__(media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._events = events
        self._live = live
        self._audience = audience
        self._visitor = visitor
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        audience, user_id = self._audience, self._visitor.user_id
        onlooker = Onlooker(
            session_key=self._visitor.session_key,
            viewer=audience.viewer,
            written=lambda news: self._events.written(news, audience, user_id),
        )
        with self._live.stream(onlooker) as stream:
            leaving = asyncio.create_task(_close_when_left(receive, stream))
            try:
                await self._send_all(stream, send)
            finally:
                leaving.cancel()

    async def _send_all(self, stream: Stream, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        missing = await self._events.missing(self._audience, self._visitor, self._after)
        await send({"type": "http.response.body", "body": RETRY + missing, "more_body": True})
        while (events := await stream.take()) is not None:
            if events:
                await send({"type": "http.response.body", "body": events, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _close_when_left(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()
