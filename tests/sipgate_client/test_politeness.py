"""How fast sipgate is asked, and when not at all."""

from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from sipgate_client import Sipgate, SipgateTokenError, SipgateUnavailableError
from sipgate_client.politeness import TOKEN_RESTS, Politeness
from sipgate_client.records import HookSettings
from sipgate_client.simulator import SimulatedSipgate
from tests.sipgate_client.accounts import asked

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_requests_go_one_at_a_time() -> None:
    politeness = Politeness(pause=0.0)
    inside: list[int] = []

    async def ask() -> None:
        async with politeness.turn():
            inside.append(1)
            assert len(inside) == 1
            await anyio.lowlevel.checkpoint()
            inside.pop()

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(ask)


async def test_a_pause_that_sipgate_asks_for_holds_for_everybody() -> None:
    clock = Clock()
    politeness = Politeness(pause=0.0, clock=clock)
    with pytest.raises(SipgateUnavailableError):
        async with politeness.turn():
            raise SipgateUnavailableError("slowly", status=429, retry_after=60.0)
    with pytest.raises(SipgateUnavailableError) as held:
        async with politeness.turn():
            raise AssertionError
    assert held.value.retry_after == 60.0
    clock.now += 60.0
    async with politeness.turn():
        pass


async def test_a_refused_token_is_not_tried_again_for_an_hour() -> None:
    clock = Clock()
    politeness = Politeness(pause=0.0, clock=clock)
    with pytest.raises(SipgateTokenError):
        async with politeness.turn():
            raise SipgateTokenError("unknown token", status=401)
    with pytest.raises(SipgateTokenError, match="unknown token"):
        async with politeness.turn():
            raise AssertionError
    clock.now += TOKEN_RESTS
    async with politeness.turn():
        pass


async def test_a_read_is_repeated_and_a_write_never_is() -> None:
    sim = SimulatedSipgate()
    sim.faults.fail(503)
    async with asked(sim) as sipgate:
        with pytest.raises(SipgateUnavailableError):
            await sipgate.users()
        assert len(sim.requests) == 3
        settings = await _settings(sim, sipgate)
        with pytest.raises(SipgateUnavailableError):
            await sipgate.write_hook_urls(settings, incoming_url="https://a.example", outgoing_url="https://b.example")
    assert [request.method for request in sim.requests].count("PUT") == 1


async def _settings(sim: SimulatedSipgate, sipgate: Sipgate) -> HookSettings:
    sim.faults.clear()
    settings = await sipgate.hook_settings()
    sim.faults.fail(503)
    return settings
