"""A simulated Zammad and the service user's connection to it, both inside the test's process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def version() -> str:
    return "5.2"


@pytest.fixture
def sim(version: str) -> Simulator:
    return Simulator(version=version)


@pytest.fixture
async def service(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(sim)),
        base_url="http://zammad.example",
        headers={"Authorization": f"Token token={sim.tokens.service}", "Accept": "application/json"},
    ) as client:
        yield client
