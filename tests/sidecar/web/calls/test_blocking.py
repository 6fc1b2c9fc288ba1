"""A number is blocked from the story of a call."""

from __future__ import annotations

import httpx
import pytest

from tests.sidecar.web.admin.admins import ADMIN, HERE, JANE, Desk, desk_of

pytestmark = pytest.mark.anyio

CALLER = "49301234567"
FIELDS = {"reason": "sells insurance"}


async def block(desk: Desk, **fields: str) -> httpx.Response:
    csrf = desk.csrf_in((await desk.browser.get("/sidecar/")).text)
    headers = {"Origin": HERE, "HX-Request": "true"}
    return await desk.browser.post("/sidecar/admin/calls/1/block", data={"csrf": csrf, **fields}, headers=headers)


async def test_the_row_says_why_and_by_whom_and_the_next_call_is_rejected(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        await desk.service.call("1", caller=CALLER)
        await desk.until_shown("/hooks/1", "row in Zammad")
        before = desk.sim.settings["sipgate_config"]
        assert "is blocked: its calls are rejected" in (await block(desk, **FIELDS)).text
        rows = desk.sim.settings["sipgate_config"]["inbound"]["block_caller_ids"]
        assert rows == [
            *before["inbound"]["block_caller_ids"],
            {"caller_id": CALLER, "note": "sells insurance (Ada Admin)"},
        ]
        assert {**desk.sim.settings["sipgate_config"], "inbound": before["inbound"]} == before
        answer = await desk.service.hook(event="newCall", callId="2", **{"from": CALLER, "to": "4930600001"})
        assert '<Reject reason="busy"/>' in answer.text
        assert "Number blocked" in await desk.page("/audit")
        assert CALLER not in await desk.page("/audit")


async def test_a_number_is_not_blocked_twice(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        await desk.service.call("1", caller=CALLER)
        await desk.until_shown("/hooks/1", "row in Zammad")
        theirs = [{"caller_id": "+49 30 1234567", "note": "of another browser"}]
        desk.sim.settings["sipgate_config"] = {"inbound": {"block_caller_ids": theirs}}
        assert "blocked already" in (await block(desk)).text
        assert desk.sim.settings["sipgate_config"]["inbound"]["block_caller_ids"] == theirs


async def test_what_is_no_setting_is_left_alone(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url, SIDECAR_SYNC__SETTINGS_EVERY="3600") as desk:
        await desk.service.call("1", caller=CALLER)
        await desk.until_shown("/hooks/1", "row in Zammad")
        desk.sim.settings["sipgate_config"] = "nothing"
        assert "Save the sipgate.io page in Zammad once" in (await block(desk)).text
        assert desk.sim.settings["sipgate_config"] == "nothing"


async def test_agents_block_nobody(sqlite_url: str) -> None:
    async with desk_of(JANE, sqlite_url) as desk:
        await desk.service.call("1", caller=CALLER)
        assert (await block(desk)).status_code == 403
        assert "Block this number" not in (await desk.browser.get("/sidecar/calls/1")).text
