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
from tests.whole_service.reliability.calls import SEED
from tests.whole_service.reliability.process import Phone, ServedProcess, Usage, served_process
from tests.whole_service.reliability.watching import (
    MISSING_HANGUP_AFTER,
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
    sim = simulated(view_limit=500)
    chance = random.Random(SEED)
    environ = {"SIDECAR_CALLS__MISSING_HANGUP_AFTER": MISSING_HANGUP_AFTER}
    with (
        running(sim) as url,
        served_process(sim, url, database_url, tmp_path, environ) as served,
        closing(Database(database_url)) as database,
    ):
        phone = Phone(url=served.url, token=sim.sipgate_token, chance=chance, rate=RATE)
        usage = await suffered(served, sim, phone, chance)
        await until_in(database, all_is_over, within=180)
        kept, ended = await database.read(journalled), await database.read(ended_calls)
        assert served.stop() == 0
    lost = [hook for hook in phone.promised if kept[hook] != 1]
    assert not lost, f"seed {SEED}: {len(lost)} of {len(phone.promised)} promised hooks"
    assert_each_call_once(sim, phone.told, ended)
    tell(database.dialect, phone, usage)
    if SECONDS >= LONG:
        assert_flat(usage)


async def suffered(served: ServedProcess, sim: Simulator, phone: Phone, chance: random.Random) -> list[Usage]:
    """What the process used, at each moment until the first time it was killed."""
    over, usage, began = anyio.Event(), [served.usage()], time.monotonic()
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: phone.calls_until(over, at_once=LINES))
        while (passed := (time.monotonic() - began) / SECONDS) < 1.0:
            if passed >= KILLS_FROM:
                await anyio.to_thread.run_sync(chance.choice((served.kill, served.stop)))
                await anyio.to_thread.run_sync(served.start)
            else:
                usage.append(served.usage())
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
        f"{dialect}: {SECONDS:.0f} s, {phone.made} calls, {len(phone.promised)} hooks promised and kept, "
        f"{len(phone.told)} whole calls with one right row each, slowest answer {1000 * phone.slowest:.0f} ms; "
        f"memory {memory[1]} to {max(memory)} MB, at the end {memory[-1]}; threads {threads[1]} to {max(threads)}; "
        f"descriptors {descriptors[1]} to {max(descriptors)}; seed {SEED}"
    )
