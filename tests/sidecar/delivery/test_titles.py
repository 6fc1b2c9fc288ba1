"""Who the dialog says it is, from the directory and from what Zammad itself recognises."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest

from sidecar.calls.conversation.caller_log import OpenRow, ShowAnswer
from sidecar.delivery.titles import Titles
from sidecar.store.database import Database
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from tests.waiting import PATIENCE, until
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
ERIKA = "49301234567"


@asynccontextmanager
async def _at_once() -> AsyncIterator[None]:
    yield


class Desk:
    """Titles beside a Zammad, with everybody known who is there."""

    def __init__(self, sim: Simulator, zammad: Zammad, database: Database) -> None:
        self.sim, self.zammad, self.database = sim, zammad, database
        self.language = "en"
        self.titles = self.waiting(PATIENCE)

    def waiting(self, patience: float) -> Titles:
        return Titles(
            zammad=self.zammad,
            turn=_at_once,
            database=self.database,
            country="DE",
            language=lambda _agent: self.language,
            patience=patience,
        )

    async def learn(self) -> None:
        intake = Intake(database=self.database, reader=Reader(country="DE"), now=lambda: 0.0)
        await intake.take_organizations(await self.zammad.organizations_page(1))
        await intake.take_users(await self.zammad.users_page(1))

    async def rings(self, caller: str, call_id: str = "c-1") -> None:
        event = {"event": "newCall", "direction": "in", "callId": call_id, "from": caller, "to": "4930600001"}
        await self.zammad.call_event(self.sim.cti_token, event)
        self.titles.row_opened(OpenRow(call_id=call_id, direction="in", caller=caller, callee="4930600001"))

    async def title(self, caller: str, call_id: str = "c-1") -> str:
        answer = ShowAnswer(call_id=call_id, direction="in", caller=caller, callee="4930600001", agent_id=4)
        return await self.titles.title_for(answer)

    @property
    def readings(self) -> int:
        return sum(request.path == "/api/v1/cti/log" for request in self.sim.requests)


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def url(sim: Simulator) -> Iterator[str]:
    with running(sim) as url:
        yield url


@pytest.fixture
async def desk(sim: Simulator, url: str, database: Database) -> AsyncIterator[Desk]:
    zammad = Zammad(url=url, token=sim.tokens.service)
    desk = Desk(sim, zammad, database)
    await desk.learn()
    yield desk
    await zammad.aclose()


async def test_a_certain_person_is_named_with_the_number(desk: Desk) -> None:
    await desk.rings(ERIKA)
    assert await desk.title(ERIKA) == "Erika Mustermann (+49 30 1234567)"


async def test_whom_zammad_does_not_find_is_named_all_the_same(desk: Desk) -> None:
    await desk.rings("491712345678")
    assert await desk.title("491712345678") == "Erika Mustermann (+49 171 2345678)"


async def test_an_organization_is_named_where_only_that_is_known(desk: Desk) -> None:
    desk.sim.change_organization(2, cti_main_numbers="+49 30 998*")
    await desk.learn()
    await desk.rings("4930998123")
    assert await desk.title("4930998123") == "Bäckerei Müller GmbH (+49 30 998123)"


async def test_an_inactive_customer_whom_zammad_takes_the_caller_for_leaves_the_number_alone(desk: Desk) -> None:
    desk.sim.add_user("Paul", "Gegangen", phone="+49 30 1234567", active=False)
    await desk.learn()
    await desk.rings(ERIKA)
    assert await desk.title(ERIKA) == "+49 30 1234567"


async def test_a_number_in_somebody_elses_note_leaves_the_number_alone(desk: Desk) -> None:
    desk.sim.add_user("Nora", "Notiz", note="calls for 0301234567")
    await desk.learn()
    await desk.rings(ERIKA)
    assert await desk.title(ERIKA) == "+49 30 1234567"


async def test_whoever_is_not_known_is_called_by_the_number_without_a_look_into_the_log(desk: Desk) -> None:
    await desk.rings("4915177700099")
    assert await desk.title("4915177700099") == "+49 1517 7700099"
    assert desk.readings == 0


async def test_the_words_are_those_of_the_agents_language(desk: Desk) -> None:
    desk.language = "de"
    assert await desk.title("anonymous") == "unterdrückter Nummer"


async def test_zammads_log_is_read_while_it_rings_so_that_the_dialog_does_not_wait(desk: Desk) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.titles.run)
        await desk.rings(ERIKA)
        await until(lambda: "c-1" in desk.titles._recognised)
        desk.sim.faults.refuse()
        assert await desk.title(ERIKA) == "Erika Mustermann (+49 30 1234567)"
        tasks.cancel_scope.cancel()


async def test_a_log_that_cannot_be_read_leaves_the_number_alone(desk: Desk) -> None:
    await desk.rings(ERIKA)
    desk.titles = desk.waiting(0.05)
    desk.sim.faults.hang(path="/api/v1/cti/log")
    assert await desk.title(ERIKA) == "+49 30 1234567"
    desk.sim.faults.clear()


async def test_a_row_that_the_log_does_not_list_leaves_the_number_alone(desk: Desk) -> None:
    assert await desk.title(ERIKA, "never opened") == "+49 30 1234567"
