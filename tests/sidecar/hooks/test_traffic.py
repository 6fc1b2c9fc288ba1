"""When the last hook came, and when it is quiet."""

from __future__ import annotations

from dataclasses import replace

import anyio
import pytest

from sidecar.hooks.traffic import SILENCE, Traffic
from tests.sidecar.store.journal.hook_rows import NEW_CALL
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio
NOW = 1_700_000_000.0


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_before_the_first_hook_it_is_quiet(clock: Clock) -> None:
    with anyio.fail_after(PATIENCE):
        await Traffic(clock).silence()


async def test_it_is_quiet_some_seconds_after_the_last_hook(clock: Clock) -> None:
    traffic = Traffic(clock)
    traffic.note(replace(NEW_CALL, received_at=NOW))
    with pytest.raises(TimeoutError), anyio.fail_after(0.01):
        await traffic.silence()
    clock.now += SILENCE
    assert traffic.since_last_hook() == SILENCE
    with anyio.fail_after(PATIENCE):
        await traffic.silence()


def test_hooks_that_nobody_could_read_are_counted(clock: Clock) -> None:
    traffic = Traffic(clock)
    traffic.note(NEW_CALL)
    traffic.note(replace(NEW_CALL, status="unreadable"))
    assert traffic.unreadable == 1
