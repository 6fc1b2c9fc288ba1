"""The service as a process of its own: started, loaded with calls, killed, started again."""

from __future__ import annotations

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx

from tests.sidecar.calls.forms import body_of
from tests.sidecar.calls.traces import FORWARD, MISSED, SIMPLE, TRANSFER, VOICEMAIL, Trace
from tests.whole_service.reliability.calls import as_call
from zammad_client.simulator import Simulator

WITHIN_BUDGET = 0.2  # seconds as the telephone system measures them; the journal's budget is 0.25
KINDS = (SIMPLE, MISSED, FORWARD, VOICEMAIL, TRANSFER)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    memory: float  # MB, resident
    threads: int
    descriptors: int


class ServedProcess:
    """`sipgate-sidecar serve` on a port that stays the same, as a process of its own that can be killed."""

    def __init__(self, *, environ: Mapping[str, str], directory: Path) -> None:
        self._log = directory / "serve.log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        with self._log.open("ab") as output:
            self.host = subprocess.Popen(
                [sys.executable, "-m", "tests.whole_service.reliability.serve_host"],
                env={**os.environ, **environ, "SIDECAR_SERVER__PORT": str(port)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        self._process: int | None = None

    def start(self) -> None:
        """Returns once it is ready."""
        assert self.host.stdin
        self.host.stdin.write("serve\n")
        self.host.stdin.flush()
        self._process = self._reported()
        self._handle = os.pidfd_open(self._process)
        ends_at = time.monotonic() + 60
        while not self._is_ready():
            assert time.monotonic() < ends_at, self._log.read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """As if the power had failed."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As systemd does it; the exit code."""
        return self._end(signal.SIGTERM)

    def usage(self) -> Usage:
        assert self._process is not None
        status = Path(f"/proc/{self._process}/status").read_text()
        read = {name: value.split() for name, _, value in (line.partition(":") for line in status.splitlines())}
        return Usage(
            memory=int(read["VmRSS"][0]) / 1024,
            threads=int(read["Threads"][0]),
            descriptors=len(list(Path(f"/proc/{self._process}/fd").iterdir())),
        )

    def limit_files_to(self, most_bytes: int | None) -> None:
        """From now on no file of the process may grow beyond it, as if the disk were full; None: no limit any more."""
        assert self._process is not None
        _, hard = resource.prlimit(self._process, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process, resource.RLIMIT_FSIZE, (hard if most_bytes is None else most_bytes, hard))

    def close(self) -> None:
        if self._process is not None:
            self.kill()
        self.host.communicate()

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        signal.pidfd_send_signal(self._handle, how)  # no other process that has got the number since
        os.close(self._handle)
        self._process = None
        return self._reported()

    def _reported(self) -> int:
        assert self.host.stdout
        line = self.host.stdout.readline()
        assert line, self._log.read_text()
        return int(line)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


@contextmanager
def served_process(
    sim: Simulator, zammad_url: str, database_url: str, directory: Path, environ: Mapping[str, str]
) -> Iterator[ServedProcess]:
    settings = {
        "SIDECAR_ZAMMAD__URL": zammad_url,
        "SIDECAR_ZAMMAD__TOKEN": sim.tokens.service,
        "SIDECAR_ZAMMAD__TIMEOUT": "1",
        "SIDECAR_DATABASE__URL": database_url,
        "SIDECAR_SYNC__PAUSE": "0",
        "SIDECAR_DELIVERY__RATE": "1000",
        "SIDECAR_LOGGING__FORMAT": "json",
        **environ,
    }
    served = ServedProcess(environ=settings, directory=directory)
    try:
        served.start()
        yield served
    finally:
        served.close()


@dataclass(slots=True, kw_only=True)
class Phone:
    """Makes calls and remembers what it was told."""

    url: str
    token: str
    chance: random.Random
    promised: list[tuple[str, str]] = field(default_factory=list)  # callId and event answered within the budget
    told: dict[str, Trace] = field(default_factory=dict)  # calls all of whose hooks were promised
    slowest: float = 0.0  # seconds
    statuses: set[int] = field(default_factory=set)
    made: int = 0
    rate: float | None = None  # hooks a second; None: as fast as the lines are
    _next_at: float = 0.0

    async def calls_until(self, over: anyio.Event, *, at_once: int) -> None:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client, anyio.create_task_group() as lines:
            for _ in range(at_once):
                lines.start_soon(self._line, client, over)

    async def calls(self, count: int, *, at_once: int) -> None:
        over = anyio.Event()
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: self.calls_until(over, at_once=at_once))
            last = self.made + count
            while self.made < last:
                await anyio.sleep(0.01)
            over.set()

    async def _line(self, client: httpx.AsyncClient, over: anyio.Event) -> None:
        while not over.is_set():
            self.made += 1
            name, trace = str(self.made), self.chance.choice(KINDS)
            if await self._call(client, name, trace):
                self.told[name] = trace
            await anyio.sleep(self.chance.uniform(0.0, 0.15))

    async def _turn(self) -> None:
        if self.rate is not None:
            self._next_at = max(self._next_at + 1 / self.rate, time.monotonic())
            await anyio.sleep(max(0.0, self._next_at - time.monotonic()))

    async def _call(self, client: httpx.AsyncClient, name: str, trace: Trace) -> bool:
        """Whether every hook was promised. A hook that fails is not repeated, as sipgate does not."""
        for event in as_call(trace.events, name):
            await self._turn()
            started = time.monotonic()
            try:
                answer = await client.post(
                    f"{self.url}/api/v1/sipgate/{self.token}/in", content=body_of(event), headers=FORM
                )
            except httpx.HTTPError:
                await anyio.sleep(0.2)
                return False
            took = time.monotonic() - started
            self.slowest = max(self.slowest, took)
            self.statuses.add(answer.status_code)
            if answer.status_code != httpx.codes.OK or took > WITHIN_BUDGET:
                return False
            names = {"NewCall": "newCall", "Answered": "answer", "HungUp": "hangup"}
            self.promised.append((event.call_id, names[type(event).__name__]))
        return True
