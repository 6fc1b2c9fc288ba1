"""Settings over REST: who sees which, and what a write does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_settings_are_listed_by_what_the_token_may_see(sim: Simulator, service: httpx.AsyncClient) -> None:
    listed = (await service.get("/api/v1/settings")).json()
    names = {each["name"]: each["id"] for each in listed}
    assert {"sipgate_config", "cti_token", "cti_integration"} <= names.keys()
    assert "product_name" not in names
    sim.settings.renumber("sipgate_config", 900)
    assert (await service.get(f"/api/v1/settings/{names['sipgate_config']}")).status_code == 500
    assert (await service.get("/api/v1/settings/900")).json()["name"] == "sipgate_config"


async def test_any_permission_of_admins_opens_the_list_and_each_setting_has_its_own(
    sim: Simulator, service: httpx.AsyncClient
) -> None:
    held = sim.api_tokens[sim.tokens.service]
    sim.api_tokens[sim.tokens.service] = replace(held, permissions=held.permissions - {"admin.integration"})
    listed = await service.get("/api/v1/settings")
    assert (listed.status_code, listed.json()) == (200, [])
    one = await service.get(f"/api/v1/settings/{sim.settings.id_of('sipgate_config')}")
    assert (one.status_code, one.json()["error"]) == (403, "Not authorized")


async def test_a_written_setting_replaces_the_whole_value(sim: Simulator, service: httpx.AsyncClient) -> None:
    setting_id = sim.settings.id_of("cti_config")
    await service.put(f"/api/v1/settings/{setting_id}", json={"state_current": {"value": {"view_limit": 5}}})
    assert sim.settings["cti_config"] == {"view_limit": 5}
    assert [(each.method, each.by) for each in sim.writes] == [("PUT", 9)]
