"""What is asked for before a ticket is written: groups, and what a new ticket needs, by version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("version", ["5.5"])
async def test_groups_with_their_attribute_stand_in_the_form_where_agents_may_not_list_them(
    sim: Simulator, service: httpx.AsyncClient
) -> None:
    sim.change_group(2, cti_callbacks="+49 30 600*")
    assert (await service.get("/api/v1/groups")).status_code == 403
    groups = (await service.get("/api/v1/ticket_create")).json()["assets"]["Group"]
    assert groups["2"]["cti_callbacks"] == "+49 30 600*"


@pytest.mark.parametrize("version", ["6.5"])
async def test_groups_are_listed_for_agents_from_6_5_on(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.change_group(2, cti_callbacks="+49 30 600*")
    groups = (await service.get("/api/v1/groups")).json()
    assert {group["name"]: group.get("cti_callbacks") for group in groups} == {"Users": None, "Support": "+49 30 600*"}
    assert (await service.get("/api/v1/ticket_create")).json()["assets"] == {}


@pytest.mark.parametrize("version", ["6.5"])
async def test_a_mandatory_field_without_a_value_is_refused_and_stands_in_the_form(
    sim: Simulator, service: httpx.AsyncClient
) -> None:
    sim.ticketing.mandatory = {"product"}
    ticket = {"title": "t", "group": "Support", "customer_id": 6}
    assert (await service.post("/api/v1/tickets", json=ticket)).status_code == 422
    assert (await service.post("/api/v1/tickets", json=ticket | {"product": "x"})).status_code == 201
    workflow = (await service.get("/api/v1/ticket_create")).json()["form_meta"]["core_workflow"]
    assert workflow["mandatory"]["product"] is True
    assert workflow["restrict_values"]["group_id"] == ["", "1", "2"]
