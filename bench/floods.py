"""Calls beside somebody who means harm: how soon their dialogs open, and the most memory the service ever takes.

Measured from the `answer` hook to the beginning of the request that opens the dialog in a Zammad with two workers and
the times of a real one. Wanted: 300 ms beside any flood, and less than 300 MB.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import anyio
import httpx

from bench.report import is_quick, percentiles, report
from bench.rig.cores import leave_the_first_core, memory_mb
from bench.rig.databases import KINDS, new_database
from bench.rig.few_workers import CUSTOMER, LINE, SIPGATE_USER, TIMES, Witnessed, Zammads, two_zammads
from bench.rig.hooks import FORM
from bench.rig.setting import Server, server

SECONDS = 4 if is_quick() else 15
LINES = 3  # calls at once
RINGS, TALKS, RESTS = (0.3, 0.7), 1.0, (0.1, 0.4)  # seconds; a call that has ended before opens nothing
SETTLED = 4.0  # seconds after the start, when all has been read once, and those in which a flood begins
LATE = 5.0  # seconds after the end for what has not opened yet
SOONEST = TIMES[0][2] / 1000  # seconds that such a request takes at least
ROWS = [f"*?*?*?{number:05}2" for number in range(100_000)]
IN_HASTE = {  # so that Zammad is asked often enough while it answers oddly
    "SIDECAR_CALLS__RECENT_LOGS": "all",
    "SIDECAR_SYNC__SETTINGS_EVERY": "3",
    "SIDECAR_SYNC__CHANGES_EVERY": "3",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`flood`: of rig/flooding.py. `with_calls`: where dialogs can open at all."""

    flood: str = "nothing"
    begin: Callable[[Server, Zammads], None] = lambda _server, _zammads: None
    with_calls: bool = True


def fill_the_disk(sidecar: Server, _zammads: Zammads) -> None:
    resource.prlimit(sidecar.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


SCENES: Mapping[str, Scene] = {
    "no flood": Scene(),
    "a call of 999 chained legs": Scene(flood="legs"),
    "999 hooks of 55 kB for one call": Scene(flood="large_hooks"),
    "1,500 idle connections, endless headers, slow bodies": Scene(flood="slow_clients"),
    "sign-ins with invented cookies": Scene(flood="invented_cookies"),
    "100,000 rows like *?*?*?2": Scene(begin=lambda _server, zammads: zammads.block(ROWS)),
    "gzip bombs and endless answers of Zammad": Scene(begin=lambda _server, zammads: zammads.answer_oddly()),
    "calls of one 55 kB hook each": Scene(flood="many_large_hooks", with_calls=False),
    "the same, and the disk is full": Scene(flood="many_large_hooks", begin=fill_the_disk, with_calls=False),
}


def main() -> None:
    leave_the_first_core()
    report("floods", {f"{kind}: {name}": measured(kind, scene) for kind in KINDS for name, scene in SCENES.items()})


def measured(kind: str, scene: Scene) -> Mapping[str, object]:
    with (
        new_database(kind) as database,
        two_zammads() as zammads,
        server("whole", zammad=zammads.behind, database=database, environ=IN_HASTE) as sidecar,
    ):
        time.sleep(SETTLED)
        scene.begin(sidecar, zammads)
        with flooded(scene.flood, sidecar):
            time.sleep(SETTLED)
            answers = anyio.run(partial(calls, sidecar, count=LINES if scene.with_calls else 0))
        time.sleep(LATE)
        _, behind = zammads.witnessed()
        memory = {"most memory MB": round(memory_mb(sidecar.pid, "VmHWM"))}
    return {**found(answers, behind), **memory}


@contextmanager
def flooded(kind: str, sidecar: Server) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "bench.rig.flooding", kind, sidecar.hook_url])
    try:
        yield
        assert process.poll() is None, f"the flood has ended with {process.returncode}"
    finally:
        process.kill()
        process.wait()


async def calls(sidecar: Server, *, count: int) -> Mapping[str, float]:
    """When each was answered."""
    answers: dict[str, float] = {}
    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client, anyio.create_task_group() as lines:
        for number in range(count):
            lines.start_soon(one_line, client, sidecar, number, answers)
        await anyio.sleep(SECONDS)
    return answers


async def one_line(client: httpx.AsyncClient, sidecar: Server, line: int, answers: dict[str, float]) -> None:
    chance, ends_at, number = random.Random(line), time.monotonic() + SECONDS, 0

    async def tell(event: str, call_id: str, **fields: str) -> None:
        about = {"event": event, "callId": call_id, "direction": "in", "from": CUSTOMER, "to": LINE, **fields}
        (
            await client.post(sidecar.hook_url, content=urlencode(about), headers={"Content-Type": FORM})
        ).raise_for_status()

    while time.monotonic() < ends_at:
        call_id = f"call {line}/{number}"
        await tell("newCall", call_id, **{"user[]": "Jane Doe", "userId[]": SIPGATE_USER})
        await anyio.sleep(chance.uniform(*RINGS))
        answers[call_id] = time.time()
        await tell("answer", call_id, user="Jane Doe", userId=SIPGATE_USER)
        await anyio.sleep(TALKS)
        await tell("hangup", call_id, cause="normalClearing")
        await anyio.sleep(chance.uniform(*RESTS))
        number += 1


def found(answers: Mapping[str, float], zammad: Witnessed) -> Mapping[str, object]:
    """What never opened is counted."""
    opened = {call_id: at for call_id, at in answers.items() if call_id in zammad.opened}
    begun = [_begun(zammad, call_id, at) - at for call_id, at in opened.items()]
    times = percentiles(begun) if begun else dict.fromkeys(percentiles([0.0, 0.0]), "")
    return {**times, "never opened": len(answers) - len(opened)}


def _begun(zammad: Witnessed, call_id: str, answered: float) -> float:
    """When Zammad began with the request that opened the dialog, or a moment later: it may have begun with another."""
    latest = zammad.opened[call_id] - SOONEST
    begun = (each.at for each in zammad.begun if "/cti/" in each.path and answered <= each.at <= latest)
    return max(begun, default=latest)  # clocks are no finer than that


if __name__ == "__main__":
    main()
