"""The same through the real application and both databases: sipgate never sees an error, Zammad shows the truth."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from anyio import to_thread
from sqlalchemy import select

from sidecar.calls.sipgate.events import CallEvent, Direction
from sidecar.hooks.replay import replayed
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import recent_hooks
from sidecar.store.journal.rows import HookRow
from tests.service import Service, serving, until_ready
from tests.sidecar.calls.conversation.traces import TRACES, Trace
from tests.sidecar.calls.sipgate.forms import body_of
from tests.sidecar.store.journal.hook_rows import keep
from tests.sipgate_recordings import recorded_hooks
from tests.waiting import until
from tests.whole_service.reliability.calls import SEED, as_call, mixed, with_faults
from tests.whole_service.reliability.watching import (
    Clock,
    all_is_over,
    dialogs,
    ended_calls,
    nothing_left_to_do,
    rows_by_call,
    simulated,
    until_in,
)
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
SETTINGS = {"SIDECAR_CALLS__QUEUE_NAMES": '["support"]', "SIDECAR_DELIVERY__RATE": "1000"}
MISSING_HANGUP_AFTER = 14_400.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Simulator:
    print(f"seed {SEED}")  # noqa: T201 - shown with every failure
    return simulated(clock)


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


async def heard(service: Service, events: list[CallEvent], clock: Clock) -> None:
    """Posted one after the other; the phone is always answered with 200."""
    for event in events:
        direction = getattr(event, "direction", None) or Direction.IN
        answer = await service.post(body_of(event), direction=direction)
        assert answer.status_code == 200, (SEED, event)
        clock.jump(0.001)


async def at_the_end(service: Service, clock: Clock) -> None:
    """Everything has settled, and what will never be heard of has been given up."""
    database = service.sidecar.database
    await until(lambda: service.sidecar._hook_path.waiting == 0)  # else hours pass while a hangup is on its way there
    for seconds in (0.0, 5.0, MISSING_HANGUP_AFTER, 5.0):
        clock.jump(seconds)
        await until_in(database, nothing_left_to_do)
    await until_in(database, all_is_over)


async def test_calls_in_any_order_with_repetitions_end_in_one_right_row_each(
    sim: Simulator, url: str, clock: Clock, database_url: str
) -> None:
    chance = random.Random(SEED)
    calls: dict[str, Trace] = {str(number): chance.choice(TRACES) for number in range(30)}
    events = [as_call(trace.events, name) for name, trace in calls.items()]
    repeated = mixed([[*call, chance.choice(call)] for call in events], chance)
    async with serving(url, database_url, sim, SETTINGS, clock=clock) as service:
        await until_ready(service)
        await heard(service, repeated, clock)
        await at_the_end(service, clock)
        assert service.sidecar.database.dialect in database_url
        found = await service.sidecar.database.read(ended_calls)
    assert found == {name: trace.state for name, trace in calls.items()}, SEED
    assert max(dialogs(sim).values(), default=1) == 1, SEED
    rows = rows_by_call(sim)
    for name, trace in calls.items():
        assert [state for state, _ in rows[name]].count("hangup") == len(rows[name]), (SEED, name, trace.name)
        assert rows[name][0][1] == trace.done or trace.direction is Direction.OUT, (SEED, name, trace.name)


async def test_calls_with_two_faults_each_never_cost_an_answer_nor_open_twice(
    sim: Simulator, url: str, clock: Clock, sqlite_url: str
) -> None:
    chance = random.Random(SEED + 1)
    calls = [with_faults(as_call(chance.choice(TRACES).events, str(number)), chance, faults=2) for number in range(40)]
    async with serving(url, sqlite_url, sim, SETTINGS, clock=clock) as service:
        await until_ready(service)
        await heard(service, mixed(calls, chance), clock)
        await at_the_end(service, clock)
        found = await service.sidecar.database.read(ended_calls)
    assert set(found) == {str(number) for number in range(40)}
    assert max(dialogs(sim).values(), default=1) == 1, SEED
    assert {state for rows in rows_by_call(sim).values() for state, _ in rows} == {"hangup"}


async def test_a_hook_of_every_kind_replayed_from_the_journal_changes_nothing(
    sim: Simulator, url: str, clock: Clock, database_url: str
) -> None:
    async with serving(url, database_url, sim, SETTINGS, clock=clock) as service:
        await until_ready(service)
        for recorded in recorded_hooks():
            await service.post(recorded.body, direction=recorded.direction, content_type=recorded.content_type)
        for trace in TRACES:
            await heard(service, list(as_call(trace.events, trace.name)), clock)
        await at_the_end(service, clock)
        database = service.sidecar.database
        before = (sim.call_log, list(sim.opened), await database.read(_conversations))
        assert await to_thread.run_sync(_replay_everything, database) > 60
        await until_in(database, nothing_left_to_do)
        assert (sim.call_log, list(sim.opened), await database.read(_conversations)) == before


def _conversations(connection: Connection) -> list[tuple[object, ...]]:
    columns = [column for column in conversations.c if column.name != "changed_at"]
    return [tuple(row) for row in connection.execute(select(*columns).order_by(conversations.c.id))]


def _replay_everything(database: Database) -> int:
    with database.reading() as connection:
        hooks = recent_hooks(connection, limit=1000)
    rows = [row for hook in hooks if isinstance(row := replayed(hook), HookRow)]
    keep(database, *rows)
    return len(rows)
