"""A simulated account on a port, and a client that asks it without pauses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sipgate_client import Sipgate
from sipgate_client.politeness import Politeness
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running


@asynccontextmanager
async def asked(sim: SimulatedSipgate, *, token: str = "", pause: float = 0.0) -> AsyncIterator[Sipgate]:
    with running(sim) as url:
        sipgate = Sipgate(token_id=sim.token_id, token=token or sim.token, url=url, politeness=Politeness(pause=pause))
        yield sipgate
        await sipgate.aclose()


def environ_of_account(sim: SimulatedSipgate, url: str) -> Mapping[str, str]:
    """What makes a sidecar ask this account."""
    return {
        "SIDECAR_SIPGATE__API__URL": url,
        "SIDECAR_SIPGATE__API__TOKEN_ID": sim.token_id,
        "SIDECAR_SIPGATE__API__TOKEN": sim.token,
    }
