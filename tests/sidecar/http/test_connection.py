"""Limits of connections, on real sockets: the slow, the endless and the silent keep nobody waiting."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from sidecar.http.connection import Closed, LimitedConnection, Limits, WaitingRoom

pytestmark = pytest.mark.anyio

REQUEST = b"POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 4\r\n\r\nbody"
PATIENT = Limits(first_request_within=60.0, request_within=60.0, headers=4096, strangers=100, idle=100)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, unless it is asked for /early."""
    while scope["path"] != "/early" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


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
