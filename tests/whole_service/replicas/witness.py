"""What reaches the simulated Zammad, noted in the order in which it arrives."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LINGER = 0.03  # seconds a look at the settings takes longer, so that two at a time would be seen


class Witness:
    """In front of the simulator. `events`: callId to the events Zammad was told of, in their order."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.events: dict[str, list[str]] = defaultdict(list)
        self.looks = 0  # at the settings
        self.most_looks_at_once = 0
        self._looking = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith("/api/v1/cti/"):
            receive = self._overhearing(receive)
        if scope["type"] == "http" and scope["path"].startswith("/api/v1/settings"):  # also one by one
            await self._look(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _look(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.looks += 1
        self._looking += 1
        self.most_looks_at_once = max(self.most_looks_at_once, self._looking)
        try:
            await asyncio.sleep(LINGER)
            await self._app(scope, receive, send)
        finally:
            self._looking -= 1

    def _overhearing(self, receive: Receive) -> Receive:
        body = bytearray()

        async def overheard() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body"):
                event = json.loads(body)
                self.events[event["callId"]].append(event["event"])
            return message

        return overheard
