"""Several real `serve` processes on one PostgreSQL: started, killed without warning, started again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.process import ServedProcess
from tests.service import environ_of
from zammad_client.simulator import Simulator


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    replicas: tuple[ServedProcess, ...]
    token: str

    def hook_url(self, replica: ServedProcess, direction: str = "in") -> str:
        return f"{replica.url}/api/v1/sipgate/{self.token}/{direction}"


@contextmanager
def fleet_of(count: int, *, zammad_url: str, database_url: str, sim: Simulator, folder: Path) -> Iterator[Fleet]:
    """So many replicas, ready."""
    environ = environ_of(sim, zammad_url, database_url, SIDECAR_CALLS__RECENT_LOGS="off")
    names = [f"replica{number}" for number in range(count)]
    replicas = tuple(
        ServedProcess({**environ, "SIDECAR_DATABASE__JOURNAL": f"{name}.db"}, folder, name=name) for name in names
    )
    try:
        for replica in replicas:
            replica.begin()
        for replica in replicas:
            replica.wait_until_ready()
        yield Fleet(replicas=replicas, token=sim.sipgate_token)
    finally:
        for replica in replicas:
            if replica.runs:
                replica.kill()
