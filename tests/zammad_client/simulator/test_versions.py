"""The table of versions: where its facts come from, and what the ones no recording shows do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.places import RECORDINGS, ROOT
from zammad_client.simulator import NEWEST, VERSIONS, Simulator, versions
from zammad_client.simulator.app import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio

_BLOCK = re.compile(r"^_(\d_\d) = (.*?)^\)$", re.MULTILINE | re.DOTALL)
_FACT = re.compile(r"^    (\w+)=.*?  # (recording (\w+)|section ([\d.]+).*)$", re.MULTILINE)


def _source() -> str:
    return (ROOT / str(versions.__file__)).read_text()


def test_every_fact_has_a_source_that_is_there() -> None:
    sections = set(re.findall(r"^#+ ([\d.]+) ", (ROOT / "docs" / "reference" / "zammad.md").read_text(), re.MULTILINE))
    for name, block in _BLOCK.findall(_source()):
        facts = re.findall(r"^    (\w+)=", block, re.MULTILINE)
        sourced = {fact: (recording, section) for fact, _, recording, section in _FACT.findall(block)}
        assert set(facts) - {"name"} <= set(sourced), name
        for recording, section in sourced.values():
            folder = RECORDINGS / "zammad" / name.replace("_", ".")
            assert section in sections if section else (folder / f"{recording}.json").exists(), (name, recording)


def test_versions_are_told_apart_in_one_place_only() -> None:
    rooms = (ROOT / "zammad_client/simulator").rglob("*.py")
    asking = [path.name for path in rooms if re.search(r"version\.name\b|version ?[=<>]=", path.read_text())]
    assert not asking


@pytest.fixture
def sim(request: pytest.FixtureRequest) -> Simulator:
    return Simulator(version=request.param)


@pytest.fixture
async def service(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(sim)),
        base_url="http://zammad.example",
        headers={"Authorization": f"Token token={sim.tokens.service}", "Accept": "application/json"},
    ) as client:
        yield client


async def _call(service: httpx.AsyncClient, sim: Simulator, caller: str, shown: str | None = None) -> None:
    event = {"direction": "in", "callId": "c-1", "from": caller, "to": "4930600001"}
    url = f"/api/v1/cti/{sim.cti_token}"
    await service.post(url, json={**event, "event": "newCall"})
    await service.post(url, json={**event, "event": "answer", "from": shown or caller, "user_id": "4"})


@pytest.mark.parametrize(
    ("sim", "title"),
    [("5.2", "Call"), ("5.5", "Call"), ("6.5", "Call from Erika"), (NEWEST, "Call from Erika")],
    indirect=["sim"],
)
async def test_the_title_of_a_dialog(title: str, sim: Simulator, service: httpx.AsyncClient) -> None:
    await _call(service, sim, "49301234567", "Erika")
    assert [opened.title for opened in sim.opened] == [title]
    assert sim.call_log[0]["from"] == "49301234567"


@pytest.mark.parametrize("sim", list(VERSIONS), indirect=True)
@pytest.mark.parametrize(
    ("caller", "target"),
    [("49301234567", "create?customer_id=6"), ("4915112345", "create?customer_phone=4915112345")],
)
async def test_the_desktop_view_opens_where_it_is_known_to(
    caller: str, target: str, sim: Simulator, service: httpx.AsyncClient
) -> None:
    if sim.version.desktop_switch:
        sim.settings["ui_desktop_beta_switch"] = True
    await _call(service, sim, caller)
    assert len(sim.opened) == 1
    opened = [each.target for each in sim.opened_in_desktop]
    assert opened == ([f"/desktop/tickets/{target}"] if sim.version.desktop_opens else [])


@pytest.mark.parametrize("sim", [NEWEST], indirect=True)
async def test_the_desktop_view_stays_shut_for_an_agent_whose_switch_is_off(
    sim: Simulator, service: httpx.AsyncClient
) -> None:
    sim.settings["ui_desktop_beta_switch"] = True
    sim.change_user(4, preferences={"cti": False})
    await _call(service, sim, "49301234567")
    assert (len(sim.opened), sim.opened_in_desktop) == (1, [])


@pytest.mark.parametrize("sim", ["7.1"], indirect=True)
async def test_whoever_lacks_a_mandatory_value_is_told_which(sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.add_mandatory_attribute("kdnr")
    refused = await service.put("/api/v1/users/7", json={"cti_numbers": "+49307654321"})
    assert (refused.status_code, refused.json()["error"]) == (422, "Missing required value for field 'kdnr'!")
    sim.make_optional("kdnr")
    assert (await service.put("/api/v1/users/7", json={"cti_numbers": "+49307654321"})).status_code == 200


@pytest.mark.parametrize(("sim", "most"), [("5.2", 600), ("6.5", 200), (NEWEST, 200)], indirect=["sim"])
async def test_a_search_gives_so_many_at_most(most: int, sim: Simulator, service: httpx.AsyncClient) -> None:
    sim.add_customers(592)
    found = await service.get("/api/v1/users/search", params={"query": "*", "per_page": "1000"})
    assert len(found.json()) == most


@pytest.mark.parametrize(("sim", "shown"), [("6.5", "a secret"), ("7.1", "**********")], indirect=["sim"])
async def test_secrets_in_settings(shown: str, sim: Simulator, service: httpx.AsyncClient) -> None:
    settings = {each["name"]: each["state_current"]["value"] for each in (await service.get("/api/v1/settings")).json()}
    assert settings["github_config"] == {"api_token": shown}
    assert settings["sipgate_token"] == sim.sipgate_token


@pytest.mark.parametrize(("sim", "kept"), [("6.5", "a" * 60), ("7.1", "a" * 29 + "...[TRUNCATED]")], indirect=["sim"])
async def test_long_runs_in_recent_logs(kept: str, sim: Simulator, service: httpx.AsyncClient) -> None:
    entry = {"facility": "sipgate.io", "direction": "in", "method": "POST", "request": {"content": "b=1&a=" + "a" * 60}}
    assert (await service.post("/api/v1/http_logs", json=entry)).status_code == 201
    assert sim.http_logs[0]["request"]["content"] == "b=1&a=" + kept
