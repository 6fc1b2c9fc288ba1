"""Calls at a steady rate while Zammad and the service suffer one thing after the other; for long in `make soak`."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import anyio
import pytest

from sidecar.store.database import Database
from tests.process import ServedProcess, Usage, served
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
from zammad_client.simulator import Simulator
from zammad_client.simulator.faults import Faults
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
SECONDS = 60 * float(os.environ.get("SIDECAR_TEST_SOAK_MINUTES", "0.1"))
RATE = 25.0  # hooks a second
LINES = 12
CATCHES_UP = {"SIDECAR_DELIVERY__RATE": "100"}  # what waits after a fault is gone before the next one
ROWS = 2000  # that Zammad's log lists: more than calls are made in a fault and the time to catch up
PATIENCE = 600.0  # seconds for the last of what waits
PARTS = 40  # of the whole time; a fault or a rest takes one
KILLS_FROM = 0.8  # of the whole time: a process that was killed has no memory that could have grown
LONG = 300.0  # seconds from which on growth would show

FAULTS: dict[str, Callable[[Faults], None]] = {
    "refusing": Faults.refuse,
    "black hole": Faults.hang,
    "answers lost": Faults.lose_answers,
    "slow": lambda faults: faults.slow(1.5),
    "429": lambda faults: faults.fail(429, headers={"Retry-After": "1"}),
    **{str(status): partial(Faults.fail, status=status) for status in (404, 500, 502, 503, 504)},
}


async def test_calls_go_on_whatever_happens_and_every_one_has_its_one_row(database_url: str, tmp_path: Path) -> None:
    sim = simulated(view_limit=ROWS)
    chance = random.Random(SEED)
    with (
        running(sim) as url,
        served(environ_of(sim, url, database_url, **IN_HASTE, **CATCHES_UP), tmp_path) as process,
        closing(Database(database_url)) as database,
    ):
        phone = Phone(url=process.url, token=sim.sipgate_token, chance=chance, rate=RATE)
        usage = await suffered(process, sim, phone, chance)
        tell(database.dialect, phone, usage)
        await until_in(database, all_is_over, patience=PATIENCE)
        kept, ended = await database.read(journalled), await database.read(ended_calls)
        assert process.stop() == 0
    lost = [hook for hook in phone.promised if kept[hook] != 1]
    assert not lost, f"seed {SEED}: {len(lost)} of {len(phone.promised)} promised hooks"
    assert_each_call_once(sim, phone.told, ended)
    print(f"{database.dialect}: nothing is lost, and each call has its one right row")  # noqa: T201 - as in `tell`
    if SECONDS >= LONG:
        assert_flat(usage)


async def suffered(process: ServedProcess, sim: Simulator, phone: Phone, chance: random.Random) -> list[Usage]:
    """What the process used, at each moment until the first time it was killed."""
    over, usage, began = anyio.Event(), [process.usage()], time.monotonic()
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: phone.calls_until(over, at_once=LINES))
        while (passed := (time.monotonic() - began) / SECONDS) < 1.0:
            if passed >= KILLS_FROM:
                await anyio.to_thread.run_sync(chance.choice((process.kill, process.stop)))
                await anyio.to_thread.run_sync(process.start)
            else:
                usage.append(process.usage())
            fault = chance.choice(list(FAULTS))
            FAULTS[fault](sim.faults)
            await anyio.sleep(chance.uniform(0.2, 1.0) * SECONDS / PARTS)
            sim.faults.clear()
            await anyio.sleep(chance.uniform(0.5, 1.5) * SECONDS / PARTS)
        over.set()
    return usage


def assert_flat(usage: Sequence[Usage]) -> None:
    """Between the second fifth and the last one: the first is for caches to fill and threads to start."""
    fifth = len(usage) // 5
    early, late = usage[fifth : 2 * fifth], usage[-fifth:]
    assert statistics.median(each.memory for each in late) < 1.1 * statistics.median(each.memory for each in early) + 8
    assert max(each.threads for each in late) <= max(each.threads for each in early) + 2
    assert max(each.descriptors for each in late) <= max(each.descriptors for each in early) + 20


def tell(dialect: str, phone: Phone, usage: Sequence[Usage]) -> None:
    memory = [round(each.memory) for each in usage]
    threads, descriptors = [each.threads for each in usage], [each.descriptors for each in usage]
    print(  # noqa: T201 - the result of `make soak`
        f"{dialect}: {SECONDS:.0f} s, {phone.made} calls, {len(phone.promised)} hooks promised, "
        f"{len(phone.told)} calls promised from beginning to end, slowest answer {1000 * phone.slowest:.0f} ms; "
        f"memory {memory[1]} to {max(memory)} MB, at the end {memory[-1]}; threads {threads[1]} to {max(threads)}; "
        f"descriptors {descriptors[1]} to {max(descriptors)}; seed {SEED}"
    )
