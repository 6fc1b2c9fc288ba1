"""Who may set out for Zammad, and when: dialogs at once, the others one by one while no dialog is on its way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
import pytest

from sidecar.delivery.right_of_way import RightOfWay
from tests.waiting import until

pytestmark = pytest.mark.anyio
NOON = 1_795_376_000.0
LONG, SHORT = 60.0, 0.05  # seconds


class Road:
    """Requests of those who have time, and which of them have set out."""

    def __init__(self, way: RightOfWay, tasks: anyio.abc.TaskGroup) -> None:
        self._way = way
        self._tasks = tasks
        self._arrived = anyio.Event()
        self.gone: list[str] = []

    async def poll(self, name: str) -> None:
        self._tasks.start_soon(self._poll, name)
        await anyio.wait_all_tasks_blocked()

    async def wait(self, name: str, *, of_call: int | None = None) -> None:
        self._tasks.start_soon(self._wait, name, of_call)
        await anyio.wait_all_tasks_blocked()

    async def arrive(self) -> None:
        """What has set out is answered."""
        self._arrived.set()
        self._arrived = anyio.Event()
        await anyio.wait_all_tasks_blocked()

    async def _poll(self, name: str) -> None:
        async with self._way.in_file():
            self.gone.append(name)
            await self._arrived.wait()

    async def _wait(self, name: str, of_call: int | None) -> None:
        await self._way.clear(of_call=of_call)
        self.gone.append(name)


Story = Callable[[RightOfWay, Road], Awaitable[None]]


async def play(story: Story, *, patience: float = LONG, in_file: float = LONG) -> list[str]:
    """What has set out by the end of the story."""
    way = RightOfWay(patience=patience, in_file=in_file)
    async with anyio.create_task_group() as tasks:
        road = Road(way, tasks)
        await story(way, road)
        tasks.cancel_scope.cancel()
    return road.gone


async def test_without_a_dialog_nobody_waits() -> None:
    async def story(_way: RightOfWay, road: Road) -> None:
        await road.poll("poll")
        await road.wait("page")

    assert await play(story) == ["poll", "page"]


async def test_from_the_hook_to_the_end_of_the_dialog_everybody_waits() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        way.expect(NOON)
        await road.poll("poll")
        way.folded(NOON + 0.1, [1])
        await road.wait("page")
        with way.sending(1):
            await road.wait("another call")
            assert road.gone == []
        await anyio.wait_all_tasks_blocked()

    assert sorted(await play(story)) == ["another call", "page", "poll"]


async def test_an_answer_that_opens_nothing_holds_nobody_up_once_it_is_folded() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        way.expect(NOON)
        way.expect(NOON + 0.2)
        await road.wait("page")
        way.folded(NOON + 0.1, [])
        await anyio.wait_all_tasks_blocked()
        assert road.gone == [], "the second one came after that"
        way.folded(NOON + 0.3, [])
        await anyio.wait_all_tasks_blocked()

    assert await play(story) == ["page"]


async def test_what_opens_the_row_of_a_dialog_goes_before_it() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        way.expect(NOON)
        await road.wait("row", of_call=1)
        await road.wait("row of another call", of_call=2)
        assert road.gone == []
        way.folded(NOON + 0.1, [1])
        await anyio.wait_all_tasks_blocked()

    assert await play(story) == ["row"]


async def test_a_dialog_that_another_replica_sends_is_none_here() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        way.folded(NOON, [1])
        assert way.dialogs == {1}
        await road.wait("page")
        way.over(1)
        await anyio.wait_all_tasks_blocked()

    assert await play(story) == ["page"]


async def test_polls_go_one_after_the_other() -> None:
    async def story(_way: RightOfWay, road: Road) -> None:
        for name in ("first", "second", "third"):
            await road.poll(name)
        assert road.gone == ["first"]
        await road.arrive()
        assert road.gone == ["first", "second"]
        await road.arrive()

    assert await play(story) == ["first", "second", "third"]


async def test_the_next_poll_gives_way_to_a_dialog_that_came_meanwhile() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        await road.poll("first")
        await road.poll("second")
        way.expect(NOON)
        await road.arrive()
        assert road.gone == ["first"]
        way.folded(NOON + 0.1, [])
        await anyio.wait_all_tasks_blocked()

    assert await play(story) == ["first", "second"]


async def test_a_poll_that_is_not_answered_holds_the_others_up_for_a_while_only() -> None:
    async def story(_way: RightOfWay, road: Road) -> None:
        await road.poll("first")
        await road.poll("second")
        await until(lambda: len(road.gone) == 2)

    assert await play(story, in_file=SHORT) == ["first", "second"]


async def test_who_is_cancelled_while_waiting_leaves_the_file_as_it_was() -> None:
    way = RightOfWay()
    way.expect(NOON)
    with anyio.move_on_after(SHORT):
        async with way.in_file():
            pytest.fail("there is a dialog on its way")
    way.folded(NOON + 0.1, [])
    with anyio.fail_after(LONG):
        async with way.in_file():
            pass


async def test_a_dialog_that_is_never_sent_holds_nobody_up_for_ever() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        way.expect(NOON)
        way.folded(NOON + 0.1, [1])
        await road.wait("page")
        await until(lambda: road.gone)
        assert way.dialogs == frozenset()

    assert await play(story, patience=SHORT) == ["page"]


async def test_in_an_endless_row_of_dialogs_the_others_get_through() -> None:
    async def story(way: RightOfWay, road: Road) -> None:
        with anyio.fail_after(LONG):
            for number in range(1000):
                way.folded(NOON, [number, number + 1])
                way.over(number)
                await road.wait(f"call {number}")
                if len(road.gone) > 3:
                    return
                await anyio.sleep(SHORT / 10)

    assert len(await play(story, patience=SHORT)) > 3
