"""Very many open pages at once, as small as a client can be: each reads its stream and notes when words come by."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True, kw_only=True)
class Sighting:
    """When each page has seen some words. `done` is set by the last one."""

    words: bytes
    expected: int
    times: list[float] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self) -> None:
        self.times.append(time.perf_counter())
        if len(self.times) == self.expected:
            self.done.set()


class OpenPages(list["OpenPage"]):
    """Pages of one sidecar."""

    async def open(
        self, url: str, cookies: list[str], *, count: int, after: int, filter_of: Callable[[int], str]
    ) -> None:
        """`filter_of`: each page's own, as it stands in the address."""
        for number in range(count):
            page = OpenPage(url, cookies[number % len(cookies)], after, filter_of(number))
            await page.connect()
            self.append(page)

    def watch_for(self, sighting: Sighting) -> None:
        for page in self:
            page.sighting = sighting

    async def close(self) -> None:
        for page in self:
            page.close()
        await asyncio.sleep(0.5)  # the connections go


class OpenPage(asyncio.Protocol):
    """Comes back by itself when its stream ends, as browsers do, behind the last change it has seen."""

    def __init__(self, url: str, cookie: str, after: int, own_filter: str) -> None:
        self._filter = own_filter
        self._parts = urlsplit(url)
        self._cookie = cookie
        self._after = str(after).encode()
        self._tail = b""
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self._coming_back: asyncio.Task[None] | None = None
        self.sighting: Sighting | None = None
        self.connected = asyncio.Event()

    async def connect(self) -> None:
        loop, self._tail = asyncio.get_running_loop(), b""
        self._transport, _ = await loop.create_connection(
            lambda: self, self._parts.hostname or "", self._parts.port or 80
        )
        request = (
            f"GET {self._parts.path}/events?topic=calls&after={self._after.decode()}&{self._filter} HTTP/1.1\r\n"
            f"Host: {self._parts.netloc}\r\nCookie: sidecar_session={self._cookie}\r\n\r\n"
        )
        self._transport.write(request.encode())
        await self.connected.wait()

    def data_received(self, data: bytes) -> None:
        seen = self._tail + data
        if not self.connected.is_set():
            if b" 200 " not in seen[:20]:
                raise RuntimeError(seen[:200])
            self.connected.set()
        if self.sighting is not None and self.sighting.words in seen:
            self.sighting.note()
            self.sighting = None
        place = seen.rfind(b"\nid: ")
        if place >= 0 and (end := seen.find(b"\n", place + 5)) > 0:
            self._after = seen[place + 5 : end]
        self._tail = seen[-200:]

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self._closed:
            self.connected.clear()
            self._coming_back = asyncio.get_running_loop().create_task(self._come_back())

    async def _come_back(self) -> None:
        while not self._closed:
            await asyncio.sleep(0.3)
            try:
                await self.connect()
            except OSError:
                continue
            return

    def close(self) -> None:
        self._closed = True
        if self._coming_back is not None:
            self._coming_back.cancel()
        if self._transport is not None:
            self._transport.close()
