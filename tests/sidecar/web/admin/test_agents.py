"""sipgate's users beside the agent map: suggested with a reason, taken by an admin."""

from __future__ import annotations

import re

import pytest

from sipgate_client.simulator import SimulatedSipgate, seeds
from sipgate_client.simulator.server import running
from tests.service import AGENTS, prepared
from tests.sidecar.web.admin.admins import ADMIN, MAX, desk_of
from tests.sipgate_client.accounts import environ_of_account
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
        page = await desk.page("/agents")
    assert "sipgate is asked nothing: there is no token" in page
    assert 'class="suggestion"' not in page


async def test_a_suggestion_is_taken_as_one_more_row_and_noted(sqlite_url: str) -> None:
    sipgate = account()
    with running(sipgate) as url:
        async with desk_of(ADMIN, sqlite_url, sim=prepared(Simulator()), **environ_of_account(sipgate, url)) as desk:
            page = await desk.until_shown("/agents", "same e-mail: MAX@example.com")
            assert re.search(r'name="pick-w7" value="5">', page), "not ticked by itself"
            assert seeds.PASSWORD not in page
            assert desk.sim.settings["sipgate_config"][MAP] == AGENTS, "never by itself"
            assert (await desk.change("/agents/suggested", **{"pick-w7": str(MAX)})).status_code == 303
            added = {"remote_user_id": "w7", "user_id": str(MAX)}
            assert desk.sim.settings["sipgate_config"][MAP] == [*AGENTS, added]
            assert "pick-w7" not in await desk.page("/agents")
            assert "w7 → Max Roe (5)" in await desk.page("/audit")
            assert (await desk.change("/agents/suggested", **{"pick-w7": str(MAX)})).status_code == 409
            assert (await desk.change("/agents/suggested", **{"pick-w9": "999"})).status_code == 400


async def test_an_assignment_is_removed_where_it_stands_in_zammad_at_this_moment(sqlite_url: str) -> None:
    async with desk_of(ADMIN, sqlite_url) as desk:
        row = AGENTS[0]
        meanwhile = {"remote_user_id": "w8", "user_id": str(MAX)}
        desk.sim.settings["sipgate_config"] = {**desk.sim.settings["sipgate_config"], MAP: [*AGENTS, meanwhile]}
        fields = {"sipgate_id": row["remote_user_id"], "agent": row["user_id"]}
        assert (await desk.change("/agents/remove", **fields)).status_code == 303
        assert desk.sim.settings["sipgate_config"][MAP] == [*AGENTS[1:], meanwhile]
        assert "Assignment removed" in await desk.page("/audit")
        again = await desk.change("/agents/remove", **fields)
        assert again.status_code == 409
        assert "This assignment is not there any more" in again.text


async def test_an_assignment_in_the_agents_own_field_is_removed_there(sqlite_url: str) -> None:
    sim = prepared(Simulator())
    max_roe = sim.people.find(MAX)
    assert max_roe is not None
    sim.people.change(max_roe, {"sipgate_users": "w7, w8"}, by=ADMIN, now=sim.now())
    async with desk_of(ADMIN, sqlite_url, sim=sim) as desk:
        assert "w8" in await desk.page("/agents")
        assert (await desk.change("/agents/remove", sipgate_id="w8", agent=str(MAX))).status_code == 303
        assert max_roe.extra["sipgate_users"] == "w7"
        assert "w8" not in await desk.page("/agents")
