"""Between the hook that says who picked up and the dialog, Zammad hears nothing else from the sidecar."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

import pytest

from tests.service import Service, prepared, serving, until_ready
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
CALL = {"callId": "c-1", "from": "49301234567", "to": "4930600001"}
SLOW = 1.2  # seconds that Zammad takes for the dialog: polls are due meanwhile, twice
AGENTS = {"w0": 4, "w1": 5}
NO_POLLS = {"SIDECAR_SYNC__SETTINGS_EVERY": "3600", "SIDECAR_SYNC__CHANGES_EVERY": "3600"}  # after the first


@pytest.fixture
def sim() -> Simulator:
    return prepared(Simulator())


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


class Telephone:
    """A call, hook by hook, and what Zammad is asked meanwhile."""

    def __init__(self, service: Service, sim: Simulator) -> None:
        self._service = service
        self._sim = sim
        self._seen = 0

    async def ring(self, user_id: str) -> None:
        """Returns when all that follows from it is done."""
        rows, self._seen = len(self._sim.http_logs), len(self._sim.requests)
        await self._service.hook(event="newCall", **CALL, **{"userId[]": user_id})
        switch = {f"GET /api/v1/users/{AGENTS[user_id]}", "GET /api/v1/users/search"}
        await until(lambda: self._sim.call_log and len(self._sim.http_logs) > rows and switch & {*self.asked()})
        self._seen = len(self._sim.requests)

    async def pick_up(self, user_id: str) -> None:
        dialogs = len(self._sim.opened)
        await self._service.hook(event="answer", **CALL, userId=user_id, user="Somebody Else")
        await until(lambda: len(self._sim.opened) > dialogs)

    def asked(self) -> list[str]:
        """Since it rang, in the order in which Zammad was done with it."""
        return [f"{seen.method} {seen.path}" for seen in list(self._sim.requests)[self._seen :]]


@asynccontextmanager
async def telephone(
    sim: Simulator, url: str, database_url: str, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Telephone]:
    """All that a sidecar asks of Zammad by itself is asked twice a second, without another `environ`."""
    async with serving(url, database_url, sim, environ) as service:
        service.sidecar._way._patience = 60.0  # however slow this machine is
        await until_ready(service)
        yield Telephone(service, sim)


async def test_nothing_else_is_asked_until_the_dialog_is_out(sim: Simulator, url: str, database_url: str) -> None:
    async with telephone(sim, url, database_url) as phone:
        await phone.ring("w0")
        sim.faults.slow(SLOW, path="/api/v1/cti/")
        seen, rows = len(sim.requests), len(sim.http_logs)
        await phone.pick_up("w0")
        before = [each.path for each in list(sim.requests)[seen:]]
        assert before.index(f"/api/v1/cti/{sim.cti_token}") <= 1, "what was under way at the answer, and no more"
        await until(lambda: len(sim.http_logs) > rows)
    assert sim.opened


async def test_the_switch_is_asked_for_while_it_rings_and_not_again(
    sim: Simulator, url: str, database_url: str
) -> None:
    sim.change_user(4, preferences={"cti": False})
    async with telephone(sim, url, database_url, NO_POLLS) as phone:
        sim.change_user(4, preferences={"cti": True})  # a moment ago: no poll has seen it
        await phone.ring("w0")
        await phone.pick_up("w0")
        assert "GET /api/v1/users/4" not in phone.asked()
    assert [opened.agent_id for opened in sim.opened] == [4]


async def test_whom_the_call_is_handed_to_is_asked_for_at_the_answer(
    sim: Simulator, url: str, database_url: str
) -> None:
    async with telephone(sim, url, database_url, NO_POLLS) as phone:
        await phone.ring("w0")
        await phone.pick_up("w0")
        await phone.pick_up("w1")
        assert phone.asked().count("GET /api/v1/users/5") == 1
    assert [opened.agent_id for opened in sim.opened] == [4, 5]
