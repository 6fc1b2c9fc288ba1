"""One connection of uvicorn's, with limits of its own: who sends slowly, endlessly or nothing keeps nobody waiting.

Behind nginx most of this never happens. It holds without a proxy as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

END_OF_HEADERS = b"\r\n\r\n"
LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class Closed(StrEnum):
    """Why a connection was ended by us; the words of the metric."""

    LATE = "late"  # its request did not come, or not to its end
    TOO_MANY = "too_many"  # the longest idle of too many
    HEADERS = "headers"  # too long
    INVALID = "invalid"  # what came was no HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds, bytes and connections."""

    first_request_within: float = 10.0
    request_within: float = 20.0  # from its first byte to the last one of its body
    headers: int = 32 * 1024  # bytes, the address included
    strangers: int = 512  # connections that have not asked for anything yet
    idle: int = 4096  # connections between two requests


class WaitingRoom:
    """Connections on which a request is awaited. Of too many the one that has waited longest goes.

    Those that never asked are counted apart: they must not push a proxy out, which keeps its connections for the next
    hook and may lose one that crosses with the end of its connection.
    """

    def __init__(self, limits: Limits, on_closed: Callable[[Closed], None] = lambda _why: None) -> None:
        self.limits = limits
        self.on_closed = on_closed
        self._strangers: dict[LimitedConnection, None] = {}
        self._idle: dict[LimitedConnection, None] = {}

    def enter(self, connection: LimitedConnection, *, stranger: bool) -> None:
        waiting, most = (self._strangers, self.limits.strangers) if stranger else (self._idle, self.limits.idle)
        waiting[connection] = None
        if len(waiting) > most:
            next(iter(waiting)).end(Closed.TOO_MANY)

    def leave(self, connection: LimitedConnection) -> None:
        self._strangers.pop(connection, None)
        self._idle.pop(connection, None)


class LimitedConnection(HttpToolsProtocol):
    def __init__(self, *, waiting_room: WaitingRoom, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._room = waiting_room
        self._asking = False  # a request has begun and is not complete
        self._reads_headers = False
        self._header_bytes = 0  # of the headers that were read
        self._unread_bytes = 0  # that came while they were not complete: a header without an end is never told of
        self._deadline: asyncio.TimerHandle | None = None
        self._outstanding: list[RequestResponseCycle] = []  # what is answered, or will be
        self._has_said_all = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self._room.enter(self, stranger=True)
        self._expect(self._room.limits.first_request_within)

    def connection_lost(self, exc: Exception | None) -> None:
        self._room.leave(self)
        self._expect_nothing()
        self._forget_answers()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # as uvicorn narrows it
        """Whoever has asked and says nothing more still waits for the answer."""
        self._has_said_all = any(not each.more_body and not each.response_started for each in self._outstanding)
        return self._has_said_all

    def data_received(self, data: bytes) -> None:
        self._read(data)
        if self.transport.is_closing():
            return
        if self._reads_headers:
            self._unread_bytes += len(data[data.rfind(END_OF_HEADERS) + 1 :])  # what stands before it was read
            self._limit_headers(self._unread_bytes)
        if self._asking and self._deadline is None:
            self._expect(self._room.limits.request_within)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._room.leave(self)
        self._asking = self._reads_headers = True
        self._header_bytes = self._unread_bytes = 0
        self._expect_nothing()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._header_bytes += len(url)
        self._limit_headers(self._header_bytes)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        self._limit_headers(self._header_bytes)

    def on_headers_complete(self) -> None:
        self._reads_headers = False
        if not self.transport.is_closing():
            super().on_headers_complete()
            self._outstanding = [each for each in self._outstanding if not each.response_complete]
            self._outstanding.append(self.cycle)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():  # not yet: the parser has left out the body
            return
        self._asking = False
        self._expect_nothing()
        if self.transport.is_closing():
            return
        super().on_message_complete()
        if self.cycle.response_complete:  # answered before its end had come
            self._wait_for_the_next()

    def on_response_complete(self) -> None:
        is_next_one_there = self._asking or bool(self.pipeline)
        super().on_response_complete()
        if self._has_said_all and all(each.response_complete for each in self._outstanding):
            self.transport.close()
        if not is_next_one_there and not self.transport.is_closing():
            self._wait_for_the_next()

    def end(self, why: Closed) -> None:
        if not self.transport.is_closing():
            self._room.on_closed(why)
        self._room.leave(self)
        self._forget_answers()
        self.transport.abort()

    def _read(self, data: bytes) -> None:
        """As uvicorn does it, without a line in the log for whatever strangers send."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as stopped:
            self._read_without_upgrade(data[stopped.args[0] :])
        except httptools.HttpParserError:
            self._refuse()

    def _read_without_upgrade(self, rest: bytes) -> None:
        """Who asks for another protocol beside (h2c, WebSocket) is answered in this one (RFC 9110 section 7.8).

        The parser has stopped behind the headers: another one reads the body, and nothing after it.
        """
        self.cycle.keep_alive = False
        lengths = b"".join(b"%b: %b\r\n" % header for header in self.headers if header[0] in LENGTHS)
        self.parser = httptools.HttpRequestParser(_BodyOf(self))
        try:
            self.parser.feed_data(b"POST / HTTP/1.1\r\n" + lengths + b"\r\n" + rest)
        except httptools.HttpParserError:
            self._refuse()

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            self._room.on_closed(Closed.INVALID)
            self._forget_answers()
            self.send_400_response("This is no HTTP request.")

    def _forget_answers(self) -> None:
        """Nobody hears them any more: what is being answered goes on, and says nothing."""
        for each in self._outstanding:
            each.disconnected = True
            each.message_event.set()

    def _wait_for_the_next(self) -> None:
        self._room.enter(self, stranger=False)
        self._expect(self.timeout_keep_alive)

    def _limit_headers(self, size: int) -> None:
        if size > self._room.limits.headers:
            self.end(Closed.HEADERS)

    def _expect(self, seconds: float) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(seconds, self.end, Closed.LATE)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _BodyOf:
    """What a parser tells of, where only the body of a request is still to come."""

    def __init__(self, connection: LimitedConnection) -> None:
        self.on_body = connection.on_body
        self.on_message_complete = connection.on_message_complete
