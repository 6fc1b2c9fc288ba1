"""Organizations over REST: members and change feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.zammad_client.simulator.asking import FEED, ids_of
from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_an_organization_lists_its_members(sim: Simulator, service: httpx.AsyncClient) -> None:
    other = sim.add_organization("Other", cti_blocked=True)
    sim.change_user(7, organization_id=other["id"])
    listed = (await service.get("/api/v1/organizations", params={"page": 1, "per_page": 50})).json()
    assert {each["id"]: each["member_ids"] for each in listed} == {1: [2], 2: [6], other["id"]: [7]}
    sim.change_organization(2, cti_main_numbers="+49 30 998*")
    assert await ids_of(service, "organizations/search", **FEED, per_page=1) == [2]
