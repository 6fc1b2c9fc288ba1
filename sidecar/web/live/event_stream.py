"""The answer that goes on for as long as a page is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sidecar.web.live.streams import Stream

RETRY = b"retry: 1000\n\n"  # milliseconds


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


def trickle() -> Response:
    """Something at once, and something a second later: so `check` sees whether a proxy keeps streams back."""

    async def drops() -> AsyncIterator[bytes]:
        yield b": one\n\n"
        await asyncio.sleep(1.0)
        yield b": two\n\n"

    return StreamingResponse(drops(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
