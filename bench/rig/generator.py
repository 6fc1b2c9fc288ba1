"""As many hooks as the server takes: wrk where it is installed, else a client of our own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio

from bench.rig.clients import closed_loop

_SCRIPT = Path(__file__).parent / "hooks.lua"
WRK = shutil.which("wrk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it. Latencies in milliseconds; `busy`: the generator's share of one core."""

    requests: int
    seconds: float
    p50: float
    p99: float
    p99_9: float
    longest: float
    errors: int
    not_200: int
    busy: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def run_load(url: str, hooks: Path, *, seconds: float, connections: int = 64, first: int = 0) -> Load:
    """`connections` at once, each with its next hook once the last one is answered. `first`: the hook to begin with."""
    if WRK is None:
        return Load(**anyio.run(closed_loop, url, hooks, seconds, connections, first))
    with TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        command = [WRK, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s", "-s", str(_SCRIPT), url]
        process = subprocess.Popen([*command, "--", str(hooks), str(results), str(first)], stdout=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        found = json.loads(results.read_text())
    return Load(**found, busy=(usage.ru_utime + usage.ru_stime) / found["seconds"])
