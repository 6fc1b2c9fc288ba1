"""Two Zammads alike, each with two workers and the times of a real one, in a process of their own."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.rig.setting import SERVICE_TOKEN
from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app
from zammad_client.simulator.server import running
from zammad_client.simulator.workers import Begun, Workers

AGENT, SIPGATE_USER = 4, "w0"
CUSTOMER, LINE = "49301234567", "4930600001"
CTI_TOKEN = "simulated-cti-token"
AT_ONCE = 2
TIMES = (  # of a real Zammad, calm, on two cores: beginning of a path, least and most milliseconds
    ("POST", "/api/v1/cti/", 50, 78),
    ("POST", "/api/v1/http_logs", 70, 125),
    ("GET", "/api/v1/users/search", 60, 150),
    ("GET", "/api/v1/users/", 62, 108),
    ("GET", "/api/v1/organizations/search", 60, 150),
    ("GET", "/api/v1/settings/", 30, 80),
    ("GET", "/api/v1/settings", 200, 300),
)
OTHERWISE = (30, 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What one of them has seen: the beginning of each request, and when a call's dialog came up."""

    begun: list[Begun]
    opened: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zammads:
    """`bare` is told of calls directly, `behind` by the sidecar."""

    bare: str
    behind: str
    _pipe: Connection

    def witnessed(self) -> tuple[Witnessed, Witnessed]:
        self._pipe.send("tell")
        bare, behind = self._pipe.recv()
        return bare, behind


@contextmanager
def two_zammads() -> Iterator[Zammads]:
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_be_two_zammads, args=(theirs,), daemon=True)
    process.start()
    try:
        bare, behind = ours.recv()
        yield Zammads(bare=bare, behind=behind, _pipe=ours)
    finally:
        process.kill()
        process.join()


def _be_two_zammads(pipe: Connection) -> None:
    with ExitStack() as stack:
        sims = [_zammad(), _zammad()]
        workers = [
            Workers(create_app(sim), count=AT_ONCE, seconds=_times(seed), clock=time.time)
            for seed, sim in enumerate(sims)
        ]
        urls = [stack.enter_context(running(sim, app=app)) for sim, app in zip(sims, workers, strict=True)]
        pipe.send(urls)
        while True:
            pipe.recv()
            pipe.send([_witnessed(sim, app) for sim, app in zip(sims, workers, strict=True)])


def _zammad() -> Simulator:
    sim = Simulator()
    assert (sim.tokens.service, sim.cti_token) == (SERVICE_TOKEN, CTI_TOKEN)
    sim.settings["sipgate_config"] = {
        "user_remote_map": [{"remote_user_id": SIPGATE_USER, "user_id": str(AGENT)}],
        "view_limit": 60,
    }
    return sim


def _times(seed: int) -> Callable[[str, str], float]:
    chance = random.Random(seed)

    def seconds(method: str, path: str) -> float:
        least, most = next(
            ((least, most) for verb, start, least, most in TIMES if verb == method and path.startswith(start)),
            OTHERWISE,
        )
        return chance.uniform(least, most) / 1000

    return seconds


def _witnessed(sim: Simulator, workers: Workers) -> Witnessed:
    return Witnessed(begun=list(workers.begun), opened={each.call_id: each.at for each in sim.opened})
