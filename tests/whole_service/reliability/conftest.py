"""What several tests of reliability begin with."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from rest_transport.trust import authorities
from tests.service import prepared
from tests.waiting import PATIENCE
from tests.whole_service.reliability.scene import BLOCKED, Scene
from tests.whole_service.reliability.watching import AGENTS, simulated
from zammad_client.simulator.server import running

BLOCK_LIST = {"block_caller_ids": [{"caller_id": BLOCKED, "note": ""}]}


@pytest.fixture
def scene() -> Iterator[Scene]:
    sim = prepared(simulated(), user_remote_map=AGENTS, view_limit=500, inbound=BLOCK_LIST)
    with running(sim) as url, httpx.Client(trust_env=False, timeout=PATIENCE, verify=authorities()) as client:
        yield Scene(sim=sim, url=url, client=client)
