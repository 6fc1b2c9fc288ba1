"""Each verb against the recorded answer: what is sent, and what is read out of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from tests.zammad_client.recorded import API, COOKIE, CTI_TOKEN, TOKEN, answer, recording, some_zammad
from zammad_client import Zammad, ZammadRefusedError, ZammadUnavailableError
from zammad_client.client import MOST_SEARCHED
from zammad_client.records import Article, Attribute, CallLogRow, Setting

pytestmark = pytest.mark.anyio

CONDITION = {"ticket.tags": {"operator": "contains one", "value": "missed-call"}}

Verb = Callable[[Zammad], Awaitable[Any]]
WRITES: list[tuple[str, Verb, str, str]] = [
    ("user_create", lambda z: z.create_user(sent("user_create")), "POST", "users"),
    ("user_put", lambda z: z.update_user(6, sent("user_put")), "PUT", "users/6"),
    ("setting_put", lambda z: z.write_setting(211, True), "PUT", "settings/211"),
    ("attr_user_text", lambda z: z.create_attribute(sent("attr_user_text")), "POST", "object_manager_attributes"),
    ("attr_migrate", lambda z: z.migrate_attributes(), "POST", "object_manager_attributes_execute_migrations"),
    ("cti_newcall", lambda z: z.call_event(CTI_TOKEN, sent("cti_newcall")), "POST", f"cti/{CTI_TOKEN}"),
    ("cti_done", lambda z: z.mark_done(1), "POST", "cti/done/1"),
    ("http_logs_post", lambda z: z.write_http_log(sent("http_logs_post")), "POST", "http_logs"),
    ("ticket_create", lambda z: z.tickets.create(sent("ticket_create")), "POST", "tickets?expand=true"),
    ("ticket_close", lambda z: z.tickets.update(2, {"state": "closed"}), "PUT", "tickets/2?expand=true"),
    ("article_note", lambda z: z.tickets.create_article(sent("article_note")), "POST", "ticket_articles"),
]


def sent(name: str) -> Any:
    return recording(name)["request"]["json"]


@respx.mock
@pytest.mark.parametrize(("name", "verb", "method", "path"), WRITES, ids=[row[0] for row in WRITES])
async def test_a_write_sends_what_the_real_zammad_accepted(name: str, verb: Verb, method: str, path: str) -> None:
    route = respx.route(method=method, url=API + path).mock(return_value=answer(name))
    await verb(some_zammad())
    assert route.call_count == 1
    request = route.calls.last.request
    assert json.loads(request.content or "null") == sent(name)
    assert request.headers["Accept"] == "application/json"


@respx.mock
async def test_the_token_goes_with_each_request_but_not_to_the_cti_endpoint() -> None:
    me = respx.get(API + "users/me").mock(return_value=answer("users_me"))
    cti = respx.post(API + f"cti/{CTI_TOKEN}").mock(return_value=answer("cti_newcall"))
    zammad = some_zammad()
    await zammad.me()
    await zammad.call_event(CTI_TOKEN, {"event": "newCall"})
    assert me.calls.last.request.headers["Authorization"] == f"Token token={TOKEN}"
    assert "Authorization" not in cti.calls.last.request.headers


@respx.mock
async def test_a_page_of_users_is_asked_for_without_expand() -> None:
    route = respx.get(API + "users", params={"page": 3, "per_page": 4, "expand": "false"})
    route.mock(return_value=answer("users_page_plain"))
    users = await some_zammad().users_page(3, per_page=4)
    assert [user.id for user in users] == [1, 2, 3, 4]
    assert not users[0].active
    nicole = users[1]
    assert (nicole.login, nicole.organization_id, nicole.role_ids) == ("nicole.braun@zammad.org", 1, (3,))
    assert nicole.updated_at == datetime(2026, 11, 22, 19, 38, 12, 778000, tzinfo=UTC)


@respx.mock
async def test_a_page_past_the_end_is_empty() -> None:
    respx.get(API + "users").mock(return_value=answer("users_page_end"))
    assert await some_zammad().users_page(99) == []


@respx.mock
async def test_recently_changed_users_come_from_the_search() -> None:
    feed = {"query": "*", "sort_by": "updated_at", "order_by": "desc", "per_page": 200, "page": 2, "expand": "false"}
    respx.get(API + "users/search", params=feed).mock(return_value=answer("users_search_plain"))
    users = await some_zammad().recent_users(2)
    assert [user.updated_at for user in users] == sorted((user.updated_at for user in users), reverse=True)


@respx.mock
async def test_organizations_come_with_their_custom_attributes() -> None:
    respx.get(API + "organizations", params={"page": 1, "per_page": 500, "expand": "false"}).mock(
        return_value=answer("organizations_plain")
    )
    feed = {"query": "*", "sort_by": "updated_at", "order_by": "desc", "expand": "false"}
    respx.get(API + "organizations/search", params=feed).mock(return_value=answer("organizations_search_plain"))
    zammad = some_zammad()
    page, recent = await zammad.organizations_page(1), await zammad.recent_organizations(1)
    assert sorted(page, key=lambda found: found.id) == sorted(recent, key=lambda found: found.id)
    bakery = page[1]
    assert (bakery.id, bakery.name, bakery.member_ids) == (2, "Bäckerei Müller GmbH", (6, 7))
    assert bakery.flags["cti_blocked"]
    assert bakery.texts["cti_main_numbers"] == "+4930998*"


@respx.mock
async def test_absent_null_and_empty_attributes_read_alike() -> None:
    changes: list[dict[str, object]] = [{}, {"cti_numbers": None, "phone": None}, {"cti_numbers": "", "phone": ""}]
    row = {"id": 7, "login": "otto", "updated_at": "2026-11-22T19:38:12.778Z"}
    respx.get(API + "users").mock(return_value=httpx.Response(200, json=[row | change for change in changes]))
    users = await some_zammad().users_page(1)
    assert users[0] == users[1] == users[2]
    assert users[0].active
    assert not users[0].phone_switch


@respx.mock
async def test_agents_are_listed_once_by_id_and_only_the_active_ones() -> None:
    route = respx.get(API + "users/search").mock(side_effect=agents_on_two_pages)
    agents = await some_zammad().users_with_permission("cti.agent")
    assert [agent.id for agent in agents] == [user_id for user_id in range(1, 251) if user_id % 10]
    assert [call.request.url.params["page"] for call in route.calls] == ["1", "2", "3"]
    assert {call.request.url.params["permissions[]"] for call in route.calls} == {"cti.agent"}
    assert {call.request.url.params["sort_by"] for call in route.calls} == {"id"}


def agents_on_two_pages(request: httpx.Request) -> httpx.Response:
    """250 agents, many of them on both pages, every tenth inactive, in no order."""
    row = recording("users_search_permission_cti_agent")["response"]["body"][0]
    pages = {"1": range(200, 0, -1), "2": range(100, 251)}
    ids = pages.get(request.url.params["page"], range(0))
    return httpx.Response(200, json=[row | {"id": user_id, "active": user_id % 10 > 0} for user_id in ids])


@respx.mock
async def test_a_zammad_that_repeats_its_first_page_forever_is_left() -> None:
    row = recording("users_search_permission_cti_agent")["response"]["body"][0]
    page = httpx.Response(200, json=[row | {"id": user_id} for user_id in range(200)])
    route = respx.get(API + "users/search").mock(return_value=page)
    assert len(await some_zammad().users_with_permission("cti.agent")) == 200
    assert route.call_count == 2


@respx.mock
async def test_a_zammad_that_invents_agents_forever_is_left() -> None:
    row = recording("users_search_permission_cti_agent")["response"]["body"][0]
    route = respx.get(API + "users/search").mock(
        side_effect=lambda request: httpx.Response(200, json=[row | {"id": int(request.url.params["page"])}])
    )
    with pytest.raises(ZammadUnavailableError, match="without an end"):
        await some_zammad().users_with_permission("cti.agent")
    assert route.call_count == MOST_SEARCHED


@respx.mock
async def test_the_phone_switch_is_read_from_the_preferences() -> None:
    respx.get(API + "users/search").mock(return_value=answer("users_search_permission_cti_agent"))
    switches = {user.login: user.phone_switch for user in await some_zammad().users_with_permission("cti.agent")}
    assert switches["max@example.com"]
    assert not switches["sidecar@example.com"]


@respx.mock
async def test_one_user_is_found_and_a_missing_one_refused() -> None:
    respx.get(API + "users/6").mock(return_value=answer("user_put"))
    respx.get(API + "users/999999").mock(return_value=answer("user_missing"))
    zammad = some_zammad()
    assert (await zammad.user(6)).mobile == "0171/2345678"
    with pytest.raises(ZammadRefusedError) as refused:
        await zammad.user(999999)
    assert refused.value.status == 404
    assert refused.value.message == "Couldn't find User with 'id'=999999"


@respx.mock
async def test_settings_are_listed_and_read_by_id() -> None:
    one = recording("settings_one")["response"]["body"]
    respx.get(API + "settings").mock(return_value=httpx.Response(200, json=[one]))
    respx.get(API + "settings/209").mock(return_value=answer("settings_one"))
    zammad = some_zammad()
    config = {"outbound": {"routing_table": [], "default_caller_id": ""}, "inbound": {"block_caller_ids": []}}
    expected = Setting(id=209, name="sipgate_config", value=config)
    assert await zammad.settings() == [expected]
    assert await zammad.setting(209) == expected


@respx.mock
async def test_a_list_of_settings_without_those_of_integrations_is_a_missing_permission() -> None:
    one = recording("settings_one")["response"]["body"]
    short = [one | {"id": 3, "name": "product_name"}]
    route = respx.get(API + "settings")
    route.mock(side_effect=[httpx.Response(200, json=short), answer("weak_settings"), httpx.Response(200, json=[one])])
    zammad = some_zammad()
    for words in ("sipgate_config is not among the settings", r"Not authorized \(token\)"):
        with pytest.raises(ZammadRefusedError, match=words) as refused:
            await zammad.try_permission("admin.integration")
        assert refused.value.status == 403
    await zammad.try_permission("admin.integration")


@respx.mock
async def test_an_unknown_setting_is_out_of_order_not_refused() -> None:
    route = respx.get(API + "settings/1").mock(return_value=answer("settings_missing"))
    with pytest.raises(ZammadUnavailableError) as failed:
        await some_zammad().setting(1)
    assert failed.value.status == 500
    assert route.call_count == 3


@respx.mock
async def test_attributes_are_listed_and_created() -> None:
    respx.get(API + "object_manager_attributes").mock(return_value=answer("object_attributes"))
    respx.post(API + "object_manager_attributes").mock(return_value=answer("attr_user_text"))
    zammad = some_zammad()
    found = [(attribute.object, attribute.name) for attribute in await zammad.attributes()]
    assert found == [("Group", "name"), ("User", "phone"), ("User", "mobile"), ("Organization", "note")]
    created = await zammad.create_attribute(sent("attr_user_text"))
    assert created == Attribute(
        id=54, object="", name="sipgate_users", data_type="input", active=True, to_migrate=True, display=created.display
    )


@respx.mock
async def test_the_call_log_gives_its_rows() -> None:
    respx.get(API + "cti/log").mock(return_value=answer("cti_log"))
    rows = await some_zammad().call_log()
    assert [row.id for row in rows] == [12, 11, 10, 9]
    assert rows[0] == CallLogRow(
        id=12,
        call_id="n-2-1795376530.3465846",
        direction="in",
        state="newCall",
        caller="43664999888",
        callee="4930600001",
        done=False,
        comment="",
        to_comment="Jane Doe",
    )
    assert (rows[3].state, rows[3].comment) == ("hangup", "normalClearing")


@respx.mock
async def test_tickets_are_found_with_the_names_of_their_state_and_group() -> None:
    search = respx.post(API + "tickets/search", params={"expand": "true"})
    search.mock(return_value=answer("tickets_search_tag"))
    respx.get(API + "tickets/2", params={"expand": "true"}).mock(return_value=answer("ticket_get"))
    zammad = some_zammad()
    tickets = await zammad.tickets.search(CONDITION)
    assert json.loads(search.calls.last.request.content)["condition"] == CONDITION
    assert tickets[0] == await zammad.tickets.find(2)
    assert (tickets[0].number, tickets[0].state, tickets[0].group) == ("33002", "new", "Support")
    assert (tickets[0].customer_id, tickets[0].title) == (6, "Missed call from +49 30 1234567")


@respx.mock
async def test_the_clock_of_the_server() -> None:
    respx.get(API + "users/me").mock(
        return_value=httpx.Response(200, headers={"Date": "Sun, 22 Nov 2026 20:00:00 GMT"}, json={})
    )
    assert await some_zammad().server_time() == datetime(2026, 11, 22, 20, tzinfo=UTC)


@respx.mock
async def test_acting_for_another_user_touches_that_one_request_only() -> None:
    articles = respx.post(API + "ticket_articles").mock(return_value=answer("article_phone_on_behalf"))
    zammad = some_zammad()
    article = await zammad.tickets.create_article(sent("article_phone_on_behalf"), on_behalf_of="jane@example.com")
    await zammad.tickets.create_article(sent("article_note"))
    assert article == Article(id=5, ticket_id=2, type="phone", internal=True, author="jane@example.com", author_id=4)
    first, second = (call.request.headers for call in articles.calls)
    assert first["From"] == "jane@example.com"
    assert "From" not in second
    assert "X-On-Behalf-Of" not in first


@respx.mock
async def test_acting_for_somebody_unknown_is_refused_in_zammads_words() -> None:
    respx.post(API + "ticket_articles").mock(return_value=answer("from_header_bad"))
    with pytest.raises(ZammadRefusedError, match=r"No such user 'nobody@example.com' \(HTTP 403\)"):
        await some_zammad().tickets.create_article({}, on_behalf_of="nobody@example.com")


@respx.mock
async def test_a_login_with_an_umlaut_can_be_acted_for() -> None:
    route = respx.post(API + "ticket_articles").mock(return_value=answer("article_note"))
    await some_zammad().tickets.create_article({}, on_behalf_of="jürgen")
    assert dict(route.calls.last.request.headers.raw)[b"From"] == "jürgen".encode()


@respx.mock
async def test_a_browser_is_identified_by_its_cookie_alone() -> None:
    route = respx.get(API + "users/me").mock(side_effect=[answer("users_me"), answer("no_token")])
    zammad = some_zammad()
    user = await zammad.session_user(COOKIE)
    assert user is not None
    assert user.login == "sidecar@example.com"
    assert await zammad.session_user("_zammad_session_abc=bogus") is None
    assert route.calls[0].request.headers["Cookie"] == COOKIE
    assert "Authorization" not in route.calls[0].request.headers


@respx.mock
async def test_the_browser_itself_is_named_to_zammad() -> None:
    route = respx.get(API + "users/me").mock(return_value=answer("users_me"))
    await some_zammad().session_user(COOKIE, user_agent="Mozilla/5.0 (\xfc)", client_ip="2001:db8::7")
    sent = dict(route.calls.last.request.headers.raw)
    assert (sent[b"User-Agent"], sent[b"X-Forwarded-For"]) == (b"Mozilla/5.0 (\xfc)", b"2001:db8::7")


@respx.mock
async def test_cookies_of_zammad_are_never_kept() -> None:
    response = answer("users_me")
    response.headers["Set-Cookie"] = "_zammad_session_abc=somebody; path=/; HttpOnly"
    route = respx.get(API + "users/me").mock(return_value=response)
    zammad = some_zammad()
    await zammad.session_user(COOKIE)
    await zammad.me()
    assert "Cookie" not in route.calls.last.request.headers


@respx.mock
async def test_compressed_answers_are_unpacked_once() -> None:
    plain = answer("users_me")
    packed = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=gzip.compress(plain.content))
    respx.get(API + "users/me").mock(return_value=packed)
    assert (await some_zammad().me()).id == 9


@respx.mock
async def test_a_zammad_below_a_path_is_asked_there() -> None:
    respx.get("https://example.com/helpdesk/api/v1/users/me").mock(return_value=answer("users_me"))
    respx.get("https://example.com/helpdesk/api/v1/cti/log").mock(return_value=answer("cti_log"))
    zammad = some_zammad("https://example.com/helpdesk/")
    assert zammad.url == "https://example.com/helpdesk"
    await zammad.me()
    await zammad.call_log()
    await zammad.aclose()


@pytest.mark.parametrize(
    "url", ["zammad.example", "ftp://zammad.example", "", "https://a:b@zammad.example", "http://x:y"]
)
async def test_a_url_that_cannot_work_is_rejected_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="URL of Zammad"):
        some_zammad(url)


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "ümlaut"])
async def test_a_token_that_cannot_work_is_rejected_without_repeating_it(token: str) -> None:
    with pytest.raises(ValueError, match="token for Zammad") as rejected:
        Zammad(url="https://zammad.example", token=token)
    assert not token.strip() or token not in str(rejected.value)


@respx.mock
async def test_somebody_is_found_among_many_who_only_mention_the_name() -> None:
    row = recording("users_search_permission_cti_agent")["response"]["body"][0]
    mentions = [row | {"id": number, "login": f"m{number}", "email": ""} for number in range(10, 210)]
    pages = {"1": mentions, "2": [row | {"id": 999, "login": "Sought", "email": ""}]}
    respx.get(API + "users/search").mock(
        side_effect=lambda request: httpx.Response(200, json=pages.get(request.url.params["page"], []))
    )
    found = await some_zammad().user_known_as("sought")
    assert found is not None
    assert found.id == 999
    assert await some_zammad().user_known_as("nobody") is None
