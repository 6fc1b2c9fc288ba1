"""Between the hook that says who picked up and the dialog, Zammad hears nothing else from the sidecar."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import anyio
import pytest

from tests.service import Service, prepared, serving, until_ready
from tests.waiting import PATIENCE, until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
CALL = {"callId": "c-1", "from": "49301234567", "to": "4930600001"}
SLOW = 1.2  # seconds that Zammad takes for the dialog
AGENTS = {"w0": 4, "w1": 5}
NO_POLLS = {  # after the first, which must not fail
    "SIDECAR_SYNC__SETTINGS_EVERY": "3600",
    "SIDECAR_SYNC__CHANGES_EVERY": "3600",
    "SIDECAR_ZAMMAD__TIMEOUT": str(PATIENCE),
}


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
        self._switches = service.sidecar._delivery._switches
        self._seen = 0

    async def stands_by(self) -> None:
        """Nothing will be asked of Zammad but what calls want to know."""
        await until(lambda: self._switches._newest(AGENTS["w1"]).at)

    async def ring(self, user_id: str) -> None:
        """Returns when all that follows from it is done."""
        rows, since = len(self._sim.http_logs), time.time()
        await self._service.hook(event="newCall", **CALL, **{"userId[]": user_id})
        await until(lambda: self._sim.call_log and len(self._sim.http_logs) > rows)
        await until(lambda: self._switches._newest(AGENTS[user_id]).at >= since)
        self._seen = len(self._sim.requests)

    async def pick_up(self, user_id: str) -> None:
        """Returns when the dialog is out."""
        dialogs = len(self._sim.opened)
        await self._service.hook(event="answer", **CALL, userId=user_id, user="Somebody Else")
        await until(lambda: len(self._sim.opened) > dialogs)

    async def pick_up_while_others_ask(self, user_id: str) -> None:
        """The same; as soon as the hook is answered, a job and a page want something of Zammad as well."""
        body = {"event": "answer", **CALL, "userId": user_id, "user": "Somebody Else"}
        await self._service.post(urlencode(body).encode())
        way, zammad = self._service.sidecar._way, self._service.sidecar.zammad
        async with anyio.create_task_group() as others:
            others.start_soon(zammad.in_turn(way.in_file).user, 1)
            others.start_soon(zammad.in_turn(way.giving_way).user, 2)

    def asked(self) -> list[str]:
        """Since it rang, in the order in which Zammad was done with it."""
        return [f"{seen.method} {seen.path}" for seen in list(self._sim.requests)[self._seen :]]


@asynccontextmanager
async def telephone(sim: Simulator, url: str, database_url: str) -> AsyncIterator[Telephone]:
    async with serving(url, database_url, sim, NO_POLLS) as service:
        service.sidecar._way._patience = 60.0  # however slow this machine is
        await until_ready(service)
        phone = Telephone(service, sim)
        await phone.stands_by()
        yield phone


async def test_nothing_else_is_asked_until_the_dialog_is_out(sim: Simulator, url: str, database_url: str) -> None:
    async with telephone(sim, url, database_url) as phone:
        await phone.ring("w0")
        sim.faults.slow(SLOW, path="/api/v1/cti/")
        rows = len(sim.http_logs)
        await phone.pick_up_while_others_ask("w0")
        await until(lambda: len(sim.http_logs) > rows)
        asked = phone.asked()
    before = asked[: asked.index(f"POST /api/v1/cti/{sim.cti_token}")]
    others = {"GET /api/v1/users/1", "GET /api/v1/users/2", "POST /api/v1/http_logs"}
    assert others <= {*asked}
    assert not others & {*before}
    assert sim.opened


async def test_the_switch_is_asked_for_while_it_rings_and_not_again(
    sim: Simulator, url: str, database_url: str
) -> None:
    sim.change_user(4, preferences={"cti": False})
    async with telephone(sim, url, database_url) as phone:
        sim.change_user(4, preferences={"cti": True})  # a moment ago: no poll has seen it
        await phone.ring("w0")
        await phone.pick_up("w0")
        assert "GET /api/v1/users/4" not in phone.asked()
    assert [opened.agent_id for opened in sim.opened] == [4]


async def test_whom_the_call_is_handed_to_is_asked_for_at_the_answer(
    sim: Simulator, url: str, database_url: str
) -> None:
    async with telephone(sim, url, database_url) as phone:
        await phone.ring("w0")
        await phone.pick_up("w0")
        await phone.pick_up("w1")
        assert phone.asked().count("GET /api/v1/users/5") == 1
    assert [opened.agent_id for opened in sim.opened] == [4, 5]
