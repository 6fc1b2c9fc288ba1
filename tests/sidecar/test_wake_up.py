"""Woken, or after so many seconds."""

from __future__ import annotations

import anyio
import pytest

from sidecar.wake_up import WakeUp

pytestmark = pytest.mark.anyio
NEVER = 3600.0


async def test_whoever_sleeps_is_woken() -> None:
    wake_up, woken = WakeUp(), []

    async def sleep() -> None:
        woken.append(await wake_up.wait(NEVER))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sleep)
        await anyio.wait_all_tasks_blocked()
        assert not woken
        wake_up.wake()
    assert woken == [True]


async def test_a_wake_up_while_the_loop_works_is_not_lost() -> None:
    wake_up = WakeUp()
    wake_up.wake()
    assert await wake_up.wait(NEVER)


async def test_woken_twice_is_woken_once() -> None:
    wake_up = WakeUp()
    wake_up.wake()
    wake_up.wake()
    assert await wake_up.wait(NEVER)
    assert not await wake_up.wait(0.0)


async def test_nobody_wakes_it_and_it_wakes_by_itself() -> None:
    assert not await WakeUp().wait(0.01)


async def test_a_wake_up_counts_even_if_no_time_is_left() -> None:
    wake_up = WakeUp()
    wake_up.wake()
    assert await wake_up.wait(0.0)
