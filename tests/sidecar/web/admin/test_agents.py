"""sipgate's users beside the agent map: suggested with a reason, taken by an admin."""

from __future__ import annotations

import re

import pytest

from sipgate_client.simulator import SimulatedSipgate, seeds
from sipgate_client.simulator.server import running
from tests.service import AGENTS, prepared
from tests.sidecar.web.admin.admins import ADMIN, MAX, desk_of
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio

MAP = "user_remote_map"


def account() -> SimulatedSipgate:
    sipgate = SimulatedSipgate()
    sipgate.users[0] |= {"firstname": "Jane", "lastname": "Doe", "email": "somebody@example.com"}
    sipgate.users[1] |= {"id": "w7", "email": "MAX@example.com"}
    return sipgate


async def test_without_a_token_nothing_is_suggested_and_nothing_asked(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        assert "Found at sipgate" not in await desk.page("/agents")


async def test_a_suggestion_is_taken_as_one_more_row_and_noted(sqlite_url: str) -> None:
    sipgate = account()
    with running(sipgate) as url:
        environ = {
            "SIDECAR_SIPGATE__API__URL": url,
            "SIDECAR_SIPGATE__API__TOKEN_ID": sipgate.token_id,
            "SIDECAR_SIPGATE__API__TOKEN": sipgate.token,
        }
        async with desk_of(ADMIN, sqlite_url, sim=prepared(Simulator()), **environ) as desk:
            page = await desk.until_shown("/agents", "same e-mail: MAX@example.com")
            assert re.search(r'name="pick-w7" value="5" checked', page)
            assert seeds.PASSWORD not in page
            assert desk.sim.settings["sipgate_config"][MAP] == AGENTS, "never by itself"
            assert (await desk.change("/agents/suggested", **{"pick-w7": str(MAX)})).status_code == 303
            added = {"remote_user_id": "w7", "user_id": str(MAX)}
            assert desk.sim.settings["sipgate_config"][MAP] == [*AGENTS, added]
            assert "pick-w7" not in await desk.page("/agents")
            assert "w7 → Max Roe (5)" in await desk.page("/audit")
            assert (await desk.change("/agents/suggested", **{"pick-w7": str(MAX)})).status_code == 409
            assert (await desk.change("/agents/suggested", **{"pick-w9": "999"})).status_code == 400
