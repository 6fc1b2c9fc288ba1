"""Two Zammads alike, with the times of a real one, in a process of their own."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from bench.rig.odd_answers import OddAnswers
from bench.rig.setting import SERVICE_TOKEN
from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app
from zammad_client.simulator.costs import SharedCore
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
A_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What one of them has seen: the beginning of each request, and when a call's dialog came up."""

    begun: list[Begun]
    opened: dict[str, float]
    pages: float = 0.0  # seconds of work for pages of users; of a large one


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

    def block(self, rows: Sequence[str]) -> None:
        """These and no others, in the one behind the sidecar."""
        self._pipe.send(rows)
        self._pipe.recv()

    def answer_oddly(self) -> None:
        """From now on the one behind the sidecar answers no question."""
        self._pipe.send("odd")
        self._pipe.recv()


@contextmanager
def two_zammads(*, users: int = 0) -> Iterator[Zammads]:
    """`users`: large ones with so many customers, which cost as much as real ones."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_be_two_zammads, args=(theirs, users), daemon=True)
    process.start()
    try:
        bare, behind = ours.recv()
        yield Zammads(bare=bare, behind=behind, _pipe=ours)
    finally:
        process.kill()
        process.join()


def _be_two_zammads(pipe: Connection, users: int) -> None:
    with ExitStack() as stack:
        sims = [_zammad(users), _zammad(users)]
        fronts = [_front(sim, seed, large=bool(users)) for seed, sim in enumerate(sims)]
        odd = [OddAnswers(front) for front in fronts]
        urls = [stack.enter_context(running(sim, app=app)) for sim, app in zip(sims, odd, strict=True)]
        pipe.send(urls)
        while True:
            match pipe.recv():
                case "tell":
                    pipe.send([_witnessed(sim, app) for sim, app in zip(sims, fronts, strict=True)])
                case "odd":
                    odd[1].begin()
                    pipe.send(None)
                case rows:
                    sims[1].settings["sipgate_config"] = _settings(rows)
                    pipe.send(None)


def _front(sim: Simulator, seed: int, *, large: bool) -> Workers | SharedCore:
    app = create_app(sim)
    return SharedCore(app) if large else Workers(app, count=AT_ONCE, seconds=_times(seed), clock=time.time)


def _zammad(users: int) -> Simulator:
    """Nobody but an agent has changed within the last day."""
    late = A_DAY
    sim = Simulator(clock=lambda: time.time() - late)
    sim.add_customers(users)
    late = 0.0
    sim.change_user(AGENT, note="here today")
    assert (sim.tokens.service, sim.cti_token) == (SERVICE_TOKEN, CTI_TOKEN)
    sim.settings["sipgate_config"] = _settings(())
    return sim


def _settings(blocked: Sequence[str]) -> Mapping[str, object]:
    return {
        "inbound": {"block_caller_ids": [{"caller_id": row, "note": ""} for row in blocked]},
        "user_remote_map": [{"remote_user_id": SIPGATE_USER, "user_id": str(AGENT)}],
        "view_limit": 60,
    }


def _times(seed: int) -> Callable[[str, str], float]:
    chance = random.Random(seed)

    def seconds(method: str, path: str) -> float:
        least, most = next(
            ((least, most) for verb, start, least, most in TIMES if verb == method and path.startswith(start)),
            OTHERWISE,
        )
        return chance.uniform(least, most) / 1000

    return seconds


def _witnessed(sim: Simulator, front: Workers | SharedCore) -> Witnessed:
    opened = {each.call_id: each.at for each in sim.opened}
    if isinstance(front, SharedCore):
        return Witnessed(begun=[], opened=opened, pages=front.costs.pages)
    return Witnessed(begun=list(front.begun), opened=opened)
