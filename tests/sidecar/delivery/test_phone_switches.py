"""An agent's phone switch: read while it rings and known at the answer, or asked for then, for a moment only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import cast

import anyio
import pytest

from sidecar.delivery.phone_switches import PhoneSwitches, SwitchRead
from sidecar.delivery.right_of_way import RightOfWay
from tests.waiting import PATIENCE, until
from zammad_client import Zammad
from zammad_client.errors import ZammadNotReachedError
from zammad_client.records import User
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
NOON = 1_795_376_000.0
JANE, MAX = 4, 5
NEVER = SwitchRead(at=0.0, on=False)


class Polls:
    """What the regular poll has read, and how often it was asked for."""

    def __init__(self) -> None:
        self.read: dict[int, SwitchRead] = {}
        self.extra = 0

    def of(self, agent: int) -> SwitchRead:
        return self.read.get(agent, NEVER)

    async def poll(self) -> None:
        self.extra += 1
        raise ZammadNotReachedError("connection refused")


class Desk:
    """The switches of a simulated Zammad, and a clock that is set by hand."""

    def __init__(self, sim: Simulator, zammad: Zammad, *, patience: float = PATIENCE) -> None:
        self.sim = sim
        self.now = NOON
        self.polls = Polls()
        self.way = RightOfWay(patience=60.0)
        self.switches = PhoneSwitches(
            zammad=zammad,
            turn=self.way.giving_way,
            polled=self.polls.of,
            poll=self.polls.poll,
            clock=lambda: self.now,
            patience=patience,
        )

    @property
    def asked(self) -> list[str]:
        return [seen.path for seen in self.sim.requests]

    async def ring(self, *agents: int) -> None:
        """It rings, and a moment later everything is read that is to be."""
        self.switches.rings_at(agents, self.now)
        self.now += 1.0
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.switches.run)
            await until(lambda: not self.switches._ringing and not self.switches._asked)
            tasks.cancel_scope.cancel()
        self.now += 1.0


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


@pytest.fixture
async def desk(sim: Simulator, url: str) -> AsyncIterator[Desk]:
    zammad = Zammad(url=url, token=sim.tokens.service)
    yield Desk(sim, zammad)
    await zammad.aclose()


@asynccontextmanager
async def being_read(desk: Desk) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.switches.run)
        yield
        tasks.cancel_scope.cancel()


async def test_the_switch_is_read_while_it_rings_and_not_at_the_answer(desk: Desk) -> None:
    rang_at = desk.now
    await desk.ring(JANE)
    assert desk.asked == ["/api/v1/users/4"]
    assert await desk.switches.is_on(JANE, since=rang_at)
    assert desk.asked == ["/api/v1/users/4"]


async def test_the_phones_of_two_agents_are_two_questions(desk: Desk) -> None:
    await desk.ring(JANE, MAX)
    assert sorted(desk.asked) == ["/api/v1/users/4", "/api/v1/users/5"]
    assert desk.polls.extra == 0


async def test_many_phones_are_one_question(desk: Desk) -> None:
    await desk.ring(JANE, MAX, 6)
    assert (desk.asked, desk.polls.extra) == ([], 1)


async def test_the_next_call_asks_again(desk: Desk) -> None:
    await desk.ring(JANE)
    desk.sim.change_user(JANE, preferences={"cti": False})
    rang_at = desk.now
    await desk.ring(JANE)
    assert not await desk.switches.is_on(JANE, since=rang_at)
    assert len(desk.asked) == 2


async def test_what_was_polled_since_it_rings_is_not_asked_for(desk: Desk) -> None:
    desk.polls.read[JANE] = SwitchRead(at=desk.now + 0.5, on=True)
    rang_at = desk.now
    await desk.ring(JANE)
    assert await desk.switches.is_on(JANE, since=rang_at)
    assert desk.asked == []


async def test_a_switch_that_changes_while_it_rings_counts_as_polled_last(desk: Desk) -> None:
    rang_at = desk.now
    await desk.ring(JANE)
    desk.polls.read[JANE] = SwitchRead(at=desk.now + 5.0, on=False)
    assert not await desk.switches.is_on(JANE, since=rang_at)


async def test_after_a_transfer_the_switch_is_asked_for_at_the_answer(desk: Desk) -> None:
    await desk.ring(JANE)
    desk.sim.change_user(JANE, preferences={"cti": False})
    assert not await desk.switches.is_on(JANE, since=None)
    assert len(desk.asked) == 2


async def test_whose_phone_did_not_ring_is_asked_for_at_the_answer(desk: Desk) -> None:
    rang_at = desk.now
    await desk.ring(JANE)
    assert await desk.switches.is_on(MAX, since=rang_at)
    assert desk.asked == ["/api/v1/users/4", "/api/v1/users/5"]


@pytest.mark.parametrize("last_known", [True, False])
async def test_a_slow_zammad_is_not_waited_for_and_the_last_known_value_counts(
    sim: Simulator, url: str, *, last_known: bool
) -> None:
    zammad = Zammad(url=url, token=sim.tokens.service)
    desk = Desk(sim, zammad, patience=0.05)
    desk.polls.read[JANE] = SwitchRead(at=NOON - 5.0, on=last_known)
    desk.sim.change_user(JANE, preferences={"cti": not last_known})
    desk.sim.faults.hang()
    assert await desk.switches.is_on(JANE, since=None) is last_known
    await zammad.aclose()


async def test_a_switch_that_was_never_read_counts_as_off(desk: Desk) -> None:
    desk.sim.faults.refuse()
    assert not await desk.switches.is_on(JANE, since=None)


class BusyZammad:
    """Answers when it has time."""

    def __init__(self, jane: User) -> None:
        self._jane = jane
        self.asked = 0
        self.has_time = anyio.Event()

    async def user(self, _id: int, *, deadline: float) -> User:
        self.asked += 1
        with anyio.fail_after(deadline):
            await self.has_time.wait()
        return self._jane


async def test_who_picks_up_while_the_question_is_on_its_way_waits_for_its_answer(desk: Desk, url: str) -> None:
    jane = await Zammad(url=url, token=desk.sim.tokens.service).user(JANE)
    busy, rang_at, found = BusyZammad(jane), desk.now, list[bool]()
    desk = Desk(desk.sim, cast("Zammad", busy))

    async def pick_up() -> None:
        found.append(await desk.switches.is_on(JANE, since=rang_at))

    async with being_read(desk), anyio.create_task_group() as answers:
        desk.switches.rings_at([JANE], rang_at)
        await anyio.wait_all_tasks_blocked()
        answers.start_soon(pick_up)
        await anyio.wait_all_tasks_blocked()
        busy.has_time.set()
    assert (found, busy.asked) == ([True], 1)


async def test_who_picks_up_before_the_question_has_set_out_asks_for_themselves(desk: Desk) -> None:
    """The question that nobody waits for gives way to the dialog, which must not wait for it in turn."""
    desk.way.expect(desk.now)
    async with being_read(desk):
        desk.switches.rings_at([JANE], desk.now)
        await anyio.wait_all_tasks_blocked()
        assert desk.asked == []
        assert await desk.switches.is_on(JANE, since=desk.now)
        desk.way.folded(desk.now + 1.0, [])
        await until(lambda: not desk.switches._ringing)
    assert desk.asked == ["/api/v1/users/4"], "what is known since is not asked for again"
