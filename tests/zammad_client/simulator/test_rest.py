"""Users, organizations, settings and attributes: paging, change feed, rights, what the migration shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

FEED = {"query": "*", "sort_by": "updated_at", "order_by": "desc"}


async def _ids(client: httpx.AsyncClient, path: str, **params: Any) -> list[int]:
    answer = await client.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return [record["id"] for record in answer.json()]


async def test_pages_ascend_by_id_and_end_empty(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.add_customers(1200)
    first = await _ids(service, "users", page=1, per_page=5000)
    assert len(first) == 1000
    assert first == sorted(first)
    assert first[0] == 1
    assert len(await _ids(service, "users", page=2, per_page=1000)) == len(sim.people) - 1000
    assert await _ids(service, "users", page=3, per_page=1000) == []


async def test_the_change_feed_brings_the_newest_change_first(sim: Simulator, service: httpx.AsyncClient) -> None:
    before = sim.user(6)["updated_at"]
    sim.change_user(4, note="x")
    sim.change_user(6, note="y")
    assert (await _ids(service, "users/search", **FEED, per_page=2, page=1)) == [6, 4]
    assert 6 not in await _ids(service, "users/search", **FEED, per_page=2, page=2)
    assert sim.user(6)["updated_at"] > before


async def test_two_changes_never_share_an_updated_at() -> None:
    sim = Simulator(clock=lambda: 1_800_000_000.0)
    moments = [sim.change_user(6, note=str(number))["updated_at"] for number in range(5)]
    assert len(set(moments)) == 5
    assert moments == sorted(moments)


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
    found = await _ids(service, "users/search", **{"query": "*", "permissions[]": permission})
    assert sorted(found) == holders


async def test_who_has_two_matching_roles_comes_twice(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.change_user(4, roles=["Agent", "Sipgate sidecar"])
    found = await _ids(service, "users/search", **{"query": "*", "permissions[]": "cti.agent"})
    assert found.count(4) == 2


async def test_search_knows_names_but_no_numbers(service: httpx.AsyncClient) -> None:
    assert await _ids(service, "users/search", query="mustermann") == [6]
    assert await _ids(service, "users/search", query="1234567") == []


async def test_attributes_show_only_after_migration_and_change(service: httpx.AsyncClient, sim: Simulator) -> None:
    assert "cti_blocked" not in sim.user(6)
    sim.change_user(6, note="x")
    assert (sim.user(6)["cti_blocked"], sim.user(6)["cti_numbers"]) == (False, None)
    created = await service.post("/api/v1/users", json={"lastname": "Neu", "email": "neu@example.com"})
    assert (created.json()["cti_blocked"], created.json()["cti_numbers"]) == (False, "")


async def test_without_the_migration_there_is_no_such_attribute() -> None:
    sim = Simulator(attributes=False)
    with pytest.raises(KeyError):
        sim.change_user(6, cti_blocked=True)


async def test_an_organization_lists_its_members(sim: Simulator, service: httpx.AsyncClient) -> None:
    other = sim.add_organization("Other", cti_blocked=True)
    sim.change_user(7, organization_id=other["id"])
    listed = (await service.get("/api/v1/organizations", params={"page": 1, "per_page": 50})).json()
    assert {each["id"]: each["member_ids"] for each in listed} == {1: [2], 2: [6], other["id"]: [7]}
    sim.change_organization(2, cti_main_numbers="+49 30 998*")
    assert await _ids(service, "organizations/search", **FEED, per_page=1) == [2]


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


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/api/v1/users/6"),
        ("GET", "/api/v1/taskbar"),
        ("POST", "/api/v1/placetel/simulated-token/in"),
        ("GET", "/api/v1/users?full=true"),
        ("GET", "/api/v1/users/search?query=*&sort_by=zip"),
    ],
)
async def test_what_is_not_simulated_says_so(
    sim: Simulator, service: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await service.request(method, path)
    assert answer.status_code == 501
    assert path.partition("?")[0] in answer.json()["error"]
    assert len(sim.not_simulated) == 1


async def test_http_logs_are_cut_and_refused_as_zammad_does(sim: Simulator, service: httpx.AsyncClient) -> None:
    entry = {"facility": "sipgate.io", "url": "u" * 300, "request": {"content": "x" * 8000}}
    await service.post("/api/v1/http_logs", json=entry)
    assert len(sim.http_logs[0]["url"]) == 255
    listed = (await service.get("/api/v1/http_logs/sipgate.io", params={"limit": 1})).json()
    assert listed == sim.http_logs


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


async def test_the_built_in_integration_answers_an_odd_direction_as_recorded(service: httpx.AsyncClient) -> None:
    answer = await service.post("/api/v1/sipgate/simulated-sipgate-token/in")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/json; charset=utf-8")
    assert answer.json()["error"].endswith("Please contact your administrator.")


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
