"""The simulated Zammads are held to recordings of real ones: status, content type, shape, error texts."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.places import RECORDINGS
from tests.zammad_client.simulator.recorded_order import (
    ATTRIBUTES,
    BEFORE,
    IDS,
    NEXT_TICKET,
    NOT_REPLAYED,
    NOT_SIMULATED,
    OTHERWISE,
)
from zammad_client.simulator import Simulator
from zammad_client.simulator.app import create_app

pytestmark = pytest.mark.anyio

Json = Any

_FOLDER = RECORDINGS / "zammad"
_RECORDED = sorted(path.name for path in _FOLDER.iterdir())
_MASKED = re.compile(r"Error ID [\w-]{8}: Please contact your administrator\.")

# In lists a record may have them or not: attributes that have not been set, names of what is not there.
_SOMETIMES = {"cti_blocked", "sipgate_users", "cti_numbers", "cti_main_numbers", "organization", "signature",
              "ticket_time_accounting", "origin_by", "email_address", "accounts", "cti_more_numbers",
              "sipgate_number"}  # fmt: skip
_CALLED = {"callback_ticket", "auto_reply_ticket"}
_LATER = {"cti_desktop_tab", "cti_callbacks"}  # attributes that were made after the recordings
# Keys are data here, not structure.
_FREE = {"preferences", "screens", "data_option", "value", "groups", "group_ids"}


def _recording(name: str, version: str) -> Json:
    """Of that version; what had been done before on the recorded system may be recorded of the oldest alone."""
    found = _FOLDER / version / f"{name}.json"
    return json.loads((found if found.exists() else _FOLDER / "5.2" / f"{name}.json").read_text())


def _excused(version: str) -> tuple[str, ...]:
    return (*NOT_REPLAYED, *(NOT_SIMULATED if version != "5.2" else ()))


def _replayed(version: str) -> list[str]:
    names = sorted(path.stem for path in (_FOLDER / version).glob("*.json"))
    return [name for name in names if not name.startswith(_excused(version))]


@pytest.fixture
def version() -> str:
    return "5.2"


@pytest.fixture
def sim(version: str) -> Simulator:
    """As the recorded system: 5.2 was recorded while the attributes were made, the others afterwards."""
    sim = Simulator(version=version, attributes=version != "5.2")
    sim.restarts.away = 0.0
    sim.settings["cti_token"] = "CTI-TOKEN"
    sim.settings["sipgate_integration"] = False
    sim.add_ticket(2, title="Welcome to Zammad!")
    sim.ticketing.shown["time_accounting"] = True
    if version != "5.2":
        for user_id in (3, 4, 6, 7):
            sim.change_user(user_id, web="")
    return sim


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(sim))
    async with httpx.AsyncClient(transport=transport, base_url="http://zammad.example") as client:
        yield client


@pytest.mark.parametrize(("version", "name"), [(version, name) for version in _RECORDED for name in _replayed(version)])
async def test_the_simulator_answers_as_recorded(
    version: str, name: str, sim: Simulator, client: httpx.AsyncClient
) -> None:
    recording = _recording(name, version)
    if name.startswith("user_put_mandatory") or "kdnr" in json.dumps(recording):
        _make_mandatory(sim, name)
    if _CALLED & {name, *_before(version, name)}:
        sim.tickets._last_id = NEXT_TICKET.get(version, 2) - 1
    if "switched_off" in name:
        sim.ticketing.shown["time_accounting"] = False
    for earlier in _before(version, name):
        assert (await _replay(client, sim, earlier)).status_code < 400, earlier
    if name in {"cti_disabled", "setting_put", "setting_put_bad"}:
        sim.settings["cti_integration"] = False
    recorded = recording["response"]
    if name == "settings_one" and version != "5.2":
        sim.settings["sipgate_config"] = recorded["body"]["state_current"]["value"]
    answer = await _replay(client, sim, name)
    assert answer.status_code == recorded["status"], answer.text
    assert answer.headers["content-type"] == recorded["content_type"]
    for header, value in recorded["headers"].items():
        assert answer.headers[header] == value
    if "text/html" in recorded["content_type"]:
        assert "<div>Couldn&#39;t find User with &#39;id&#39;=999999</div>" in answer.text
    else:
        _assert_alike(answer.json(), recorded["body"], name)


@pytest.mark.parametrize("name", [*ATTRIBUTES, "attr_group_numbers"])
async def test_what_was_asked_of_an_attribute_comes_back(name: str, sim: Simulator, client: httpx.AsyncClient) -> None:
    recorded = _recording(name, "5.2")["response"]["body"]
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
    recorded = _recording("oauth_token", "5.2")["response"]
    assert issued.status_code == recorded["status"]
    _assert_alike(issued.json(), recorded["body"], "oauth_token")


@pytest.mark.parametrize("version", _RECORDED)
def test_every_recording_is_replayed_or_excused(version: str) -> None:
    names = {path.stem for path in (_FOLDER / version).glob("*.json")}
    excused = {name for name in names if name.startswith(_excused(version))}
    assert set(_replayed(version)) | excused == names


def test_what_goes_before_goes_before_something() -> None:
    assert set(BEFORE) <= {name for version in _RECORDED for name in _replayed(version)}


def _before(version: str, name: str) -> tuple[str, ...]:
    earlier = OTHERWISE.get((version, name), BEFORE.get(name, ()))
    return earlier if version == "5.2" else tuple(each for each in earlier if not each.startswith("attr_"))


def _make_mandatory(sim: Simulator, name: str) -> None:
    """Recorded while an attribute was mandatory, and later while a workflow made it optional for the service user."""
    sim.add_mandatory_attribute("kdnr")
    if not name.startswith("user_put_mandatory"):
        sim.make_optional("kdnr")


async def _replay(client: httpx.AsyncClient, sim: Simulator, name: str) -> httpx.Response:
    request = _recording(name, sim.version.name)["request"]
    tokens = {"sidecar": sim.tokens.service, "admin": sim.tokens.admin, "weak": sim.tokens.weak}
    headers = {"Accept": "application/json", **(request["headers"] or {})}
    if request["token"]:
        headers["Authorization"] = f"Token token={tokens.get(request['token'], request['token'])}"
    return await client.request(
        request["method"],
        _with_ids(request["path"], sim.version.name, name),
        params=request["params"],
        headers=headers,
        **_body(name, request, sim.version.name),
    )


def _with_ids(path: str, version: str, name: str) -> str:
    for recorded, simulated in IDS.get((version, name), {}).items():
        path = path.replace(f"/{recorded}", f"/{simulated}")
    return path


def _body(name: str, request: Json, version: str) -> dict[str, Json]:
    """Long texts were shortened in the recordings, and broken JSON could not be kept in them."""
    if name == "bad_json":
        return {"content": b'{"title": '}
    body = request["json"]
    if name == "cti_done_bulk":
        ids = IDS.get((version, name), {})
        body["ids"] = [ids.get(each, each) for each in body["ids"]]
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
    if bool(found) != bool(recorded) and not where.endswith(("_ids", ".roles", "assets.Organization")):
        return f"{where}: {len(found)} elements, recorded {len(recorded)}"
    for index, element in enumerate(found if recorded else ()):
        problems = [_difference(element, each, f"{where}[{index}]", listed=True) for each in recorded]
        if all(problems):
            return problems[0]
    return None


def _dict_difference(found: Json, recorded: Json, where: str, *, listed: bool) -> str | None:
    if any(key.isdecimal() for key in recorded):  # keyed by id
        return _list_difference(list(found.values()), list(recorded.values()), where)
    differing = (found.keys() ^ recorded.keys()) - _LATER
    of_ticket = where.startswith(("ticket_", "note_"))
    if where.rpartition(".")[2] not in _FREE and differing - (_SOMETIMES if listed or of_ticket else set()):
        return f"{where}: keys differ by {sorted(differing)}"
    for key in found.keys() & recorded.keys():
        problem = _difference(found[key], recorded[key], f"{where}.{key}")
        if problem:
            return problem
    return None
