"""Who asks, and what their token, the From header and a session's cookie let them do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio


async def test_a_token_narrows_what_its_user_may_do(sim: Simulator, service: httpx.AsyncClient) -> None:
    weak = {"Authorization": f"Token token={sim.tokens.weak}"}
    assert (await service.put("/api/v1/users/6", json={"note": "x"}, headers=weak)).status_code == 200
    assert (await service.put("/api/v1/users/4", json={"note": "x"}, headers=weak)).status_code == 403
    assert (await service.get("/api/v1/cti/log", headers=weak)).json()["error"] == "Not authorized (token)!"


async def test_acting_for_somebody_has_their_rights(service: httpx.AsyncClient) -> None:
    me = await service.get("/api/v1/users/me", headers={"From": "5"})
    assert me.json()["login"] == "max@example.com"
    assert (await service.get("/api/v1/settings", headers={"From": "5"})).json()["error"] == "Not authorized (user)!"


async def test_an_inactive_user_is_turned_away(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.change_user(9, active=False)
    assert (await service.get("/api/v1/users/me")).status_code == 401


async def test_a_session_cookie_identifies_but_changes_nothing(sim: Simulator, service: httpx.AsyncClient) -> None:
    cookie = {"Cookie": f"_zammad_session_sim={sim.log_in(4)}", "Authorization": ""}
    assert (await service.get("/api/v1/users/me", headers=cookie)).json()["id"] == 4
    assert (await service.put("/api/v1/users/6", json={"note": "x"}, headers=cookie)).status_code == 401
    bogus = {"Cookie": "_zammad_session_sim=x", "Authorization": ""}
    assert (await service.get("/api/v1/users/me", headers=bogus)).json()["error"] == "Authentication required"
