"""The page for people: log, dialogs, and a form that changes a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio


async def _ring(sim: Simulator, client: httpx.AsyncClient) -> None:
    event = {"direction": "in", "callId": "c-1", "from": "49301234567", "to": "4930600001"}
    for fields in ({"event": "newCall"}, {"event": "answer", "user_id": "4"}):
        await client.post(f"/api/v1/cti/{sim.cti_token}", json={**event, **fields})


async def test_the_page_shows_the_call_and_what_opened(sim: Simulator, service: httpx.AsyncClient) -> None:
    await _ring(sim, service)
    page = (await service.get("/")).text
    for text in ("Erika Mustermann", "+49 30 1234567", "Jane Doe", "ticket dialog"):
        assert text in page


async def test_the_state_says_the_same_in_json(sim: Simulator, service: httpx.AsyncClient) -> None:
    await _ring(sim, service)
    state = (await service.get("/sim/state")).json()
    assert state["calls"][0]["call_id"] == "c-1"
    assert [(each["agent"], each["kind"], each["customer_id"]) for each in state["opened"]] == [
        ("Jane Doe", "ticket dialog", 6)
    ]


async def test_names_from_outside_are_escaped(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.change_user(6, lastname="<script>alert(1)</script>", phone='+49 30 1234567"><b>')
    await _ring(sim, service)
    for path in ("/", "/sim/users/6", "/sim/login"):
        page = (await service.get(path)).text
        assert "<script>" not in page
        assert "<b>" not in page


async def test_the_form_blocks_somebody_and_changes_numbers(sim: Simulator, service: httpx.AsyncClient) -> None:
    saved = await service.post("/sim/users/6", data={"cti_blocked": "on", "phone": "+49 30 5", "mobile": ""})
    assert saved.status_code == 303
    assert (sim.user(6)["cti_blocked"], sim.user(6)["phone"]) == (True, "+49 30 5")
    await service.post("/sim/users/6", data={"phone": "+49 30 5"})
    assert sim.user(6)["cti_blocked"] is False


async def test_the_form_turns_an_agents_phone_switch(sim: Simulator, service: httpx.AsyncClient) -> None:
    await service.post("/sim/users/4", data={})
    assert sim.user(4)["preferences"]["cti"] is False
    await service.post("/sim/users/4", data={"phone_switch": "on"})
    assert sim.user(4)["preferences"]["cti"] is True


@pytest.mark.parametrize(
    ("wanted", "location"), [("/sidecar/", "/sidecar/"), ("https://evil.example", "/"), ("//evil.example", "/")]
)
async def test_login_sets_a_session_and_stays_on_this_host(
    service: httpx.AsyncClient, wanted: str, location: str
) -> None:
    answer = await service.get("/sim/login", params={"user": "4", "next": wanted})
    assert answer.headers["location"] == location
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert (await service.get("/api/v1/users/me", headers={"Authorization": ""})).json()["id"] == 4


async def test_nobody_logged_in_is_sent_to_the_login(sim: Simulator, service: httpx.AsyncClient) -> None:
    application = sim.oauth.register("x", "https://cti.example.com/auth/callback")
    wanted = {"response_type": "code", "client_id": application.client_id, "redirect_uri": application.redirect_uri}
    answer = await service.get("/oauth/authorize", params=wanted)
    assert answer.headers["location"].startswith("/sim/login?next=%2Foauth%2Fauthorize")


async def test_bearer_tokens_carry_the_person_and_end_with_revocation(
    sim: Simulator, service: httpx.AsyncClient
) -> None:
    application = sim.oauth.register("x", "https://cti.example.com/auth/callback")
    client = {"client_id": application.client_id, "client_secret": application.secret}
    code = sim.oauth.code_for(application.client_id, 5, sim.now())
    form = {**client, "grant_type": "authorization_code", "code": code, "redirect_uri": application.redirect_uri}
    first = (await service.post("/oauth/token", data=form)).json()
    assert (await service.post("/oauth/token", data=form)).json()["error"] == "invalid_grant"
    renewal = {**client, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    bearer = {"Authorization": f"Bearer {(await service.post('/oauth/token', data=renewal)).json()['access_token']}"}
    assert (await service.get("/api/v1/users/me", headers=bearer)).json()["id"] == 5
    await service.post("/oauth/revoke", data={**client, "token": bearer["Authorization"].removeprefix("Bearer ")})
    assert (await service.get("/api/v1/users/me", headers=bearer)).status_code == 401
    wrong = await service.post("/oauth/token", data={**form, "client_secret": "x"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
