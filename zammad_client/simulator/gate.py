"""In front of the simulated Zammad: notes every request, plays the faults, adds the Date header."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse

from .models.refusals import masked
from .seen import Seen

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .faults import Fault
    from .state import Simulator

DROP_CONNECTION = "simulator.drop_connection"  # ASGI extension of server.py: how to abort the connection
_REASONS = {429: "Too Many Requests", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Time-out"}


class Gate:
    def __init__(self, app: ASGIApp, sim: Simulator) -> None:
        self._app = app
        self._sim = sim

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _own_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        status = await self._answer(scope, receive, self._dated(send))
        self._sim.requests.append(_seen(scope, status, self._sim.now()))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> int | None:
        """The status of the answer that left or was lost; None where nothing was done."""
        fault = self._sim.faults.take(scope["path"])
        if self._sim.faults.refusing or self._sim.restarts.gone:
            return await _error_answer(503 if self._sim.faults.refusing else 502, scope, receive, send)
        if fault is None:
            return await self._pass_on(scope, receive, send)
        match fault.kind:
            case "fail" | "mask":
                return await _error_answer(fault.status, scope, receive, send, fault)
            case "slow":
                await asyncio.sleep(fault.seconds)
                return await self._pass_on(scope, receive, send)
            case "lose":
                status = await self._pass_on(scope, receive, _nowhere)
                await _drop(scope, receive, send)
                return status
            case _:
                await _until_released(fault, receive)
                await _drop(scope, receive, send)
                return None

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> int | None:
        status: int | None = None

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, noting)
        return status

    def _dated(self, send: Send) -> Send:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"date", formatdate(self._sim.now(), usegmt=True).encode())]
            await send(message)

        return dated


def _seen(scope: Scope, status: int | None, now: float) -> Seen:
    headers = Headers(scope=scope)
    return Seen(
        method=scope["method"],
        path=scope["path"],
        params=dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
        status=status,
        at=now,
        user_agent=headers.get("User-Agent", ""),
        forwarded_for=headers.get("X-Forwarded-For", ""),
    )


def _own_page(path: str) -> bool:
    return path == "/" or path.startswith("/sim/")


async def _error_answer(status: int, scope: Scope, receive: Receive, send: Send, fault: Fault | None = None) -> int:
    if fault and fault.kind == "mask":
        refusal = masked(422)
        await JSONResponse({"error": refusal.message}, refusal.status)(scope, receive, send)
        return refusal.status
    title = f"{status} {_REASONS.get(status, 'Error')}"
    page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    await HTMLResponse(page, status_code=status, headers=fault.headers if fault else None)(scope, receive, send)
    return status


async def _nowhere(_message: Message) -> None:
    return


async def _drop(scope: Scope, receive: Receive, send: Send) -> None:
    connection = scope.get("extensions", {}).get(DROP_CONNECTION)
    if connection is None:
        await _error_answer(504, scope, receive, send)
        return
    connection["abort"]()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _until_released(fault: Fault, receive: Receive) -> None:
    gone = asyncio.ensure_future(_gone(receive))
    while fault.active and not gone.done():
        await asyncio.wait({gone}, timeout=0.02)
    gone.cancel()
