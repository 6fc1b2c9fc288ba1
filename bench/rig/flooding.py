"""`python -m bench.rig.flooding KIND URL`: somebody who means harm, or a telephone system that has lost its way."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from bench.rig.clients import Connection
from bench.rig.hooks import FORM

LEGS, HOOKS = 999, 999
LARGE = 54_800  # bytes, and what else stands in the hook
IDLE, ENDLESS, SLOW = 1_500, 200, 200
COOKIES = 64  # connections with invented ones
AGAIN = 0.1  # seconds between further hooks of the one call
PAUSE = 1.0  # seconds of a slow client between pieces, and before it comes back
ABOUT = {"direction": "in", "from": "4930999999", "to": "4930600001"}
NICE = 10  # what is measured is the server, not who waits for this process


Form = Mapping[str, str]


def main(kind: str, url: str) -> None:
    os.nice(NICE)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(FLOODS[kind](url))


async def legs(url: str) -> None:
    """One call that is forwarded again and again."""
    last = {"event": "dtmf", "callId": f"leg {LEGS - 1}", "dtmf": "1", **ABOUT}
    await _one_call(url, _chained_legs(), last)


async def large_hooks(url: str) -> None:
    """For one call."""
    await _one_call(url, (_large_hook("large", number) for number in range(HOOKS)), _large_hook("large", HOOKS))


async def slow_clients(url: str) -> None:
    """All of them come back when they are sent away."""
    head = f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: h\r\n".encode()
    body = head + f"Content-Type: {FORM}\r\nContent-Length: 60000\r\n\r\n".encode()
    kinds = ((IDLE, b"", b""), (ENDLESS, head + b"X-A: ", b"a" * 400), (SLOW, body, b"a"))
    async with asyncio.TaskGroup() as clients:
        for count, first, further in kinds:
            for _ in range(count):
                clients.create_task(_slow_client(url, first, further))


async def invented_cookies(url: str) -> None:
    async with asyncio.TaskGroup() as clients:
        for number in range(COOKIES):
            clients.create_task(_sign_in(url, random.Random(number)))


async def many_large_hooks(url: str) -> None:
    """Of as many calls."""
    async with asyncio.TaskGroup() as clients:
        for number in range(8):
            clients.create_task(_keep_posting(url, number))


async def nothing(_url: str) -> None:
    await asyncio.Event().wait()


FLOODS: Mapping[str, Callable[[str], Coroutine[None, None, None]]] = {
    each.__name__: each for each in (nothing, legs, large_hooks, slow_clients, invented_cookies, many_large_hooks)
}


async def _one_call(url: str, beginning: Iterable[Form], further: Form) -> None:
    """As fast as its hooks are answered; then it goes on."""
    connection = _connection(url)
    for form in beginning:
        await connection.post(_hook(url, form))
    while True:
        await asyncio.sleep(AGAIN)
        await connection.post(_hook(url, further))


def _chained_legs() -> Iterator[Form]:
    for number in range(LEGS):
        leg = {"callId": f"leg {number}", "origCallId": f"leg {max(number - 1, 0)}", **ABOUT}
        yield {"event": "newCall", "user[]": "Jane Doe", **leg}
        yield {"event": "hangup", "cause": "forwarded", **leg}


def _large_hook(call_id: str, number: int) -> Form:
    kind = {"event": "dtmf" if number else "newCall", "callId": call_id, "dtmf": str(number)}
    return {**kind, **ABOUT, "filling": "x" * LARGE}


async def _keep_posting(url: str, line: int) -> None:
    connection, number = _connection(url), 0
    while True:
        await connection.post(_hook(url, _large_hook(f"large {line}/{number}", 0)))
        number += 1


async def _slow_client(url: str, first: bytes, further: bytes) -> None:
    parts = urlsplit(url)
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(first)
            while not await _ended(reader):
                writer.write(further)
            writer.close()
        await asyncio.sleep(PAUSE)


async def _ended(reader: asyncio.StreamReader) -> bool:
    """Known after a second at the latest."""
    try:
        async with asyncio.timeout(PAUSE):
            return not await reader.read(1000)
    except TimeoutError:
        return False


async def _sign_in(url: str, chance: random.Random) -> None:
    """Every other one from an address of its own, as far as the server can tell."""
    connection, host = _connection(url), urlsplit(url).netloc
    while True:
        cookie = f"_zammad_session_{chance.randbytes(6).hex()}={chance.randbytes(16).hex()}"
        head = f"GET /sidecar/sign-in HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n"
        if chance.random() < 0.5:
            head += f"X-Forwarded-For: {'.'.join(str(byte) for byte in chance.randbytes(4))}\r\n"
        try:
            await connection.post(f"{head}\r\n".encode())
        except (OSError, EOFError):
            connection.close()


def _hook(url: str, form: Mapping[str, str]) -> bytes:
    parts, body = urlsplit(url), urlencode(form).encode()
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {FORM}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _connection(url: str) -> Connection:
    parts = urlsplit(url)
    assert parts.hostname
    return Connection(parts.hostname, parts.port or 80)


if __name__ == "__main__":
    main(*sys.argv[1:])
