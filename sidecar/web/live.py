"""Open pages and what they are still to be sent. One reader of the database for all of them, in each process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from sidecar.errors import StoreError
from sidecar.store.database import Connection, Database
from sidecar.store.page_changes import position
from sidecar.store.page_news import News, read_news
from sidecar.store.visibility import Viewer
from sidecar.store.web_sessions import living_sessions
from sidecar.web.rights import Rights

POLL = 0.5  # seconds between looks for changes that another process made
BEAT = 15.0  # seconds between signs of life, and between looks whether people may still look on
CONFIRMED_WITHIN = 900.0  # seconds: a page that has not been confirmed for longer has to connect anew
MOST_WAITING = 256  # pieces; a page that takes nothing off has to connect anew

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Who sits before an open page. `written`: the news as events for this page; empty where none concern it."""

    session_key: str
    viewer: Viewer
    written: Callable[[News], bytes]


class Stream:
    """What one open page is still to be sent."""

    def __init__(self, onlooker: Onlooker) -> None:
        self.onlooker = onlooker
        self._waiting: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def put(self, events: bytes) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.close()
        if not self._closed:
            self._waiting.append(events)
            self._news.set()

    def close(self, farewell: bytes = b"") -> None:
        if farewell:
            self._waiting.append(farewell)
        self._closed = True
        self._news.set()

    async def take(self) -> bytes | None:
        """All that waits, as soon as there is something; None once it is closed and empty."""
        await self._news.wait()
        if not self._closed:
            self._news.clear()
        if not self._waiting:
            return None if self._closed else b""
        events = b"".join(self._waiting)
        self._waiting.clear()
        return events


class Live:
    """`run` has to run for anything to be sent; when it ends, or with `close`, every stream ends."""

    def __init__(self, *, database: Database, rights: Rights, clock: Callable[[], float]) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._streams: set[Stream] = set()
        self._wanted = asyncio.Event()
        self._failing = False
        self._ending = False
        self.position: int | None = None  # None: before the first look

    @property
    def connected(self) -> int:
        return len(self._streams)

    def wake(self) -> None:
        """Something was written: look now. To be called in the event loop's own thread."""
        self._wanted.set()

    def close(self) -> None:
        """End every stream, also those that are opened from now on; their browsers come back to whoever answers."""
        self._ending = True
        for stream in tuple(self._streams):
            stream.close()

    @contextmanager
    def stream(self, onlooker: Onlooker) -> Iterator[Stream]:
        stream = Stream(onlooker)
        self._streams.add(stream)
        if self._ending:
            stream.close()
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    async def run(self) -> None:
        self._ending = False
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow())
                tasks.create_task(self._beat())
        finally:
            self.close()

    async def _follow(self) -> None:
        while True:
            try:
                more = await self._spread()
                self._failing = False
            except StoreError as error:
                more = False
                if not self._failing:
                    log.warning("live_pages_wait_for_database", problem=str(error))
                self._failing = True
            if not more:
                await self._until_wanted()

    async def _until_wanted(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._wanted.wait()
        except TimeoutError:
            pass
        self._wanted.clear()

    async def _spread(self) -> bool:
        """Tell all streams what is new; whether there was something."""
        if self.position is None:
            self.position = await self._database.read(position)
        after, viewers = self.position, {stream.onlooker.viewer for stream in self._streams}
        news = await self._database.read(lambda connection: read_news(connection, after, viewers))
        if news is None:
            return False
        self.position = news.position
        for stream in tuple(self._streams):
            if stream.onlooker.session_key in news.ended_sessions:
                stream.close(event("bye"))
            elif events := stream.onlooker.written(news):
                stream.put(events)
        return True

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._dismiss_strangers()
            except StoreError:
                log.warning("live_sessions_not_checked")
            beat = event("beat", position=self.position)
            for stream in tuple(self._streams):
                stream.put(beat)

    async def _dismiss_strangers(self) -> None:
        """End the streams of sessions that ended, lost their rights, or have to be confirmed by Zammad again."""
        keys = {stream.onlooker.session_key for stream in self._streams}
        if not keys:
            return
        living = await self._database.read(lambda connection: self._living(connection, keys))
        for stream in tuple(self._streams):
            user_id = living.get(stream.onlooker.session_key)
            if user_id is None or not self._rights.permissions_of(user_id):
                stream.close()

    def _living(self, connection: Connection, keys: Collection[str]) -> dict[str, int]:
        now = self._clock()
        return living_sessions(connection, keys, now=now, checked_since=now - CONFIRMED_WITHIN)


def event(name: str, html: str = "", *, position: int | None = None) -> bytes:
    """One server-sent event; `position` is what a browser says when it comes back."""
    data = "\n".join(f"data: {line}" for line in html.splitlines()) or "data:"
    number = "" if position is None else f"id: {position}\n"
    return f"event: {name}\n{number}{data}\n\n".encode()
