"""Tickets over REST: counters at the customer, conditions of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_a_ticket_counts_at_its_customer(sim: Simulator, service: httpx.AsyncClient) -> None:
    body = {"title": "t", "group": "Users", "customer_id": 6, "article": {"body": "b"}}
    ticket = (await service.post("/api/v1/tickets", json=body)).json()
    assert sim.user(6)["preferences"] == {"tickets_closed": 0, "tickets_open": 1}
    await service.put(f"/api/v1/tickets/{ticket['id']}", json={"state": "closed"})
    assert sim.user(6)["preferences"] == {"tickets_closed": 1, "tickets_open": 0}


async def test_an_empty_condition_finds_every_ticket(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.add_ticket(6)
    sim.add_ticket(7)
    found = await service.post("/api/v1/tickets/search?expand=true", json={"condition": {}})
    assert len(found.json()) == 2
