"""A tab in the desktop view: one for each call whatever crashes, and none that is left lying about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from sidecar.calls.conversation.caller_log import ShowAnswer
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.delivery.desktop_tabs import MOST, DesktopTabs
from sidecar.store.calls import outbox
from sidecar.store.database import Database
from sidecar.store.people.refused_tabs import refused_tabs
from tests.sidecar.store.calls.saved_calls import Seed, add_calls, change_call
from zammad_client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
NOW = 1_800_000_000.0
JANE = 4


class Desk:
    """An agent who wants tabs, calls with dialogs, and as many sidecars as there are starts."""

    def __init__(self, sim: Simulator, zammad: Zammad, database: Database) -> None:
        self.sim, self.zammad, self.database = sim, zammad, database
        self.now = NOW
        self.wanted = {JANE}
        self.customer: int | None = 6
        self.counted: list[str] = []

    def started(self) -> DesktopTabs:
        async def described(answer: ShowAnswer) -> tuple[str, int | None]:
            return f"Call from {answer.caller}", self.customer

        return DesktopTabs(
            zammad=self.zammad,
            database=self.database,
            wanted_by=lambda: self.wanted,
            described=described,
            clock=lambda: self.now,
            count=self.counted.append,
        )

    def dialog(self, call_id: str, *, agent_id: int = JANE) -> int:
        """Opened just now; the number of the call."""
        answer = ShowAnswer(
            call_id=call_id,
            direction="in",
            caller="49301234567",
            callee="4930600001",
            agent_id=agent_id,
            dialog_until=self.now + 20.0,
        )
        with self.database.writing() as connection:
            (number,) = add_calls(connection, Seed(started_at=self.now, lasting=None))
            outbox.put(connection, [(number, answer)], now=self.now)
            (parcel,) = outbox.parcels_of(connection, number)
            outbox.settle(connection, parcel.id, state=ParcelState.DONE, note=None, now=self.now)
        return number

    def hang_up(self, number: int) -> None:
        with self.database.writing() as connection:
            change_call(connection, number, Seed(started_at=self.now, lasting=0.0))

    @property
    def refused(self) -> dict[int, int]:
        """By agent, with which status."""
        with self.database.reading() as connection:
            return {agent: each.status for agent, each in refused_tabs(connection).items()}

    @property
    def tabs(self) -> list[str]:
        return [str(tab.state["title"]) for tab in self.sim.taskbar.of(JANE)]


@pytest.fixture
def sim() -> Simulator:
    return Simulator(version="6.5", clock=lambda: NOW)


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


@pytest.fixture
async def desk(sim: Simulator, url: str, database: Database) -> AsyncIterator[Desk]:
    zammad = Zammad(url=url, token=sim.tokens.service)
    yield Desk(sim, zammad, database)
    await zammad.aclose()


async def test_a_call_adds_a_tab_with_title_and_customer_in_the_agents_name(desk: Desk) -> None:
    desk.dialog("c-1")
    await desk.started().add_due()
    (tab,) = desk.sim.taskbar.of(JANE)
    assert (tab.callback, tab.app, tab.user_id) == ("TicketCreate", "desktop", JANE)
    assert tab.state == {"title": "Call from 49301234567", "formSenderType": "phone-in", "customer_id": 6}


async def test_one_for_each_call_however_often_the_sidecar_starts(desk: Desk) -> None:
    desk.dialog("c-1")
    for _ in range(3):
        tabs = desk.started()
        await tabs.add_due()
        await tabs.add_due()
    assert len(desk.tabs) == 1


async def test_a_tab_whose_answer_was_lost_is_there_once(desk: Desk) -> None:
    desk.dialog("c-1")
    tabs = desk.started()
    desk.sim.faults.next(1).lose_answers(path="/api/v1/taskbar")
    await tabs.add_due()
    await tabs.add_due()
    assert len(desk.tabs) == 1


async def test_who_does_not_want_one_gets_none(desk: Desk) -> None:
    desk.dialog("c-1", agent_id=5)
    await desk.started().add_due()
    assert desk.sim.taskbar.all() == []


async def test_none_for_a_call_that_has_ended_and_none_too_late(desk: Desk) -> None:
    desk.hang_up(desk.dialog("c-1"))
    desk.dialog("c-2")
    desk.now += 21.0
    await desk.started().add_due()
    assert desk.tabs == []


async def test_an_unknown_caller_gets_a_tab_without_a_customer(desk: Desk) -> None:
    desk.customer = None
    desk.dialog("c-1")
    await desk.started().add_due()
    (tab,) = desk.sim.taskbar.of(JANE)
    assert "customer_id" not in tab.state


async def test_a_zammad_without_a_desktop_view_is_left_alone(database: Database) -> None:
    sim = Simulator(version="5.2", clock=lambda: NOW)
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        desk = Desk(sim, zammad, database)
        desk.dialog("c-1")
        await desk.started().add_due()
        await desk.started().sweep()
        await zammad.aclose()
    assert not any(request.path.startswith("/api/v1/taskbar") for request in sim.requests)


async def test_what_nobody_has_looked_at_goes_an_hour_after_the_hangup(desk: Desk) -> None:
    tabs = desk.started()
    seen, unseen = desk.dialog("c-1"), desk.dialog("c-2")
    await tabs.add_due()
    first, _second = desk.sim.taskbar.of(JANE)
    desk.sim.taskbar.touch(first.id, now=NOW + 5.0)
    desk.hang_up(seen)
    desk.hang_up(unseen)
    desk.now += 3500.0
    await tabs.sweep()
    assert len(desk.tabs) == 2
    desk.now += 200.0
    await tabs.sweep()
    assert [tab.id for tab in desk.sim.taskbar.of(JANE)] == [first.id]


async def test_an_agent_never_has_more_than_five_of_ours_and_keeps_what_is_others(desk: Desk) -> None:
    desk.sim.taskbar.add({"key": "Search", "app": "desktop"}, user_id=JANE, now=NOW)
    tabs = desk.started()
    for number in range(MOST + 3):
        desk.dialog(f"c-{number}")
    await tabs.add_due()
    await tabs.sweep()
    assert len(desk.sim.taskbar.of(JANE)) == MOST + 1
    assert desk.sim.taskbar.of(JANE)[0].key == "Search"


async def test_while_zammad_is_away_a_tab_waits(desk: Desk) -> None:
    desk.dialog("c-1")
    tabs = desk.started()
    desk.sim.faults.refuse()
    await tabs.add_due()
    with pytest.raises(ZammadError):
        await tabs.sweep()
    desk.sim.faults.clear()
    await tabs.add_due()
    assert len(desk.tabs) == 1


@pytest.mark.parametrize("status", [403, 422])
async def test_a_tab_that_zammad_refuses_is_kept_for_check_until_one_is_there(desk: Desk, status: int) -> None:
    desk.sim.faults.next(1).fail(status, path="/api/v1/taskbar")
    desk.dialog("c-1")
    tabs = desk.started()
    await tabs.add_due()
    await tabs.add_due()
    assert (desk.refused, desk.counted) == ({JANE: status}, ["refused"])
    desk.dialog("c-2")
    await tabs.add_due()
    assert (desk.refused, desk.counted) == ({}, ["refused", "added"])
