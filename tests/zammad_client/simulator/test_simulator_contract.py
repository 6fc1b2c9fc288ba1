"""The simulated Zammad is held to the recordings of a real one: status, content type, shape, error texts."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from tests.places import RECORDINGS
from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app

pytestmark = pytest.mark.anyio

Json = Any

_FOLDER = RECORDINGS / "zammad"
_MASKED = re.compile(r"Error ID [\w-]{8}: Please contact your administrator\.")

NOT_REPLAYED = {
    "native_": "the built-in sipgate integration, which the sidecar replaces",
    "oauth_token": "recorded without its request; test_an_oauth_code_becomes_a_token_as_recorded plays the whole flow",
}

_ATTRIBUTES = ("attr_user_bool", "attr_user_text", "attr_user_numbers", "attr_org_numbers", "attr_org_blocked")
_MIGRATED = (*_ATTRIBUTES, "attr_migrate")
_ANSWERED = ("cti_newcall", "cti_answer")
_BOOKED = ("ticket_create", "article_note")

# What had been done before on the recorded system, as far as the answer shows it: other recordings, in order.
BEFORE: Mapping[str, tuple[str, ...]] = {
    "article_note": ("ticket_create",),
    "article_phone_on_behalf": ("ticket_create",),
    "attr_migrate": _ATTRIBUTES,
    "attr_migrate_again": _MIGRATED,
    "attr_user_bool_again": ("attr_user_bool",),
    "cti_answer": ("cti_newcall",),
    "cti_answer_again": _ANSWERED,
    "cti_answer_after_hangup": (*_ANSWERED, "cti_hangup"),
    "cti_answer_array": ("cti_newcall",),
    "cti_done": ("cti_newcall",),
    "cti_done_bulk": ("cti_newcall",),
    "cti_hangup": _ANSWERED,
    "cti_log": (*_MIGRATED, "user_put", "cti_newcall", "cti_anonymous"),
    "cti_newcall_again": ("cti_newcall",),
    "http_logs_cti": _ANSWERED,
    "organization_put": _MIGRATED,
    "organizations_plain": (*_MIGRATED, "organization_put"),
    "organizations_search_plain": (*_MIGRATED, "organization_put"),
    "tag_add": ("ticket_create",),
    "tags_get": ("ticket_create", "tag_add"),
    "ticket_close": _BOOKED,
    "ticket_get": _BOOKED,
    "tickets_search_customer": _BOOKED,
    "tickets_search_tag": (*_BOOKED, "ticket_create_new_customer"),
    "tickets_search_title": (*_BOOKED, "ticket_create_new_customer"),
    "user_create": _MIGRATED,
    "user_create_dup": ("user_create",),
    "user_create_no_name": _MIGRATED,
    "user_put": _MIGRATED,
    "user_put_agent": _MIGRATED,
    "user_put_unknown_attr": (*_MIGRATED, "user_put"),
    "users_one_migrated": _MIGRATED,
}

# In lists a record may have them or not: attributes that have not been set, names of what is not there.
_SOMETIMES = {"cti_blocked", "sipgate_users", "cti_numbers", "cti_main_numbers", "organization", "signature",
              "ticket_time_accounting"}  # fmt: skip
# Keys are data here, not structure.
_FREE = {"preferences", "screens", "data_option", "value", "groups", "group_ids"}


def _recording(name: str) -> Json:
    return json.loads((_FOLDER / f"{name}.json").read_text())


def _replayed() -> list[str]:
    names = sorted(path.stem for path in _FOLDER.glob("*.json"))
    return [name for name in names if not name.startswith(tuple(NOT_REPLAYED))]


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator(attributes=False)
    sim.settings["cti_token"] = "CTI-TOKEN"
    sim.settings["sipgate_integration"] = False
    sim.add_ticket(2, title="Welcome to Zammad!")
    return sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(sim))
    async with httpx.AsyncClient(transport=transport, base_url="http://zammad.example") as client:
        yield client


@pytest.mark.parametrize("name", _replayed())
async def test_the_simulator_answers_as_recorded(name: str, sim: Simulator, client: httpx.AsyncClient) -> None:
    for earlier in BEFORE.get(name, ()):
        assert (await _replay(client, sim, earlier)).status_code < 400, earlier
    if name in {"cti_disabled", "setting_put", "setting_put_bad"}:
        sim.settings["cti_integration"] = False
    answer = await _replay(client, sim, name)
    recorded = _recording(name)["response"]
    assert answer.status_code == recorded["status"], answer.text
    assert answer.headers["content-type"] == recorded["content_type"]
    for header, value in recorded["headers"].items():
        assert answer.headers[header] == value
    if "text/html" in recorded["content_type"]:
        assert "<div>Couldn&#39;t find User with &#39;id&#39;=999999</div>" in answer.text
    else:
        _assert_alike(answer.json(), recorded["body"], name)


@pytest.mark.parametrize("name", [*_ATTRIBUTES, "attr_group_numbers"])
async def test_what_was_asked_of_an_attribute_comes_back(name: str, sim: Simulator, client: httpx.AsyncClient) -> None:
    recorded = _recording(name)["response"]["body"]
    answer = (await _replay(client, sim, name)).json()
    own = {"id", "created_at", "updated_at"}
    assert {key: answer[key] for key in answer.keys() - own} == {key: recorded[key] for key in recorded.keys() - own}


async def test_an_oauth_code_becomes_a_token_as_recorded(sim: Simulator, client: httpx.AsyncClient) -> None:
    application = sim.oauth.register("Sipgate sidecar", "https://cti.example.com/auth/callback")
    wanted = {"response_type": "code", "client_id": application.client_id, "redirect_uri": application.redirect_uri}
    client.cookies.set("_zammad_session_sim", sim.log_in(4))
    agreed = await client.get("/oauth/authorize", params={**wanted, "scope": "full", "state": "s-1"})
    assert agreed.status_code == 302
    returned = httpx.URL(agreed.headers["location"]).params
    assert returned["state"] == "s-1"
    issued = await client.post(
        "/oauth/token",
        data={
            "grant_type": "authorization_code",
            "code": returned["code"],
            "client_id": application.client_id,
            "client_secret": application.secret,
            "redirect_uri": application.redirect_uri,
        },
    )
    recorded = _recording("oauth_token")["response"]
    assert issued.status_code == recorded["status"]
    _assert_alike(issued.json(), recorded["body"], "oauth_token")


def test_every_recording_is_replayed_or_excused() -> None:
    names = {path.stem for path in _FOLDER.glob("*.json")}
    excused = {name for name in names if name.startswith(tuple(NOT_REPLAYED))}
    assert set(_replayed()) | excused == names
    assert set(BEFORE) <= set(_replayed())


async def _replay(client: httpx.AsyncClient, sim: Simulator, name: str) -> httpx.Response:
    request = _recording(name)["request"]
    tokens = {"sidecar": sim.tokens.service, "admin": sim.tokens.admin, "weak": sim.tokens.weak}
    headers = {"Accept": "application/json", **(request["headers"] or {})}
    if request["token"]:
        headers["Authorization"] = f"Token token={tokens.get(request['token'], request['token'])}"
    return await client.request(
        request["method"],
        request["path"],
        params=request["params"],
        headers=headers,
        **_body(name, request),
    )


def _body(name: str, request: Json) -> dict[str, Json]:
    """Long texts were shortened in the recordings, and broken JSON could not be kept in them."""
    if name == "bad_json":
        return {"content": b'{"title": '}
    body = request["json"]
    if name == "http_logs_long_body":
        body["request"]["content"] = "x" * 12_000
    if name == "http_logs_long_url":
        body["url"] = "https://x/" + "a" * 400
    return {"json": body} if body is not None else {}


def _assert_alike(found: Json, recorded: Json, where: str) -> None:
    problem = _difference(found, recorded, where)
    assert problem is None, problem
    if isinstance(recorded, dict):
        for key in {"error", "error_human"} & recorded.keys():
            assert _same_text(found[key], recorded[key])


def _same_text(found: str, recorded: str) -> bool:
    if _MASKED.fullmatch(recorded):
        return _MASKED.fullmatch(found) is not None
    return found == recorded


def _difference(found: Json, recorded: Json, where: str, *, listed: bool = False) -> str | None:
    """What differs in keys and types; None where nothing does. Empty fields may be null on either side."""
    if found is None or recorded is None:
        return None if not isinstance(found or recorded, dict | list) else f"{where}: null or {type(found)}"
    if type(found) is not type(recorded):
        return f"{where}: {found!r} is not like {recorded!r}"
    if isinstance(recorded, list):
        return _list_difference(found, recorded, where)
    if isinstance(recorded, dict):
        return _dict_difference(found, recorded, where, listed=listed)
    return None


def _list_difference(found: list[Json], recorded: list[Json], where: str) -> str | None:
    if bool(found) != bool(recorded) and not where.endswith("_ids"):
        return f"{where}: {len(found)} elements, recorded {len(recorded)}"
    for index, element in enumerate(found if recorded else ()):
        problems = [_difference(element, each, f"{where}[{index}]", listed=True) for each in recorded]
        if all(problems):
            return problems[0]
    return None


def _dict_difference(found: Json, recorded: Json, where: str, *, listed: bool) -> str | None:
    if any(key.isdecimal() for key in recorded):  # keyed by id
        return _list_difference(list(found.values()), list(recorded.values()), where)
    differing = found.keys() ^ recorded.keys()
    if where.rpartition(".")[2] not in _FREE and differing - (_SOMETIMES if listed else set()):
        return f"{where}: keys differ by {sorted(differing)}"
    for key in found.keys() & recorded.keys():
        problem = _difference(found[key], recorded[key], f"{where}.{key}")
        if problem:
            return problem
    return None
