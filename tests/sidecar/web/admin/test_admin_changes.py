"""What admins change on their pages: done once, conflicts told, noted in the audit."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from sidecar.store.calls.tables import conversations, outbox
from tests.service import AGENTS, prepared
from tests.sidecar.web.admin.admins import ADMIN, MAX, Desk, desk_of
from tests.sidecar.web.admin.dead_parcels import dead_parcel
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio

MAP = "user_remote_map"


async def seen_in_a_hook(desk: Desk, sipgate_id: str = "w7") -> None:
    await desk.service.call(f"of-{sipgate_id}", user_id=sipgate_id, user="Max Roe")


# agent map


async def test_a_sipgate_user_of_nobody_is_assigned_and_everything_else_stays(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        await seen_in_a_hook(desk)
        page = await desk.page("/agents")
        assert "w7" in page
        assert "open in somebody's browser" in page.replace("&#39;", "'")
        before = desk.sim.settings["sipgate_config"]
        answer = await desk.change("/agents/assign", sipgate_id="w7", agent=str(MAX))
        assert answer.status_code == 303
        after = desk.sim.settings["sipgate_config"]
        assert after == {**before, MAP: [*AGENTS, {"remote_user_id": "w7", "user_id": str(MAX)}]}
        page = await desk.page("/agents")
        assert "Agent for w7" not in page
        assert re.search(r"<th scope=\"row\">w7</th><td><a [^>]*>Max Roe", page)
        audit = await desk.page("/audit")
        assert "<td><span>w7 → Max Roe (5)</span></td>" in audit
        assert "Ada Admin" in audit


async def test_a_row_that_somebody_else_has_added_meanwhile_is_a_conflict(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        await seen_in_a_hook(desk)
        theirs = [*AGENTS, {"remote_user_id": "W7", "user_id": "4", "of": "another browser"}]
        desk.sim.settings["sipgate_config"] = {MAP: theirs}
        answer = await desk.change("/agents/assign", sipgate_id="w7", agent=str(MAX))
        assert answer.status_code == 409
        assert "Somebody has assigned this sipgate user meanwhile" in answer.text
        assert desk.sim.settings["sipgate_config"] == {MAP: theirs}
        assert "Agent assigned" not in await desk.page("/audit")


async def test_the_row_is_added_to_what_stands_in_zammad_not_to_what_was_read_before(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        await seen_in_a_hook(desk)
        newer = {"view_limit": 99, MAP: [*AGENTS, {"remote_user_id": "w8", "user_id": "4"}]}
        desk.sim.settings["sipgate_config"] = newer
        assert (await desk.change("/agents/assign", sipgate_id="w7", agent=str(MAX))).status_code == 303
        written = desk.sim.settings["sipgate_config"]
        assert written["view_limit"] == 99
        assert [row["remote_user_id"] for row in written[MAP]] == ["w0", "w1", "w8", "w7"]


@pytest.mark.parametrize("config", [None, [], "text", {MAP: "text"}])
async def test_a_setting_of_unknown_shape_is_left_alone(sqlite_url: str, config: object) -> None:
    sim = prepared(Simulator())
    async with desk_of(ADMIN, sqlite_url, sim=sim, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        sim.settings["sipgate_config"] = config
        answer = await desk.change("/agents/assign", sipgate_id="w7", agent=str(MAX))
        assert answer.status_code == 409
        assert "is none a row could be added to" in answer.text
        assert sim.settings["sipgate_config"] == config


async def test_zammad_refusing_the_change_is_told(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        desk.sim.faults.next(1).fail(403, path="/api/v1/settings")
        answer = await desk.change("/agents/assign", sipgate_id="w7", agent=str(MAX))
        assert answer.status_code == 409
        assert "Zammad did not take the change" in answer.text


@pytest.mark.parametrize("fields", [{}, {"sipgate_id": "w7"}, {"sipgate_id": "w 7", "agent": "5"}, {"agent": "999"}])
async def test_nonsense_is_not_assigned(sqlite_url: str, fields: dict[str, str]) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        before = desk.sim.settings["sipgate_config"]
        assert (await desk.change("/agents/assign", **fields)).status_code == 400
        assert desk.sim.settings["sipgate_config"] == before


# deliveries


async def state_of(desk: Desk, number: int) -> str:
    with desk.service.sidecar.database.reading() as connection:
        return str(connection.execute(select(outbox.c.state).where(outbox.c.id == number)).scalar_one())


async def test_a_dead_delivery_is_given_up_once(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        number = await dead_parcel(desk)
        assert "422: &lt;refused&gt;" in await desk.page("/deliveries")
        assert (await desk.change(f"/deliveries/{number}/discard")).status_code == 303
        assert await state_of(desk, number) == "discarded"
        again = await desk.change(f"/deliveries/{number}/discard")
        assert again.status_code == 409
        assert "neither refused nor waiting" in again.text
        assert (await desk.page("/audit")).count("Delivery given up") == 1


@pytest.mark.parametrize("every", [False, True])
async def test_a_dead_delivery_is_tried_again_at_once(sqlite_url: str, every: bool) -> None:  # noqa: FBT001 - parametrised
    async with desk_of(ADMIN, sqlite_url) as desk:
        number = await dead_parcel(desk)
        answer = await desk.change("/deliveries/retry" if every else f"/deliveries/{number}/retry")
        assert answer.status_code == 303
        await desk.until_shown("/audit", "Delivery tried again")
        assert await state_of(desk, number) in {"pending", "done"}
        assert (await desk.change("/deliveries/999/retry")).status_code == 409


# test calls


async def test_a_test_call_goes_the_whole_way_and_counts_nowhere(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        answer = await desk.change("/simulate/play", scenario="simple", number="030 1234567")
        assert answer.status_code == 303
        (call,) = re.findall(r"call=(sidecar-test-[0-9a-f]{8})$", answer.headers["Location"])
        shown = await desk.until_shown(f"/simulate?call={call}", "close the row", part=True)
        assert "<html" not in shown
        assert "Jane Doe" in shown
        with desk.service.sidecar.database.reading() as connection:
            tests = list(connection.execute(select(conversations.c.test)).scalars())
        assert tests == [True]
        audit = await desk.page("/audit")
        assert f"answered by the agent: {call}" in audit
        assert "1234567" not in audit


async def test_a_test_call_that_only_sipgate_could_sign_is_told_of(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SIPGATE__SIGNATURE="enforce") as desk:
        answer = await desk.change("/simulate/play", scenario="simple")
        assert answer.status_code == 409
        assert "only sipgate can sign" in answer.text


async def test_no_test_call_is_played_while_the_integration_is_switched_off(sqlite_url: str) -> None:
    sim = prepared(Simulator())
    sim.settings["sipgate_integration"] = False
    async with desk_of(ADMIN, sqlite_url, sim=sim) as desk:
        answer = await desk.change("/simulate/play", scenario="simple")
        assert answer.status_code == 409
        assert "switched off in Zammad" in answer.text


@pytest.mark.parametrize("fields", [{}, {"scenario": "x"}, {"scenario": "simple", "first": "w 0"}])
async def test_what_cannot_be_played_is_not_played(sqlite_url: str, fields: dict[str, str]) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        assert (await desk.change("/simulate/play", **fields)).status_code == 400
        assert "sidecar-test" not in await desk.page("/hooks")
        assert (await desk.browser.get("/sidecar/admin/simulate?call=<b>")).status_code == 200
