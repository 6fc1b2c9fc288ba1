"""A real process killed at any moment makes one ticket of a caller's missed calls, and a talk closes it."""

from __future__ import annotations

import random
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import anyio
import httpx
import pytest

from sidecar.calls.callbacks.course import Phase
from sidecar.store.database import Connection, Database
from sidecar.store.missed.callbacks.cases import Callback, active_callbacks
from tests.process import ServedProcess, served
from tests.service import FORM, environ_of, prepared
from tests.waiting import until
from tests.whole_service.reliability.calls import SEED
from zammad_client.simulator import Simulator
from zammad_client.simulator.models.tickets import CLOSED, Ticket
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

KILLS = 5
ERIKA, LINE = "49301234567", "4930600001"
IN_HASTE = {"SIDECAR_TICKETS__GRACE": "0.3", "SIDECAR_MISSED__SHORTEST_RING": "0", "SIDECAR_MISSED__SHORTEST_TALK": "0"}


def simulated() -> Simulator:
    sim = prepared(Simulator(version="6.5"))
    sim.change_group(2, cti_callbacks=LINE)
    return sim


def callbacks_of(sim: Simulator) -> list[Ticket]:
    with sim.lock:
        return [ticket for ticket in sim.tickets.all() if "callback" in ticket.tags]


async def hooks(process: ServedProcess, sim: Simulator, call: str, *events: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=process.url, trust_env=False) as client:
        for fields in events:
            way = fields["direction"]
            path = f"/api/v1/sipgate/{sim.sipgate_token}/{way}"
            body = urlencode({"callId": call, **fields})
            answer = await client.post(path, content=body, headers={"Content-Type": FORM})
            assert answer.status_code == 200


async def missed(process: ServedProcess, sim: Simulator, call: str) -> None:
    about = {"direction": "in", "from": ERIKA, "to": LINE}
    ring = {"event": "newCall", **about, "user[]": "Jane", "userId[]": "w0"}
    await hooks(process, sim, call, ring, {"event": "hangup", **about, "cause": "cancel"})


async def called_back(process: ServedProcess, sim: Simulator, call: str) -> None:
    about = {"direction": "out", "from": LINE, "to": ERIKA}
    dialled = {"event": "newCall", **about, "user[]": "Jane", "userId[]": "w0"}
    answer = {"event": "answer", **about, "user": "Jane", "userId": "w0"}
    await hooks(process, sim, call, dialled, answer, {"event": "hangup", **about, "cause": "normalClearing"})


def waiting(connection: Connection, *, now: float) -> list[Callback]:
    return active_callbacks(connection, now=now)


async def test_a_process_killed_at_any_moment_makes_one_ticket(sqlite_url: str, tmp_path: Path) -> None:
    sim, chance = simulated(), random.Random(SEED)
    with (
        running(sim) as url,
        served(environ_of(sim, url, sqlite_url, **IN_HASTE), tmp_path) as process,
        closing(Database(sqlite_url)) as database,
    ):
        await missed(process, sim, "c-1")
        for _ in range(KILLS):
            sim.faults.next(1).lose_answers(path="/api/v1/tickets")
            await anyio.sleep(chance.uniform(0.2, 1.0))
            await anyio.to_thread.run_sync(process.kill)
            await anyio.to_thread.run_sync(process.start)
        sim.faults.clear()

        async def is_settled() -> bool:
            found = await database.read(partial(waiting, now=sim.now()))
            return [(each.phase, each.step) for each in found] == [(Phase.OPEN, None)]

        await until(is_settled)
        [ticket] = callbacks_of(sim)
        assert len(ticket.articles) == 1
        await called_back(process, sim, "c-2")
        await until(lambda: ticket.state_id == CLOSED)
        assert [article.type_id for article in ticket.articles] == [5, 10]
        assert sim.ticketing.mails == []
