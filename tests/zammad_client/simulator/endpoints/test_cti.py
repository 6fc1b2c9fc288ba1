"""The generic CTI endpoint: rows, missed calls, agents and what opens for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio

ERIKA, STRANGER = "49301234567", "4915199999999"


class Phone:
    """Sends events of one call as the sidecar does."""

    def __init__(self, sim: Simulator, client: httpx.AsyncClient) -> None:
        self._sim = sim
        self._client = client

    async def event(self, kind: str, *, direction: str = "in", caller: str = ERIKA, **fields: object) -> httpx.Response:
        body = {"event": kind, "direction": direction, "callId": "c-1", "from": caller, "to": "4930600001", **fields}
        return await self._client.post(f"/api/v1/cti/{self._sim.cti_token}", json=body)

    @property
    def row(self) -> Any:
        return self._sim.call_log[0]


@pytest.fixture
def phone(sim: Simulator, service: httpx.AsyncClient) -> Phone:
    return Phone(sim, service)


async def test_a_known_caller_without_a_recent_ticket_opens_a_ticket_dialog(sim: Simulator, phone: Phone) -> None:
    sim.add_ticket(6, seconds_ago=31 * 86400)
    await phone.event("newCall")
    await phone.event("answer", user="Jane Doe", user_id="4")
    assert [(each.agent_id, each.kind, each.customer_id, each.title) for each in sim.opened] == [
        (4, "ticket dialog", 6, "Call")
    ]


async def test_a_known_caller_with_a_recent_ticket_opens_the_profile(sim: Simulator, phone: Phone) -> None:
    sim.add_ticket(6, seconds_ago=29 * 86400)
    await phone.event("newCall")
    await phone.event("answer", user="Jane Doe", user_id="4")
    assert [(each.kind, each.customer_id) for each in sim.opened] == [("profile", 6)]


async def test_an_unknown_caller_opens_an_empty_ticket_dialog(sim: Simulator, phone: Phone) -> None:
    await phone.event("newCall", caller=STRANGER)
    await phone.event("answer", caller=STRANGER, user="Jane Doe", user_id="4")
    assert [(each.kind, each.customer_id) for each in sim.opened] == [("ticket dialog", None)]


@pytest.mark.parametrize(
    ("fields", "agents"),
    [
        ({"user": "Jane Doe", "user_id": "4"}, [4]),
        ({"user": "Jane Doe"}, []),
        ({"user": "MAX@example.com", "user_id": "4"}, [5]),
        ({"answeringNumber": "4930600001", "user": "max@example.com", "user_id": "5"}, [4]),
        ({"user_id": "6"}, []),
        ({"user_id": "4711"}, []),
        ({}, []),
    ],
    ids=["id", "name", "login beats id", "number beats both", "customer", "nobody", "silent"],
)
async def test_the_agent_is_chosen_by_number_then_login_then_id(
    sim: Simulator, phone: Phone, fields: dict[str, str], agents: list[int]
) -> None:
    await phone.event("newCall")
    assert (await phone.event("answer", **fields)).json() == {}
    assert [each.agent_id for each in sim.opened] == agents


async def test_a_dialog_opens_even_with_the_phone_switch_off(sim: Simulator, phone: Phone) -> None:
    sim.change_user(4, preferences={"cti": False})
    await phone.event("newCall")
    await phone.event("answer", user_id="4")
    assert len(sim.opened) == 1


async def test_a_second_answer_opens_a_second_dialog_but_none_after_the_hangup(sim: Simulator, phone: Phone) -> None:
    await phone.event("newCall")
    await phone.event("answer", user_id="4")
    await phone.event("answer", user_id="5")
    await phone.event("hangup", cause="normalClearing")
    before = phone.row
    assert (await phone.event("answer", user_id="5")).json() == {}
    assert [each.agent_id for each in sim.opened] == [4, 5]
    assert phone.row == before


@pytest.mark.parametrize(
    ("events", "done"),
    [
        ([("hangup", {"cause": "cancel"})], False),
        ([("hangup", {"cause": "busy"})], False),
        ([("hangup", {"cause": "forwarded"})], True),
        ([("answer", {"user": "Jane Doe"}), ("hangup", {"cause": "normalClearing"})], True),
        ([("answer", {"user": "voicemail"}), ("hangup", {"cause": "normalClearing"})], False),
        ([("answer", {"user": "Voicemail"}), ("hangup", {"cause": "normalClearing"})], True),
        ([("hangup", {"cause": "cancel"}), ("hangup", {"cause": "cancel"})], True),
    ],
    ids=["missed", "busy", "forwarded", "handled", "voicemail", "no voicemail", "hangup twice"],
)
async def test_a_call_is_missed_or_done(phone: Phone, events: list[tuple[str, dict[str, str]]], *, done: bool) -> None:
    await phone.event("newCall")
    for kind, fields in events:
        await phone.event(kind, **fields)
    assert phone.row["state"] == "hangup"
    assert phone.row["done"] is done


async def test_an_outbound_call_is_done_at_once_and_opens_nothing(sim: Simulator, phone: Phone) -> None:
    await phone.event("newCall", direction="out", caller="4930600001", to=ERIKA, user="Jane Doe")
    await phone.event("answer", direction="out", caller="4930600001", to=ERIKA)
    row = phone.row
    assert (row["done"], row["from_comment"], row["to_comment"]) == (True, "Jane Doe", "Erika Mustermann")
    assert row["queue"] == "4930600001"
    assert row["preferences"]["to"][0]["user_id"] == 6
    assert sim.opened == []


async def test_each_event_writes_its_cause_and_the_row_keeps_who_was_rung(phone: Phone) -> None:
    await phone.event("newCall", user=["Jane Doe", "Max Roe"], queue="support")
    assert (phone.row["to_comment"], phone.row["queue"], phone.row["done"]) == ("Jane Doe, Max Roe", "support", False)
    await phone.event("answer", user="Max Roe", cause="x")
    assert (phone.row["to_comment"], phone.row["comment"], phone.row["done"]) == ("Max Roe", "x", True)
    await phone.event("hangup")
    assert phone.row["comment"] is None


async def test_forms_are_understood_as_well(sim: Simulator, service: httpx.AsyncClient) -> None:
    form = {"event": "newCall", "direction": "in", "callId": "f-1", "from": ERIKA, "to": "2", "user[]": ["a", "b"]}
    answer = await service.post(f"/api/v1/cti/{sim.cti_token}", data=form)
    assert answer.status_code == 200
    assert sim.call_log[0]["to_comment"] == "a, b"


async def test_an_emptied_configuration_and_a_block_list_of_its_own(sim: Simulator, phone: Phone) -> None:
    sim.settings["cti_config"] = {}
    assert (await phone.event("newCall")).json()["error"].startswith("Feature not configured")
    sim.settings["cti_config"] = {
        "inbound": {"block_caller_ids": [{"caller_id": ERIKA}]},
        "outbound": {"default_caller_id": "49", "routing_table": []},
    }
    assert (await phone.event("newCall")).json()["action"] == "reject"
    assert phone.row["state"] == "newCall"


async def test_the_log_shows_as_many_rows_as_view_limit_says(
    sim: Simulator, phone: Phone, service: httpx.AsyncClient
) -> None:
    for number in range(130):
        await phone.event("newCall", callId=f"n-{number}")
    assert len((await service.get("/api/v1/cti/log")).json()["list"]) == 60
    sim.settings["cti_config"] = {**sim.settings["cti_config"], "view_limit": 120}
    shown = (await service.get("/api/v1/cti/log")).json()["list"]
    assert len(shown) == 120
    assert shown[0]["call_id"] == "n-129"


async def test_a_notify_map_empties_the_log_of_everybody_else(
    sim: Simulator, phone: Phone, service: httpx.AsyncClient
) -> None:
    await phone.event("newCall", queue="support")
    notify_map = [{"queue": "support", "user_ids": ["4"]}]
    sim.settings["cti_config"] = {**sim.settings["cti_config"], "notify_map": notify_map}
    assert (await service.get("/api/v1/cti/log")).json()["list"] == []
    jane = {"From": "jane@example.com"}
    assert len((await service.get("/api/v1/cti/log", headers=jane)).json()["list"]) == 1


async def test_done_can_be_taken_back(phone: Phone, service: httpx.AsyncClient) -> None:
    await phone.event("newCall")
    for done in (True, False):
        await service.post(f"/api/v1/cti/done/{phone.row['id']}", json={"done": done})
        assert phone.row["done"] is done


async def test_a_number_saved_later_fills_the_matches_but_not_the_comment(sim: Simulator, phone: Phone) -> None:
    await phone.event("newCall", caller=STRANGER)
    sim.change_user(7, cti_numbers=f"+{STRANGER}")
    assert phone.row["from_comment"] is None
    assert phone.row["preferences"]["from"][0]["user_id"] == 7


async def test_somebody_without_any_name_counts_as_unknown(sim: Simulator, phone: Phone) -> None:
    sim.add_user(phone=f"+{STRANGER}")
    await phone.event("newCall", caller=STRANGER)
    assert "from" not in phone.row["preferences"]


async def test_reset_calls_forgets_rows_and_dialogs(sim: Simulator, phone: Phone) -> None:
    await phone.event("newCall")
    await phone.event("answer", user_id="4")
    sim.reset_calls()
    assert (sim.call_log, sim.opened) == ([], [])
    answer = await phone.event("answer", user_id="4")
    assert answer.status_code == 500
    assert re.match("Error ID", answer.json()["error"])
