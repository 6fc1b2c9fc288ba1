"""A simulated Zammad and servers under load, each a process; the server on a core of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import mkdtemp

import httpx

from bench.rig.cores import cpu_seconds, on_the_first_core
from bench.rig.hooks import CALLERS

TOKEN = "bench-token"
SERVICE_TOKEN = "simulated-service-token"
HOST = "127.0.0.1"
START_WITHIN = 120.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A process that takes hooks."""

    pid: int
    url: str

    @property
    def hook_url(self) -> str:
        return f"{self.url}/api/v1/sipgate/{TOKEN}/in"

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)


@contextmanager
def simulated_zammad(users: int = CALLERS, *, yields: bool = False) -> Iterator[str]:
    """Its URL. `yields`: to the load generator, which would else measure how long it waits for its own core."""
    command = [sys.executable, "-m", "zammad_client.simulator", "--users", str(users)]
    if yields and shutil.which("nice"):
        command = ["nice", "-n", "10", *command]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def agents_added(zammad: str, count: int) -> list[int]:
    """Ids of so many new agents, who may see calls; to be there before a sidecar asks for them."""
    headers = {"Authorization": f"Token token={SERVICE_TOKEN}"}
    with httpx.Client(base_url=zammad, headers=headers, trust_env=False) as client:
        people = ({"firstname": "Agent", "lastname": f"Nr {number}", "roles": ["Agent"]} for number in range(count))
        return [int(client.post("/api/v1/users", json=each).raise_for_status().json()["id"]) for each in people]


@contextmanager
def server(
    kind: str,
    *,
    zammad: str = "http://127.0.0.1:9",
    database: str = "sqlite:///never-used.db",
    environ: Mapping[str, str] | None = None,
    pinned: bool = True,
    port: int | None = None,
) -> Iterator[Server]:
    """bare, waiting or whole (see serve.py), ready for hooks."""
    port = port or _free_port()
    command = [sys.executable, "-m", "bench.rig.serve", str(port), kind]
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")},
        "SIDECAR_ZAMMAD__URL": zammad,
        "SIDECAR_ZAMMAD__TOKEN": SERVICE_TOKEN,
        "SIDECAR_DATABASE__URL": database,
        "SIDECAR_SIPGATE__TOKEN": TOKEN,
        "SIDECAR_SIPGATE__SIGNATURE": "off",
        "SIDECAR_CALLS__RECENT_LOGS": "off",
        **({"SIDECAR_DATABASE__JOURNAL": f"{mkdtemp()}/journal.db"} if database.startswith("postgresql") else {}),
        **(environ or {}),
    }
    process = subprocess.Popen(on_the_first_core(command) if pinned else command, env=surroundings)
    try:
        found = Server(pid=process.pid, url=f"http://{HOST}:{port}")
        _wait_until_it_answers(found, process, "/" if kind == "bare" else "/readyz")
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_it_answers(found: Server, process: subprocess.Popen[bytes], path: str) -> None:
    deadline = time.monotonic() + START_WITHIN
    with httpx.Client(trust_env=False) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"the server has ended with {process.returncode}")
            try:
                if client.get(found.url + path).status_code in {httpx.codes.OK, httpx.codes.NOT_FOUND}:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
    raise TimeoutError(path)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])
