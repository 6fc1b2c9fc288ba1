"""`sipgate-sidecar serve` as a process that can be killed and started again, and commands run to their end."""

from __future__ import annotations

import multiprocessing
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic, sleep

import httpx

from rest_transport.trust import authorities
from sidecar.app import Sidecar
from sidecar.cli import run
from sidecar.cli.commands.serve import run_until_told
from sidecar.cli.settings import settings_from
from sidecar.logs import configure_logs
from tests.waiting import PATIENCE

HOST = "127.0.0.1"
_FORKS = multiprocessing.get_context("forkserver")  # importing everything takes longer than most tests
_FORKS.set_forkserver_preload(
    ["pytest", "psycopg", "sidecar.app", "sidecar.cli.commands.serve", "sidecar.store.migrations"]
)


class SharedClock:
    """The time of a test and of the processes it starts: it stands still until it is set."""

    def __init__(self, at: float) -> None:
        self._at = _FORKS.Value("d", at)

    def __call__(self) -> float:
        return float(self._at.value)

    def set(self, at: float) -> None:
        self._at.value = at


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    memory: float  # MB, resident
    threads: int
    descriptors: int


class ServedProcess:
    """On a port that stays the same, in a directory where its log is called `name`.log."""

    def __init__(
        self, environ: Mapping[str, str], directory: Path, *, name: str = "serve", clock: SharedClock | None = None
    ) -> None:
        self.port = int(environ.get("SIDECAR_SERVER__PORT", 0)) or free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log = directory / f"{name}.log"
        self._environ = {**environ, "SIDECAR_SERVER__PORT": str(self.port)}
        self._clock = clock
        self._process: ForkServerProcess | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def start(self) -> None:
        """Returns once it is ready."""
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        assert self._process is None
        self._process = _FORKS.Process(target=_serve, args=(self._environ, self.log, self._clock), daemon=True)
        self._process.start()

    def wait_until_ready(self) -> None:
        ends_at = monotonic() + PATIENCE
        with httpx.Client(base_url=self.url, trust_env=False, verify=authorities()) as client:
            while not _is_ready(client):
                assert self._process is not None
                assert self._process.is_alive(), self.log.read_text()
                assert monotonic() < ends_at, self.log.read_text()
                sleep(0.02)

    def wait_until_it_listens(self) -> None:
        """Ready or not."""
        ends_at = monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                httpx.get(f"{self.url}/healthz", trust_env=False, verify=authorities())
                return
            assert self._process is not None
            assert self._process.is_alive(), self.log.read_text()
            assert monotonic() < ends_at, self.log.read_text()
            sleep(0.02)

    def kill(self) -> None:
        """As if the power had failed."""
        self._end(ForkServerProcess.kill)

    def stop(self) -> int:
        """As systemd does it; the exit code."""
        return self._end(ForkServerProcess.terminate)

    def usage(self) -> Usage:
        status = Path(f"/proc/{self.pid}/status").read_text()
        read = {name: value.split() for name, _, value in (line.partition(":") for line in status.splitlines())}
        return Usage(
            memory=int(read["VmRSS"][0]) / 1024,
            threads=int(read["Threads"][0]),
            descriptors=len(list(Path(f"/proc/{self.pid}/fd").iterdir())),
        )

    def limit_files_to(self, most_bytes: int | None) -> None:
        """From now on no file of the process may grow beyond it, as if the disk were full; None: no limit any more."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if most_bytes is None else most_bytes, hard))

    @property
    def runs(self) -> bool:
        return self._process is not None

    def _end(self, how: Callable[[ForkServerProcess], None]) -> int:
        process, self._process = self._process, None
        assert process is not None
        how(process)
        process.join(PATIENCE)
        assert process.exitcode is not None, self.log.read_text()
        return process.exitcode


def _serve(environ: Mapping[str, str], log: Path, clock: SharedClock | None) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(log.parent)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for output in (1, 2):
        os.dup2(written, output)
    sys.exit(run(["serve"]) if clock is None else _serve_by(clock))


def _serve_by(clock: SharedClock) -> int:
    """As the command does it."""
    settings = settings_from(None)
    configure_logs(level=settings.logging.level, form=settings.logging.format)
    run_until_told(Sidecar(settings, clock=clock), settings)
    return 0


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").is_success
    except httpx.TransportError:
        return False


@contextmanager
def served(environ: Mapping[str, str], directory: Path, *, ready: bool = True) -> Iterator[ServedProcess]:
    """Ready, or at least listening. If the test has not ended it, it is stopped as systemd does it."""
    process = ServedProcess(environ, directory)
    try:
        process.begin()
        (process.wait_until_ready if ready else process.wait_until_it_listens)()
        yield process
        if process.runs:
            assert process.stop() == 0, process.log.read_text()
    finally:
        if process.runs:
            process.kill()


def command(environ: Mapping[str, str], directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the sidecar run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "sidecar", *arguments],
        env=dict(environ),
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
