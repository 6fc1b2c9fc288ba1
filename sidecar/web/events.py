"""GET /events: the stream of one page, from the position at which the page was made or lost its connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from sidecar.calls.listing import ListedCall
from sidecar.calls.search import CallSearch
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.missed.entries import MissedCall
from sidecar.store.pages.updates import PageUpdates, read_updates_since
from sidecar.web.access.visitor import Visitor
from sidecar.web.filters import Filters
from sidecar.web.live import Audience, Live, Said, Stream, event
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.words.wording import Words

RETRY = b"retry: 1000\n\n"  # milliseconds
TOPICS = ("calls", "missed", "numbers", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What the events of a page depend on, whoever looks at it: made once for all pages with equal ones.

    Only the missed calls look different to whoever has taken them.
    """

    topic: str
    words: Words
    viewer: Viewer
    search: CallSearch


class Events:
    def __init__(self, *, database: Database, live: Live, pages: Pages, options: WebOptions) -> None:
        self._database = database
        self._live = live
        self._pages = pages
        self._options = options

    async def stream(self, request: Request, visitor: Visitor) -> Response:
        topic = request.query_params.get("topic", "other")
        after = request.headers.get("Last-Event-ID") or request.query_params.get("after", "")
        if topic not in TOPICS or not after.isdecimal() or len(after) > 18:  # noqa: PLR2004 - fits the database
            return PlainTextResponse("unknown topic or position", 400)
        interest = Interest(
            topic=topic,
            words=visitor.words,
            viewer=visitor.viewer,
            search=Filters.read(request.query_params).search(visitor.words.zone, self._options.country),
        )
        audience = Audience(key=interest, viewer=visitor.viewer, said=lambda updates: self._said(updates, interest))
        return EventStream(
            listening=lambda: self._live.stream(audience, visitor.session_key, visitor.user_id),
            missing=lambda: self._missing(interest, int(after), visitor.user_id),
        )

    async def _missing(self, interest: Interest, after: int, user_id: int) -> bytes:
        """What a page missed since its position; where that is too much it has to be loaded anew."""
        updates = await self._database.read(lambda connection: read_updates_since(connection, after, interest.viewer))
        return event("reload") if updates is None else self._said(updates, interest).to(user_id)

    def _said(self, updates: PageUpdates, interest: Interest) -> Said:
        owners = _owners(updates, interest.viewer) if interest.topic == "missed" else ()
        return Said(
            to_all=b"".join(self._pieces(updates, interest, None)),
            instead={owner: b"".join(self._pieces(updates, interest, owner)) for owner in owners},
        )

    def _pieces(self, updates: PageUpdates, interest: Interest, owner: int | None) -> Iterator[bytes]:
        """As events for this owner of missed calls, or for everybody else."""
        calls, entries = updates.calls_for(interest.viewer), updates.missed_for(interest.viewer)
        if interest.topic == "calls":
            for number, call in calls.items():
                yield self._call_event(number, call, interest)
        if interest.topic == "missed":
            for number, entry in entries.items():
                yield self._missed_event(number, entry, interest.words, owner)
        if interest.topic == "numbers" and (calls or entries):
            yield event("refresh")
        if entries and (count := updates.open_missed.get(interest.viewer)) is not None:
            yield event("count", str(count))
        if calls or entries or not interest.viewer.only_own:  # a position alone would tell when colleagues telephone
            yield event("beat", position=updates.position)

    def _call_event(self, number: int, call: ListedCall | None, interest: Interest) -> bytes:
        if call is None or not interest.search.fits(call):
            return event("gone", f"call-{number}")
        return event("call", self._pages.call_row(interest.words, call))

    def _missed_event(self, number: int, entry: MissedCall | None, words: Words, owner: int | None) -> bytes:
        if entry is None:
            return event("gone", f"missed-{number}")
        mine = entry.owner_id is not None and entry.owner_id == owner
        return event("missed", self._pages.missed_item(words, entry, mine))


def _owners(updates: PageUpdates, viewer: Viewer) -> Collection[int]:
    """Whoever has taken one of the entries and may see this."""
    owners = {entry.owner_id for entry in updates.missed.values() if entry is not None and entry.owner_id is not None}
    return owners & {viewer.user_id} if viewer.only_own else owners


class EventStream(Response):
    """Sends as long as somebody listens and may."""

    def __init__(
        self,
        *,
        listening: Callable[[], AbstractContextManager[Stream]],
        missing: Callable[[], Awaitable[bytes]],
    ) -> None:
        super().__init__(media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        del self.headers["Content-Length"]
        self._listening = listening
        self._missing = missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        with self._listening() as stream:
            leaving = asyncio.create_task(_close_when_left(receive, stream))
            try:
                await self._send_all(stream, send)
            finally:
                leaving.cancel()

    async def _send_all(self, stream: Stream, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        missing = await self._missing()
        await send({"type": "http.response.body", "body": RETRY + missing, "more_body": True})
        while (events := await stream.take()) is not None:
            await send({"type": "http.response.body", "body": events, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _close_when_left(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()
