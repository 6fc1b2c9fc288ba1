"""Limits of connections, on real sockets: the slow, the endless and the silent keep nobody waiting."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import anyio.lowlevel
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from sidecar.http.connection import Closed, LimitedConnection, Limits, WaitingRoom

pytestmark = pytest.mark.anyio

ECHO = b"POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nbody"
REQUEST = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nbody"
PATIENT = Limits(first_request_within=60.0, request_within=60.0, headers=4096, strangers=100, idle=100)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop of the service: its transports are stricter."""
    return "asyncio", {"use_uvloop": True}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, unless it is asked for /early; says it again for /echo, and takes its time for /late."""
    body, more = b"", scope["path"] != "/early"
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if scope["path"] == "/late":
        await anyio.sleep(0.05)
    said = body if scope["path"] == "/echo" else b"ok"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


@asynccontextmanager
async def listening(limits: Limits, *, keep_alive: float = 60.0) -> AsyncIterator[tuple[int, Counter[Closed]]]:
    """Port of a server with these limits, and how often it has ended a connection for which reason."""
    closed: Counter[Closed] = Counter()
    room = WaitingRoom(limits, on_closed=lambda why: closed.update([why]))
    config = uvicorn.Config(
        app,
        http=partial(LimitedConnection, waiting_room=room),  # type: ignore[arg-type]  # called like the class
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=int(keep_alive),
    )
    server = uvicorn.Server(config)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [door])
            while not server.started:
                await anyio.sleep(0.01)
            yield door.getsockname()[1], closed
            server.should_exit = True


async def read_until_closed(stream: anyio.abc.SocketStream) -> bytes:
    received = b""
    try:
        while True:
            received += await stream.receive()
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        return received


async def answered(stream: anyio.abc.SocketStream, request: bytes = REQUEST) -> bool:
    await stream.send(request)
    received = b""
    while not received.endswith(b"\r\n\r\nok"):
        received += await stream.receive()
    return received.startswith(b"HTTP/1.1 200")


async def test_requests_one_after_the_other_are_answered_on_one_connection() -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        assert [await answered(stream) for _ in range(3)] == [True] * 3
        assert not closed


async def test_who_asks_for_nothing_is_shown_out() -> None:
    limits = Limits(first_request_within=0.05, request_within=60.0)
    async with listening(limits) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        assert await read_until_closed(stream) == b""
        assert closed == {Closed.LATE: 1}


@pytest.mark.parametrize("begin", [b"P", b"POST / HTTP/1.1\r\nhost: he", REQUEST[:-1]])
async def test_a_request_that_does_not_end_is_given_up(begin: bytes) -> None:
    limits = Limits(first_request_within=60.0, request_within=0.1)
    async with listening(limits) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(begin)
        assert await read_until_closed(stream) == b""
        assert closed == {Closed.LATE: 1}


async def test_a_request_that_comes_in_pieces_in_time_is_answered() -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        for octet in REQUEST[:-1]:
            await stream.send(bytes([octet]))
        assert await answered(stream, REQUEST[-1:])
        assert not closed


@pytest.mark.parametrize(
    "header",
    [b"x: " + b"a" * 9000, b"".join(b"x-%d: a\r\n" % number for number in range(900)), b"a" * 9000],
    ids=["a long one", "many", "a name without an end"],
)
async def test_headers_without_an_end_are_not_read_to_it(header: bytes) -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(b"POST / HTTP/1.1\r\nhost: here\r\n" + header)
        await read_until_closed(stream)
        assert closed == {Closed.HEADERS: 1}


async def test_a_long_address_counts_as_well() -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(b"GET /" + b"a" * 9000)
        await read_until_closed(stream)
        assert closed == {Closed.HEADERS: 1}


async def test_of_too_many_who_ask_for_nothing_the_first_goes_and_a_hook_is_answered() -> None:
    limits = Limits(first_request_within=60.0, strangers=3)
    async with listening(limits) as (port, closed):
        proxy = await anyio.connect_tcp("127.0.0.1", port)
        assert await answered(proxy)
        idle = [await anyio.connect_tcp("127.0.0.1", port) for _ in range(10)]
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            assert await answered(stream)
        assert await read_until_closed(idle[0]) == b""
        assert closed == {Closed.TOO_MANY: 8}
        assert await answered(proxy)  # whoever has asked before is not pushed out
        for each in (proxy, *idle):
            await each.aclose()


async def test_of_too_many_idle_connections_the_one_that_waits_longest_goes() -> None:
    limits = Limits(first_request_within=60.0, idle=2)
    async with listening(limits) as (port, closed):
        streams = [await anyio.connect_tcp("127.0.0.1", port) for _ in range(3)]
        for stream in streams:
            assert await answered(stream)
        assert await read_until_closed(streams[0]) == b""
        assert await answered(streams[1])
        assert closed == {Closed.TOO_MANY: 1}
        for stream in streams:
            await stream.aclose()


async def test_a_body_that_is_not_wanted_any_more_may_end_and_another_request_is_answered() -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        early = REQUEST.replace(b" / ", b" /early ")
        assert await answered(stream, early[:-2])
        await stream.send(early[-2:])
        assert await answered(stream)
        assert not closed


async def test_pipelined_requests_are_all_answered_before_the_connection_counts_as_idle() -> None:
    async with listening(Limits(idle=0)) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(REQUEST * 3)
        assert (await read_until_closed(stream)).count(b"HTTP/1.1 200") == 3
        assert closed == {Closed.TOO_MANY: 1}


async def test_hundreds_of_requests_at_once_are_no_long_header() -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(REQUEST * 2999 + REQUEST.replace(b"host:", b"connection: close\r\nhost:"))
        assert (await read_until_closed(stream)).count(b"HTTP/1.1 200") == 3000
        assert not closed


async def test_who_says_nothing_more_is_answered_first() -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(REQUEST * 3)
        await stream.send_eof()
        assert (await read_until_closed(stream)).count(b"HTTP/1.1 200") == 3
        assert not closed


@pytest.mark.parametrize("begin", [b"", REQUEST[:-1], REQUEST[:20]], ids=["nothing", "no body", "no header"])
async def test_who_asks_for_nothing_whole_and_says_no_more_is_left(begin: bytes) -> None:
    async with listening(PATIENT) as (port, _), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(begin)
        await stream.send_eof()
        assert await read_until_closed(stream) == b""


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"h2c, websocket"])
@pytest.mark.parametrize("pieces", [1, 7], ids=["at once", "in pieces"])
async def test_who_would_rather_speak_another_protocol_is_answered_in_this_one(protocol: bytes, pieces: int) -> None:
    request = ECHO.replace(b"host:", b"connection: upgrade\r\nupgrade: %b\r\nhost:" % protocol)
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        for first in range(0, len(request), len(request) // pieces + 1):
            await stream.send(request[first : first + len(request) // pieces + 1])
            await anyio.lowlevel.checkpoint()
        received = await read_until_closed(stream)
        assert received.startswith(b"HTTP/1.1 200")
        assert received.endswith(b"body")
        assert not closed


async def test_a_chunked_body_of_somebody_who_would_rather_speak_another_protocol_is_read() -> None:
    head = b"POST /echo HTTP/1.1\r\nconnection: upgrade\r\nupgrade: h2c\r\ntransfer-encoding: chunked\r\n\r\n"
    async with listening(PATIENT) as (port, _), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(head + b"2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n")
        assert (await read_until_closed(stream)).endswith(b"body")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03",
        b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + REQUEST,
        b"POST / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nx: a\0b\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nbody",
        b"POST / HTTP/1.1\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\nbody",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-4\r\nbody",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n-4\r\nbody",
    ],
    ids=["TLS", "PROXY", "no colon", "NUL", "negative", "two lengths", "length, chunks", "negative chunk", "upgrade"],
)
async def test_what_is_no_http_is_refused_and_counted_without_a_line_in_the_log(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(PATIENT) as (port, closed), await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(sent)
        assert (await read_until_closed(stream)).startswith(b"HTTP/1.1 400")
        assert closed == {Closed.INVALID: 1}
    assert not caplog.records


@pytest.mark.parametrize("bad", [b"garbage\0", b"POST / HTTP/1.1\r\nx: " + b"a" * 9000], ids=["no HTTP", "endless"])
async def test_answers_that_nobody_hears_any_more_are_no_error(bad: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with listening(PATIENT) as (port, closed):
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            await stream.send(REQUEST.replace(b" / ", b" /late ") * 3 + bad)
            await read_until_closed(stream)
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            assert await answered(stream, REQUEST.replace(b" / ", b" /late "))
        assert closed.total() == 1
    assert not caplog.records
