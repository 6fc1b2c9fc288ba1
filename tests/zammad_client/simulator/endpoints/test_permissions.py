"""Reads that need exactly one permission."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("permission", "path"),
    [
        ("ticket.agent", "/api/v1/ticket_recent"),
        ("admin.user", "/api/v1/users/import_example"),
        ("admin.organization", "/api/v1/organizations/import_example"),
    ],
)
async def test_a_read_that_needs_one_permission(
    sim: Simulator, service: httpx.AsyncClient, permission: str, path: str
) -> None:
    assert (await service.get(path)).status_code == 200
    held = sim.api_tokens[sim.tokens.service]
    sim.api_tokens[sim.tokens.service] = replace(held, permissions=held.permissions - {permission})
    answer = await service.get(path)
    assert (answer.status_code, answer.json()["error"]) == (403, "Not authorized (token)!")
