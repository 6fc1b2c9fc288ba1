"""`sipgate-sidecar serve` as a process of its own, beside a simulated Zammad."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx

from tests.places import ROOT
from zammad_client.simulator import Simulator

COMMAND = [sys.executable, "-m", "sidecar"]


def environ(url: str, sim: Simulator, directory: Path, port: int, **more: str) -> dict[str, str]:
    """Of a sidecar in this directory, as an admin would set it for this Zammad."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SIDECAR_ZAMMAD__URL": url,
        "SIDECAR_ZAMMAD__TOKEN": sim.tokens.service,
        "SIDECAR_SERVER__PORT": str(port),
        "SIDECAR_DATABASE__URL": f"sqlite:///{directory / 'sidecar.db'}",
        "SIDECAR_SYNC__SETTINGS_EVERY": "0.5",
        "SIDECAR_SYNC__CHANGES_EVERY": "0.5",
        "SIDECAR_DELIVERY__RATE": "200",
        **more,
    }


@contextmanager
def served(environment: Mapping[str, str], directory: Path) -> Iterator[httpx.Client]:
    """Ready; its log is the file `log` in the directory. Stopped as an init system does it."""
    base = f"http://127.0.0.1:{environment['SIDECAR_SERVER__PORT']}"
    with (directory / "log").open("ab") as log:
        process = subprocess.Popen([*COMMAND, "serve"], env=dict(environment), cwd=directory, stderr=log, stdout=log)
    try:
        with httpx.Client(base_url=base, trust_env=False, timeout=10.0) as client:
            wait_until_ready(client, process)
            yield client
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()


def wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    end = monotonic() + 30
    while monotonic() < end:
        assert process.poll() is None, "serve has ended"
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        sleep(0.05)
    raise TimeoutError("serve was not ready in time")


def command(environment: Mapping[str, str], directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the sidecar run to its end."""
    run = [*COMMAND, *arguments]
    return subprocess.run(
        run, env=dict(environment), cwd=directory, capture_output=True, text=True, check=False, timeout=60
    )


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
