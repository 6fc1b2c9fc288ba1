"""One POST for each key: after a double click, a lost answer, and a crash in between; on either database."""

from __future__ import annotations

import anyio
import pytest

from sidecar.calls.rules.agents import Agent, AgentMap
from sidecar.sipgate.dialler import dial, phones_of
from sidecar.sipgate.people import People, Phone
from sidecar.store.database import Database
from sidecar.store.pages.dialled import Dialled, DialState, begin_dialling, find_dialled, last_phone
from sipgate_client import Sipgate
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate
from tests.sipgate_client.accounts import asked

pytestmark = pytest.mark.anyio

WANTED = Dialled(key="k-1", user_id=4, phone="e0", number="491713920010", begun_at=1000.0, ticket_id=12)


async def dialled(sipgate: Sipgate, database: Database, *, times: int = 1) -> Dialled:
    async with anyio.create_task_group() as tasks:
        for _ in range(times):
            tasks.start_soon(lambda: dial(sipgate, database, WANTED, kind=Kind.CLASSIC))
    with database.reading() as connection:
        found = find_dialled(connection, WANTED.key, WANTED.user_id)
    assert found is not None
    return found


async def test_a_double_click_rings_once(database: Database) -> None:
    sim = SimulatedSipgate()
    async with asked(sim) as sipgate:
        found = await dialled(sipgate, database, times=3)
    assert len(sim.calls) == 1
    assert (found.state, found.session_id) == (DialState.RINGING, sim.calls[0]["session_id"])
    with database.reading() as connection:
        assert last_phone(connection, 4) == "e0"
        assert find_dialled(connection, WANTED.key, 5) is None, "nobody else's"


async def test_a_lost_answer_may_be_ringing_and_is_not_asked_again(database: Database) -> None:
    sim = SimulatedSipgate()
    sim.faults.lose_answers(path="/sessions/calls")
    async with asked(sim) as sipgate:
        assert (await dialled(sipgate, database)).state is DialState.UNKNOWN
        await dialled(sipgate, database)
    assert len(sim.calls) == 1


async def test_who_was_killed_before_the_answer_leaves_a_key_that_dials_nothing(database: Database) -> None:
    with database.writing() as connection:
        begin_dialling(connection, WANTED)
    sim = SimulatedSipgate()
    async with asked(sim) as sipgate:
        assert (await dialled(sipgate, database)).state is DialState.BEGUN
    assert not sim.requests


async def test_a_refusal_is_kept_in_sipgates_words(database: Database) -> None:
    sim = SimulatedSipgate()
    sim.devices = {}
    async with asked(sim) as sipgate:
        found = await dialled(sipgate, database)
    assert found.state is DialState.REFUSED
    assert found.problem is not None
    assert found.problem.parameters["words"] == "not your device"


def test_an_agent_has_the_phones_of_all_their_sipgate_users_and_nobody_elses() -> None:
    jane = Agent(id=4, login="jane", email="", name="Jane")
    other = Agent(id=5, login="max", email="", name="Max")
    agents = AgentMap(by_sipgate_id={"w0": jane, "1234567w2": jane, "w1": other})
    phones = {user: (Phone(id=f"e{user[1:]}", alias="", type="REGISTER"),) for user in ("w0", "w1", "w2", "w3")}
    people = People(kind=Kind.CLASSIC, master_sip_id="1234567", persons=(), phones=phones)
    assert [phone.id for phone in phones_of(people, agents, 4)] == ["e0", "e2"]
    assert phones_of(people, agents, 9) == []
