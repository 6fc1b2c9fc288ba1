"""Users over REST: paging, change feed, search, who holds a permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.zammad_client.simulator.asking import FEED, ids_of
from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_pages_ascend_by_id_and_end_empty(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.add_customers(1200)
    first = await ids_of(service, "users", page=1, per_page=5000)
    assert len(first) == 1000
    assert first == sorted(first)
    assert first[0] == 1
    assert len(await ids_of(service, "users", page=2, per_page=1000)) == len(sim.people) - 1000
    assert await ids_of(service, "users", page=3, per_page=1000) == []


async def test_the_change_feed_brings_the_newest_change_first(sim: Simulator, service: httpx.AsyncClient) -> None:
    before = sim.user(6)["updated_at"]
    sim.change_user(4, note="x")
    sim.change_user(6, note="y")
    assert (await ids_of(service, "users/search", **FEED, per_page=2, page=1)) == [6, 4]
    assert 6 not in await ids_of(service, "users/search", **FEED, per_page=2, page=2)
    assert sim.user(6)["updated_at"] > before


async def test_a_save_that_changes_nothing_leaves_updated_at_alone(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.change_user(6, note="x")
    before = sim.user(6)
    answer = await service.put("/api/v1/users/6", json={"note": "x", "no_such": "1"})
    assert answer.json()["updated_at"] == before["updated_at"]
    assert "no_such" not in answer.json()


@pytest.mark.parametrize(
    ("permission", "holders"),
    [("cti.agent", [3, 4, 5, 9]), ("admin.integration", [3, 9]), ("admin", [3]), ("ticket.customer", [2, 6, 7])],
)
async def test_holders_of_a_permission_include_full_admins(
    service: httpx.AsyncClient, permission: str, holders: list[int]
) -> None:
    found = await ids_of(service, "users/search", **{"query": "*", "permissions[]": permission})
    assert sorted(found) == holders


async def test_who_has_two_matching_roles_comes_twice(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.change_user(4, roles=["Agent", "Sipgate sidecar"])
    found = await ids_of(service, "users/search", **{"query": "*", "permissions[]": "cti.agent"})
    assert found.count(4) == 2


async def test_search_knows_names_but_no_numbers(service: httpx.AsyncClient) -> None:
    assert await ids_of(service, "users/search", query="mustermann") == [6]
    assert await ids_of(service, "users/search", query="1234567") == []
