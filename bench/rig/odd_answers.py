"""In front of a simulated Zammad: instead of answers, more than memory bears, in turns packed, plain, and in drops."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ENDLESS = 1_500  # MB of each answer
PIECE = b" " * 1024 * 1024
GZIP = zlib.MAX_WBITS | 16
DROP = 0.05  # seconds from one to the next


class OddAnswers:
    """`is_odd`: no question is answered; what Zammad is told of calls it still takes."""

    def __init__(self, app: ASGIApp) -> None:
        self.is_odd = False
        self._app = app
        self._kinds: cycle[tuple[Callable[[], AsyncIterator[bytes]], str]] = cycle(
            [(_bomb, "gzip"), (_plain, "identity"), (_drops, "identity")]
        )

    def begin(self) -> None:
        """Takes seconds."""
        packed()
        self.is_odd = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.is_odd or scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        pieces, encoding = next(self._kinds)
        headers = [(b"content-type", b"application/json"), (b"content-encoding", encoding.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(_gone(receive))
        with suppress(OSError):
            async for piece in pieces():
                if gone.done():
                    break
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        gone.cancel()


@cache
def packed() -> bytes:
    packer = zlib.compressobj(1, wbits=GZIP)
    return b"".join([*(packer.compress(PIECE) for _ in range(ENDLESS)), packer.flush()])


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _bomb() -> AsyncIterator[bytes]:
    yield packed()


async def _plain() -> AsyncIterator[bytes]:
    for _ in range(ENDLESS):
        yield PIECE


async def _drops() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(DROP)
