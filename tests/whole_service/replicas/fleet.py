"""Several real `serve` processes on one PostgreSQL: started, killed without warning, started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx

from zammad_client.simulator import Simulator

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass(slots=True, kw_only=True)
class Replica:
    """One process on a port that stays its own."""

    port: int
    environ: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "sidecar", "serve"]
            self.process = subprocess.Popen(
                command, env={**self.environ, "SIDECAR_SERVER__PORT": str(self.port)}, stdout=log, stderr=log
            )

    def end(self, how: signal.Signals) -> int:
        """The exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    replicas: tuple[Replica, ...]
    token: str

    async def until_ready(self, *replicas: Replica, within: float = 60.0) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            with anyio.fail_after(within):
                for replica in replicas or self.replicas:
                    while not await _is_ready(client, replica):
                        await anyio.sleep(0.05)

    def hook_url(self, replica: Replica, direction: str = "in") -> str:
        return f"{replica.url}/api/v1/sipgate/{self.token}/{direction}"


async def _is_ready(client: httpx.AsyncClient, replica: Replica) -> bool:
    try:
        return (await client.get(f"{replica.url}/readyz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


@contextmanager
def fleet_of(
    count: int,
    *,
    zammad_url: str,
    database_url: str,
    sim: Simulator,
    folder: Path,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Fleet]:
    """So many replicas, starting; short intervals, so that nothing has to be waited for long."""
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")},
        "SIDECAR_ZAMMAD__URL": zammad_url,
        "SIDECAR_ZAMMAD__TOKEN": sim.tokens.service,
        "SIDECAR_ZAMMAD__TIMEOUT": "2",
        "SIDECAR_DATABASE__URL": database_url,
        "SIDECAR_SYNC__SETTINGS_EVERY": "0.5",
        "SIDECAR_SYNC__CHANGES_EVERY": "0.5",
        "SIDECAR_SYNC__PAUSE": "0",
        "SIDECAR_DELIVERY__RATE": "1000",
        "SIDECAR_CALLS__RECENT_LOGS": "off",
        **(environ or {}),
    }
    replicas = tuple(
        Replica(port=free_port(), environ=surroundings, log=folder / f"replica{number}.log") for number in range(count)
    )
    try:
        for replica in replicas:
            replica.start()
        yield Fleet(replicas=replicas, token=sim.sipgate_token)
    finally:
        for replica in replicas:
            if replica.process is not None and replica.process.poll() is None:
                replica.end(signal.SIGKILL)
