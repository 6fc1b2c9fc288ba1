"""The built-in integration refuses as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_the_built_in_integration_answers_an_odd_direction_as_recorded(service: httpx.AsyncClient) -> None:
    answer = await service.post("/api/v1/sipgate/simulated-sipgate-token/in")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/json; charset=utf-8")
    assert answer.json()["error"].endswith("Please contact your administrator.")
