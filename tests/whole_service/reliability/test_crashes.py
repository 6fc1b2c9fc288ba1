"""Real processes killed at any moment under load: what was answered is kept, and appears in Zammad exactly once."""

from __future__ import annotations

import os
import random
from contextlib import closing
from pathlib import Path

import anyio
import pytest

from sidecar.store.database import Database
from tests.machine import ALL
from tests.process import ServedProcess, served
from tests.service import environ_of
from tests.whole_service.reliability.calls import SEED
from tests.whole_service.reliability.phone import Phone
from tests.whole_service.reliability.watching import (
    IN_HASTE,
    all_is_over,
    assert_each_call_once,
    ended_calls,
    journalled,
    simulated,
    until_in,
)
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
CRASHES = int(os.environ.get("SIDECAR_TEST_CRASHES", "10" if ALL else "5"))
LINES = 6  # calls at once


async def test_every_hook_answered_before_a_crash_has_its_row_exactly_once(database_url: str, tmp_path: Path) -> None:
    sim = simulated(view_limit=5_000)  # more than are made until the claims of a dead process are free
    chance = random.Random(SEED)
    with (
        running(sim) as url,
        served(environ_of(sim, url, database_url, **IN_HASTE), tmp_path) as process,
        closing(Database(database_url)) as database,
    ):
        phone = Phone(url=process.url, token=sim.sipgate_token, chance=chance)
        await _crash_under_load(process, phone, chance)
        await until_in(database, all_is_over)
        kept, ended = await database.read(journalled), await database.read(ended_calls)
        assert process.stop() == 0
    lost = [hook for hook in phone.promised if kept[hook] != 1]
    assert not lost, f"seed {SEED}: {len(lost)} of {len(phone.promised)} promised hooks"
    assert_each_call_once(sim, phone.told, ended)
    print(  # noqa: T201 - the result of `make soak`
        f"{database.dialect}: {CRASHES} crashes, {phone.made} calls, {len(phone.promised)} hooks promised and kept, "
        f"{len(phone.told)} whole calls with one right row each; seed {SEED}"
    )


async def _crash_under_load(process: ServedProcess, phone: Phone, chance: random.Random) -> None:
    over = anyio.Event()
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: phone.calls_until(over, at_once=LINES))
        for _ in range(CRASHES):
            await anyio.sleep(chance.uniform(0.05, 1.2))
            await anyio.to_thread.run_sync(process.kill)
            await anyio.to_thread.run_sync(process.start)
        await anyio.sleep(0.3)
        over.set()
