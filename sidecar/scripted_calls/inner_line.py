"""Scripted calls for the hook door of this very process: nothing of them leaves the machine on their way in."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from urllib.parse import quote

import anyio
import httpx
import structlog
from starlette.types import ASGIApp

from sidecar.hooks.http import PREFIX
from sidecar.scripted_calls.phone import Exchange, Phone
from sidecar.scripted_calls.rehearsal import at
from sidecar.scripted_calls.script import Script
from sidecar.wake_up import WakeUp

PAUSE = 1.0  # seconds between hooks: what Zammad opens for an answer needs the call to go on for a moment
_HERE = "http://sidecar"

log = structlog.get_logger(__name__)


class InnerLine:
    """`run` has to run for a call to go on behind its first hook."""

    def __init__(self, *, door: ASGIApp, token: Callable[[], str | None], pause: float = PAUSE) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=door))
        self._token = token
        self._pause = pause
        self._begun: deque[AsyncIterator[Exchange]] = deque()
        self._wake_up = WakeUp()

    async def ring(self, script: Script, *, call: str) -> int | None:
        """The status the door gave to the first hook, None without a token; after 200 the rest follows."""
        token = self._token()
        if token is None:
            return None
        urls = {way: f"{_HERE}{PREFIX}/{quote(token, safe='')}/{way}" for way in ("in", "out")}
        phone = Phone(client=self._client, urls=urls, on_host=lambda url: at(_HERE, url))
        exchanges = phone.play(script, call=call)
        first = await anext(exchanges)
        if first.status == HTTPStatus.OK:
            self._begun.append(exchanges)
            self._wake_up.wake()
        return first.status

    async def run(self) -> None:
        async with anyio.create_task_group() as tasks:
            while True:
                await self._wake_up.wait()
                while self._begun:
                    tasks.start_soon(self._go_on, self._begun.popleft())

    async def _go_on(self, exchanges: AsyncIterator[Exchange]) -> None:
        try:
            await anyio.sleep(self._pause)
            async for _ in exchanges:
                await anyio.sleep(self._pause)
        except httpx.HTTPError as error:
            log.warning("simulated_call_broken_off", problem=type(error).__name__)
