"""A telephone system that makes calls and remembers what it was told."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

import anyio
import httpx

from tests.sidecar.calls.conversation.traces import FORWARD, MISSED, SIMPLE, TRANSFER, VOICEMAIL, Trace
from tests.sidecar.calls.sipgate.forms import body_of
from tests.whole_service.reliability.calls import as_call

WITHIN_BUDGET = 0.2  # seconds as the telephone system measures them; the journal's budget is 0.25
KINDS = (SIMPLE, MISSED, FORWARD, VOICEMAIL, TRANSFER)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True, kw_only=True)
class Phone:
    url: str
    token: str
    chance: random.Random
    promised: list[tuple[str, str]] = field(default_factory=list)  # callId and event answered within the budget
    told: dict[str, Trace] = field(default_factory=dict)  # calls all of whose hooks were promised
    slowest: float = 0.0  # seconds
    statuses: set[int] = field(default_factory=set)
    made: int = 0
    rate: float | None = None  # hooks a second; None: as fast as the lines are
    _next_at: float = 0.0

    async def calls_until(self, over: anyio.Event, *, at_once: int) -> None:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client, anyio.create_task_group() as lines:
            for _ in range(at_once):
                lines.start_soon(self._line, client, over)

    async def calls(self, count: int, *, at_once: int) -> None:
        over = anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: self.calls_until(over, at_once=at_once))
            last = self.made + count
            while self.made < last:
                await anyio.sleep(0.01)
            over.set()

    async def _line(self, client: httpx.AsyncClient, over: anyio.Event) -> None:
        while not over.is_set():
            self.made += 1
            name, trace = str(self.made), self.chance.choice(KINDS)
            if await self._call(client, name, trace):
                self.told[name] = trace
            await anyio.sleep(self.chance.uniform(0.0, 0.15))

    async def _turn(self) -> None:
        if self.rate is not None:
            self._next_at = max(self._next_at + 1 / self.rate, time.monotonic())
            await anyio.sleep(max(0.0, self._next_at - time.monotonic()))

    async def _call(self, client: httpx.AsyncClient, name: str, trace: Trace) -> bool:
        """Whether every hook was promised. A hook that fails is not repeated, as sipgate does not."""
        for event in as_call(trace.events, name):
            await self._turn()
            started = time.monotonic()
            try:
                answer = await client.post(
                    f"{self.url}/api/v1/sipgate/{self.token}/in", content=body_of(event), headers=FORM
                )
            except httpx.HTTPError:
                await anyio.sleep(0.2)
                return False
            took = time.monotonic() - started
            self.slowest = max(self.slowest, took)
            self.statuses.add(answer.status_code)
            if answer.status_code != httpx.codes.OK or took > WITHIN_BUDGET:
                return False
            names = {"NewCall": "newCall", "Answered": "answer", "HungUp": "hangup"}
            self.promised.append((event.call_id, names[type(event).__name__]))
        return True
