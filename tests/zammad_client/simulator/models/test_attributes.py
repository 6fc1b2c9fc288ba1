"""What the migration of attributes shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_attributes_show_only_after_migration_and_change(service: httpx.AsyncClient, sim: Simulator) -> None:
    assert "cti_blocked" not in sim.user(6)
    sim.change_user(6, note="x")
    assert (sim.user(6)["cti_blocked"], sim.user(6)["cti_numbers"]) == (False, None)
    created = await service.post("/api/v1/users", json={"lastname": "Neu", "email": "neu@example.com"})
    assert (created.json()["cti_blocked"], created.json()["cti_numbers"]) == (False, "")


async def test_without_the_migration_there_is_no_such_attribute() -> None:
    sim = Simulator(version="5.2", attributes=False)
    with pytest.raises(KeyError):
        sim.change_user(6, cti_blocked=True)
