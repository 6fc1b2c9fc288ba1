"""Zammad out of order in every way during calls: the phone notices nothing, afterwards every row is there once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import anyio
import pytest

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.sipgate.events import Answered, CallEvent
from sidecar.store.calls import outbox
from tests.machine import ALL
from tests.service import Service, serving, until_ready
from tests.sidecar.calls.conversation.traces import FORWARD, MISSED, SIMPLE, TRANSFER, VOICEMAIL, Trace
from tests.sidecar.calls.sipgate.forms import body_of
from tests.waiting import until
from tests.whole_service.reliability.calls import SEED, as_call, call_of
from tests.whole_service.reliability.watching import (
    Clock,
    all_is_over,
    dialogs,
    ended_calls,
    rows_by_call,
    simulated,
    until_in,
)
from zammad_client.simulator import Simulator
from zammad_client.simulator.faults import Faults
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
BEFORE, MEANWHILE, LONG, AFTER = (30, 110, 30, 30) if ALL else (15, 45, 10, 10)  # calls
LINES = 8  # calls at once
SLOW, QUICK = 0.2, 20.0  # speeds of the clock: a busy machine settles no call too early, pauses are not waited for
POPUP_TTL, TIMEOUT = 20.0, 0.5
SETTINGS = {
    "SIDECAR_ZAMMAD__TIMEOUT": str(TIMEOUT),
    "SIDECAR_DELIVERY__RATE": "1000",
    "SIDECAR_CALLS__RECENT_LOGS": "off",
    "SIDECAR_SYNC__SETTINGS_EVERY": "2",
    "SIDECAR_SYNC__CHANGES_EVERY": "30",
}
KINDS = (SIMPLE, SIMPLE, MISSED, FORWARD, VOICEMAIL, TRANSFER)

FAULTS: dict[str, Callable[[Faults], None]] = {
    "black hole": Faults.hang,
    "refusing": Faults.refuse,
    "500": lambda faults: faults.fail(500),
    "429": lambda faults: faults.fail(429, headers={"Retry-After": "2"}),
    "slower than our patience": lambda faults: faults.slow(TIMEOUT * 1.5),
    "answers lost": Faults.lose_answers,
}


@pytest.fixture
def clock() -> Clock:
    return Clock(speed=SLOW)


@pytest.fixture
def sim(clock: Clock) -> Simulator:
    print(f"seed {SEED}")  # noqa: T201 - shown with every failure
    return simulated(clock)


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


class Exchange:
    """The telephone system: calls over a few lines, and when each was answered by whom."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self.calls: dict[str, Trace] = {}
        self.answered: dict[tuple[str, int], float] = {}  # call and agent
        self._chance = random.Random(SEED)
        self._service = service
        self._clock = clock
        self._going_on: list[CallEvent] = []

    async def make_calls(self, count: int) -> None:
        async with anyio.create_task_group() as lines:
            for line in range(LINES):
                lines.start_soon(self._line, len(range(line, count, LINES)))

    async def begin_calls(self, count: int) -> None:
        """Answered, and nobody hangs up yet."""
        for _ in range(count):
            ring, answer, hangup = as_call(SIMPLE.events, self._new_call(SIMPLE))
            await self._post(ring, answer)
            self._going_on.append(hangup)

    async def end_calls(self) -> None:
        await self._post(*self._going_on)

    def _new_call(self, trace: Trace) -> str:
        name = str(len(self.calls))
        self.calls[name] = trace
        return name

    async def _line(self, count: int) -> None:
        for _ in range(count):
            trace = self._chance.choice(KINDS)
            await self._post(*as_call(trace.events, self._new_call(trace)))

    async def _post(self, *events: CallEvent) -> None:
        for event in events:
            if isinstance(event, Answered) and event.user_id:
                self.answered[call_of(event.call_id), {"w1": 4, "w2": 5}[event.user_id]] = self._clock()
            assert (await self._service.post(body_of(event))).status_code == 200


@pytest.mark.parametrize("fault", FAULTS)
async def test_calls_in_an_outage_have_one_right_row_each_afterwards(
    sim: Simulator, url: str, clock: Clock, sqlite_url: str, fault: str
) -> None:
    async with serving(url, sqlite_url, sim, SETTINGS, clock=clock) as service:
        await until_ready(service)
        exchange, database = Exchange(service, clock), service.sidecar.database
        await exchange.begin_calls(1)
        await until(lambda: sim.opened)
        await exchange.make_calls(BEFORE)
        FAULTS[fault](sim.faults)
        await exchange.begin_calls(LONG)
        await exchange.make_calls(MEANWHILE)
        clock.jump(POPUP_TTL + 5)
        sim.faults.clear()
        await exchange.make_calls(AFTER)
        await exchange.end_calls()
        clock.run_at(QUICK)
        await until_in(database, all_is_over)
        ended = await database.read(ended_calls)
        dead = await database.read(lambda connection: outbox.parcels(connection, states=[ParcelState.DEAD]))
    assert not dead
    rows = rows_by_call(sim)
    for name, trace in exchange.calls.items():
        assert (ended[name], rows[name]) == (trace.state, [("hangup", trace.done)]), (fault, name, trace.name)
    assert set(rows) == set(exchange.calls)
    assert_no_dialog_late_or_twice(sim, exchange)


def assert_no_dialog_late_or_twice(sim: Simulator, exchange: Exchange) -> None:
    assert max(dialogs(sim).values()) == 1
    for opened in sim.opened:
        since = opened.at - exchange.answered[call_of(opened.call_id), opened.agent_id]
        assert since <= POPUP_TTL + 1, opened
