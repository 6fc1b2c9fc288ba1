"""On every Zammad that is simulated: calls with faults in them, in any order, end right and open once."""

from __future__ import annotations

import random

import pytest

from sidecar.calls.sipgate.events import Direction
from tests.matrix import Note, note_in_matrix
from tests.service import prepared, serving, until_ready
from tests.sidecar.calls.conversation.traces import TRACES, Trace
from tests.sidecar.calls.sipgate.forms import body_of
from tests.whole_service.reliability.calls import SEED, as_call, mixed, with_faults
from tests.whole_service.reliability.watching import (
    AGENTS,
    Clock,
    all_is_over,
    dialogs,
    ended_calls,
    nothing_left_to_do,
    rows_by_call,
    until_in,
)
from zammad_client.simulator import VERSIONS, Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
SETTINGS = {"SIDECAR_CALLS__QUEUE_NAMES": '["support"]', "SIDECAR_DELIVERY__RATE": "1000"}
MISSING_HANGUP_AFTER = 14_400.0


@pytest.mark.parametrize("version", list(VERSIONS))
async def test_any_order_on_every_version(version: str, sqlite_url: str, record_property: Note) -> None:
    clock, chance = Clock(), random.Random(SEED)
    sim = prepared(Simulator(version=version, clock=clock), user_remote_map=AGENTS)
    calls: dict[str, Trace] = {str(number): chance.choice(TRACES) for number in range(16)}
    events = {name: as_call(trace.events, name) for name, trace in calls.items()}
    repeated = [[*call, chance.choice(call)] for call in events.values()]
    faulty = [with_faults(as_call(chance.choice(TRACES).events, f"f{n}"), chance, faults=2) for n in range(8)]
    with running(sim) as url:
        async with serving(url, sqlite_url, sim, SETTINGS, clock=clock) as service:
            await until_ready(service)
            for event in mixed([*repeated, *faulty], chance):
                direction = getattr(event, "direction", None) or Direction.IN
                assert (await service.post(body_of(event), direction=direction)).status_code == 200, (SEED, event)
                clock.jump(0.001)
            for seconds in (0.0, 5.0, MISSING_HANGUP_AFTER, 5.0):
                clock.jump(seconds)
                await until_in(service.sidecar.database, nothing_left_to_do)
            await until_in(service.sidecar.database, all_is_over)
            found = await service.sidecar.database.read(ended_calls)
    right = {name: found[name] for name in calls} == {name: trace.state for name, trace in calls.items()}
    once = max(dialogs(sim).values(), default=1) == 1
    closed = {state for rows in rows_by_call(sim).values() for state, _ in rows} == {"hangup"}
    note_in_matrix(record_property, scene="calls in any order, with faults", version=version, ok=right & once & closed)
    assert (right, once, closed) == (True, True, True), SEED
