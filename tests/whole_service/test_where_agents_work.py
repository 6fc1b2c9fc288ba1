"""From a hook to what the agent sees: the title of the dialog, the tab in the desktop view, withheld numbers."""

from __future__ import annotations

import pytest

from tests.service import prepared, serving, until_ready
from tests.waiting import until
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
JANE = 4


async def played(sim: Simulator, sqlite_url: str, *, caller: str) -> None:
    """A call that Jane picks up, up to the moment at which its row is closed."""
    with running(sim) as url:
        async with serving(url, sqlite_url, sim) as service:
            await until_ready(service)
            await service.sidecar._sync.full_pass()
            about = {"callId": "c-1", "from": caller, "to": "4930600001", "direction": "in"}
            await service.hook(event="newCall", **about, **{"user[]": "Jane", "userId[]": "w0"})
            if caller.isdigit():  # the dialog does not wait long for what is read while it rings
                await until(lambda: "c-1" in service.sidecar._delivery._titles._recognised)
            await service.hook(event="answer", **about, user="Jane", userId="w0")
            await until(lambda: bool(sim.call_log) and sim.call_log[0]["state"] == "answer")
            if sim.user(JANE).get("cti_desktop_tab"):
                await until(lambda: sim.taskbar.of(JANE))
            await service.hook(event="hangup", **about, cause="normalClearing")
            await until(lambda: sim.call_log[0]["state"] == "hangup")


@pytest.mark.parametrize("version", ["6.5", "7.3"])
async def test_the_dialog_says_who_calls(sqlite_url: str, version: str) -> None:
    sim = prepared(Simulator(version=version))
    await played(sim, sqlite_url, caller="49301234567")
    assert [opened.title for opened in sim.opened] == ["Call from Erika Mustermann (+49 30 1234567)"]
    assert sim.call_log[0]["from"] == "49301234567"


async def test_an_agent_who_wants_a_tab_gets_it_besides_the_dialog(sqlite_url: str) -> None:
    sim = prepared(Simulator(version="6.5"))
    sim.change_user(JANE, cti_desktop_tab=True)
    await played(sim, sqlite_url, caller="49301234567")
    (tab,) = sim.taskbar.of(JANE)
    assert (tab.state["title"], tab.state["customer_id"]) == ("Call from Erika Mustermann (+49 30 1234567)", 6)
    assert len(sim.opened) == 1


@pytest.mark.parametrize(("offered", "opened"), [(False, 1), (True, 0)])
async def test_where_the_desktop_view_is_offered_nothing_opens_for_a_withheld_number(
    sqlite_url: str, opened: int, *, offered: bool
) -> None:
    sim = prepared(Simulator(version="7.3"))
    sim.settings["ui_desktop_beta_switch"] = offered
    await played(sim, sqlite_url, caller="anonymous")
    assert len(sim.opened) == opened
