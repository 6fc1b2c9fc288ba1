"""Whoever has time waits for a turn before each request; whoever has none asks the same Zammad at once."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import httpx
import pytest
import respx

from rest_transport.session import at_once
from tests.zammad_client.recorded import API, CTI_TOKEN, answer, some_zammad
from zammad_client import Zammad

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def nobodys_turn() -> AsyncIterator[None]:
    await anyio.sleep_forever()
    yield


class Turns:
    """Notes when each one begins and ends."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        self.seen.append("begins")
        try:
            yield
        finally:
            self.seen.append("ends")

    def asked(self, _request: httpx.Request) -> httpx.Response:
        self.seen.append("asked")
        return httpx.Response(502) if self.seen.count("asked") == 1 else answer("users_me")


@respx.mock
async def test_each_attempt_has_a_turn_of_its_own() -> None:
    turns = Turns()
    respx.get(f"{API}users/me").mock(side_effect=turns.asked)
    await some_zammad().in_turn(turns.one).me()
    assert turns.seen == ["begins", "asked", "ends"] * 2


@respx.mock
async def test_a_write_has_its_turn_too() -> None:
    turns = Turns()
    respx.post(f"{API}http_logs").mock(side_effect=lambda _request: httpx.Response(201, json={}))
    await some_zammad().in_turn(turns.one).write_http_log({})
    assert turns.seen == ["begins", "ends"]


@respx.mock
async def test_waiting_for_a_turn_costs_nothing_of_the_deadline() -> None:
    """The deadline would be over before the turn comes."""
    respx.get(f"{API}users/6").mock(return_value=answer("users_me"))

    @asynccontextmanager
    async def late() -> AsyncIterator[None]:
        await anyio.sleep(1.2)
        yield

    user = await some_zammad().in_turn(late).user(6, deadline=1.0)
    assert user.id


@respx.mock
async def test_the_same_zammad_can_be_asked_at_once() -> None:
    respx.post(f"{API}cti/{CTI_TOKEN}").mock(return_value=httpx.Response(200, json={}))
    zammad: Zammad = some_zammad()
    zammad.in_turn(nobodys_turn)
    await zammad.call_event(CTI_TOKEN, {})


@respx.mock
async def test_whoever_has_time_takes_no_thread_of_those_who_have_none() -> None:
    """Also not if there are very many of them, and Zammad answers none."""
    held = threading.Event()

    def silent(_request: httpx.Request) -> httpx.Response:
        held.wait(30)
        return answer("users_me")

    asked = respx.get(f"{API}users/me").mock(side_effect=silent)
    respx.post(f"{API}cti/{CTI_TOKEN}").mock(return_value=httpx.Response(200, json={}))
    zammad = some_zammad()
    patient = zammad.in_turn(at_once, threads=3)
    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(patient.me)
        await anyio.wait_all_tasks_blocked()
        await zammad.call_event(CTI_TOKEN, {})
        assert asked.call_count <= 3
        held.set()
