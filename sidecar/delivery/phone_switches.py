"""Agents' phone switches in Zammad: read while it rings, so that they are known when somebody picks up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import anyio
import structlog

from sidecar.errors import StoreError
from sidecar.wake_up import WakeUp
from zammad_client import Zammad
from zammad_client.errors import ZammadError

AT_THE_ANSWER = 0.3  # seconds
WHILE_IT_RINGS = 5.0  # seconds
SINGLY = 2  # agents that are asked for one by one; the list of all costs Zammad about as much as three

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchRead:
    """A switch as Zammad told it when it was asked at this instant."""

    at: float
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    agent: int
    at: float
    answered: anyio.Event = field(default_factory=anyio.Event)


class PhoneSwitches:
    """Args:
    turn: around each request that nobody waits for.
    polled: what the regular poll has read of an agent; off where it never has.
    poll: polls all agents now. Raises: ZammadError, StoreError.
    patience: seconds that a dialog waits for the switch at most.

    """

    def __init__(
        self,
        *,
        zammad: Zammad,
        turn: Callable[[], AbstractAsyncContextManager[None]],
        polled: Callable[[int], SwitchRead],
        poll: Callable[[], Awaitable[None]],
        clock: Callable[[], float],
        patience: float = AT_THE_ANSWER,
    ) -> None:
        self._zammad = zammad
        self._turn = turn
        self._polled = polled
        self._poll = poll
        self._clock = clock
        self._patience = patience
        self._read: dict[int, SwitchRead] = {}
        self._ringing: dict[int, float] = {}  # agents to be asked for, and since when it rings
        self._asked: _Question | None = None
        self._wake_up = WakeUp()

    def rings_at(self, agents: Collection[int], since: float) -> None:
        """Soon somebody may want to know."""
        self._ringing.update(dict.fromkeys(agents, since))
        if agents:
            self._wake_up.wake()

    async def run(self) -> None:
        while True:
            await self._wake_up.wait()
            while self._ringing:
                async with self._turn():
                    await self._read_next()

    async def is_on(self, agent: int, *, since: float | None) -> bool:
        """Whether calls may open something for this agent, as it was after `since`; None: as it is now.

        Where Zammad takes too long to say so, as last known.
        """
        if since is None or self._newest(agent).at < since:
            await self._find_out(agent, since)
        return self._newest(agent).on

    def _newest(self, agent: int) -> SwitchRead:
        polled = self._polled(agent)
        read = self._read.get(agent, polled)
        return read if read.at >= polled.at else polled

    async def _read_next(self) -> None:
        wanted = [agent for agent, since in self._ringing.items() if self._newest(agent).at < since]
        if len(wanted) > SINGLY:
            self._ringing.clear()
            await self._read_all()
            return
        self._ringing = {agent: self._ringing[agent] for agent in wanted[1:]}
        for agent in wanted[:1]:
            await self._ask(agent, within=WHILE_IT_RINGS)

    async def _read_all(self) -> None:
        try:
            await self._poll()
        except (ZammadError, StoreError) as error:
            log.debug("phone_switches_not_read", reason=str(error))

    async def _find_out(self, agent: int, since: float | None) -> None:
        question = self._asked
        if question and question.agent == agent and since is not None and question.at >= since:
            with anyio.move_on_after(self._patience):
                await question.answered.wait()
            return
        await self._ask(agent, within=self._patience)

    async def _ask(self, agent: int, *, within: float) -> None:
        question = self._asked = _Question(agent=agent, at=self._clock())
        try:
            on = (await self._zammad.user(agent, deadline=within)).phone_switch
            self._read[agent] = SwitchRead(at=question.at, on=on)
        except ZammadError as error:
            log.debug("phone_switch_not_read", agent=agent, reason=str(error))
        finally:
            question.answered.set()
            if self._asked is question:
                self._asked = None
