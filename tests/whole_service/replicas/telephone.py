"""Calls into a fleet: each hook to any replica, sent again to another one where no answer came."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

import anyio
import httpx

from tests.waiting import PATIENCE
from tests.whole_service.replicas.fleet import Fleet

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
STEPS = ("newCall", "answer", "hangup")


@dataclass(slots=True, kw_only=True)
class Telephone:
    """`answered`: the marks of the hooks that were answered with 200; `calls`: those that were played to their end."""

    fleet: Fleet
    chance: random.Random
    answered: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    unanswered: int = 0
    hanging_up: bool = False
    _marks: count[int] = field(default_factory=lambda: count(1))
    _names: count[int] = field(default_factory=lambda: count(1))

    async def ring_on_and_on(self, lines: int) -> None:
        """So many calls at a time until `hanging_up`; the ones begun are finished."""
        limits = httpx.Limits(max_keepalive_connections=0)  # as through a load balancer: no connection is anybody's
        async with (
            httpx.AsyncClient(trust_env=False, timeout=PATIENCE, limits=limits) as client,
            anyio.create_task_group() as tasks,
        ):
            for _ in range(lines):
                tasks.start_soon(self._line, client)

    async def _line(self, client: httpx.AsyncClient) -> None:
        while not self.hanging_up:
            call_id = f"call-{next(self._names)}"
            caller = f"4930{self.chance.randrange(10**7, 10**8)}"
            for step in STEPS:
                await self._told(client, step, call_id, caller)
                await anyio.sleep(self.chance.uniform(0.0, 0.1))
            self.calls.append(call_id)

    async def _told(self, client: httpx.AsyncClient, step: str, call_id: str, caller: str) -> None:
        """The hook, sent until somebody has answered it; each attempt carries a mark of its own."""
        fields = {"event": step, "callId": call_id, "from": caller, "to": "4930600001", "direction": "in"}
        fields |= {"cause": "normalClearing"} if step == "hangup" else {"user": "Jane Doe", "userId": "w0"}
        while True:
            mark = str(next(self._marks))
            url = self.fleet.hook_url(self.chance.choice(self.fleet.replicas))
            try:
                answer = await client.post(url, content=urlencode({**fields, "mark": mark}), headers=FORM)
            except httpx.TransportError:
                self.unanswered += 1
                await anyio.sleep(0.01)
                continue
            self.statuses[answer.status_code] += 1
            if answer.status_code == httpx.codes.OK:
                self.answered.add(mark)
                return
