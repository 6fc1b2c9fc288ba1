"""What Zammad's database or a proxy says in the middle of a call: one right row afterwards, and nothing given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.store.calls import outbox
from tests.service import prepared, serving, until_ready
from tests.whole_service.reliability.watching import all_is_over, until_in
from zammad_client.simulator import Simulator
from zammad_client.simulator.faults import Faults
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
CTI = "/api/v1/cti/"
TIMES = 2  # that it is said

SAID: dict[str, Callable[[Faults], None]] = {
    "a fault of the database, masked": lambda faults: faults.refuse_masked(path=CTI),
    "502": lambda faults: faults.fail(502, path=CTI),
    "503": lambda faults: faults.fail(503, path=CTI),
    "504": lambda faults: faults.fail(504, path=CTI),
    "sent elsewhere": lambda faults: faults.fail(302, headers={"Location": "http://127.0.0.1:9/"}, path=CTI),
    "a pause that is none": lambda faults: faults.fail(429, headers={"Retry-After": "-5"}, path=CTI),
}


@pytest.mark.parametrize("said", SAID)
async def test_a_call_has_its_row_whatever_was_said_of_it_twice(database_url: str, said: str) -> None:
    sim = prepared(Simulator())
    with running(sim) as url:
        async with serving(url, database_url, sim) as service:
            await until_ready(service)
            SAID[said](sim.faults.next(TIMES))
            await service.call("c-1")
            database = service.sidecar.database
            await until_in(database, all_is_over)
            dead = await database.read(lambda connection: outbox.parcels(connection, states=[ParcelState.DEAD]))
    assert not dead
    assert [(row["call_id"], row["state"], row["done"]) for row in sim.call_log] == [("c-1", "hangup", True)]
    assert len(sim.opened) <= 1
