"""Repairs that Zammad refuses: kept, shown, and tried again when the reason may be gone."""

from __future__ import annotations

import pytest

from sidecar.store.database import Database
from sidecar.store.people.refusals import Refusal, count_refusals, most_frequent_field, refused_customers
from tests.machine import ALL
from tests.sidecar.sync.following import Clock, Side
from zammad_client.errors import ZammadError
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio
MINUTE = 60.0
ERIKA, OTTO = 6, 7
HUNDREDS = 300 if ALL else 120  # more than a batch of repairs
ON_POSTGRESQL = HUNDREDS if ALL else 20  # what differs there is how a row is written


@pytest.fixture(params=["5.5", "6.5", "7.3"])
def sim(request: pytest.FixtureRequest, clock: Clock) -> Simulator:
    """With two customers whose numbers Zammad misses, and a mandatory field that only Otto has filled."""
    sim = Simulator(version=request.param, clock=clock.now)
    sim.add_mandatory_attribute("kdnr")
    sim.change_user(OTTO, kdnr="4711")
    return sim


async def synchronised(side: Side) -> None:
    await side.sync.poll_settings()
    await side.sync.full_pass()


async def a_minute_later(side: Side) -> None:
    side.clock.seconds += MINUTE
    await side.sync.poll_changes()
    await side.sync.repair_slowly()


def kept(database: Database) -> list[Refusal]:
    with database.reading() as connection:
        return refused_customers(connection)


def tries(sim: Simulator, person_id: int) -> int:
    path = f"/api/v1/users/{person_id}"
    return sum(request.method == "PUT" and request.path == path for request in sim.requests)


async def test_a_refused_repair_is_kept_with_the_field_that_is_to_blame(
    sim: Simulator, side: Side, database: Database
) -> None:
    await synchronised(side)
    repaired = await side.sync.repair_at_once()
    assert (repaired.written, repaired.refused) == (1, 1)
    (refusal,) = kept(database)
    assert (refusal.person_id, refusal.name, refusal.status) == (ERIKA, "Erika Mustermann", 422)
    assert refusal.field == ("kdnr" if sim.version.name != "5.5" else "")
    with database.reading() as connection:
        assert most_frequent_field(connection) == refusal.field


async def test_it_is_tried_once_more_after_a_minute_and_then_daily(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    await side.sync.repair_at_once()
    await side.sync.repair_at_once()
    assert tries(sim, ERIKA) == 1
    await a_minute_later(side)
    after_a_minute = tries(sim, ERIKA)
    assert after_a_minute == 2
    if sim.version.core_workflows:  # else trying is the only way to ask
        for _ in range(5):
            await a_minute_later(side)
        assert tries(sim, ERIKA) == after_a_minute
    side.clock.seconds += 86_400
    await a_minute_later(side)
    assert tries(sim, ERIKA) > after_a_minute


async def test_a_field_that_was_filled_is_noticed_with_the_change(
    sim: Simulator, side: Side, database: Database
) -> None:
    await synchronised(side)
    await side.sync.repair_at_once()
    sim.change_user(ERIKA, kdnr="4712")
    await a_minute_later(side)
    assert kept(database) == []
    assert sim.user(ERIKA)["cti_numbers"] == "+491712345678"


async def test_hundreds_of_refusals_begin_to_go_within_two_minutes_of_the_cure(
    sim: Simulator, side: Side, database: Database
) -> None:
    customers = HUNDREDS if database.dialect == "sqlite" else ON_POSTGRESQL
    for number in range(customers):
        sim.add_user("Kunde", f"{number}", phone=f"0171/{2000000 + number}")
    await synchronised(side)
    assert (await side.sync.repair_at_once()).refused == customers + 1
    await a_minute_later(side)
    sim.make_optional("kdnr")
    await a_minute_later(side)
    await a_minute_later(side)
    with database.reading() as connection:
        after_two_minutes = count_refusals(connection)
    assert after_two_minutes < customers + 1
    for _ in range(6):
        await a_minute_later(side)
    assert kept(database) == []


async def test_whom_one_record_of_a_kind_passes_for_is_not_tried_for_a_record_that_was_changed(
    sim: Simulator, side: Side, database: Database
) -> None:
    sim.add_user("Nora", "Neu", phone="0171/7654321")
    await synchronised(side)
    await side.sync.repair_at_once()
    sim.change_user(ERIKA, kdnr="4712")
    before = tries(sim, 10)
    side.clock.seconds += 1.0
    await side.sync.poll_changes()
    await side.sync.repair_at_once()
    assert [refusal.name for refusal in kept(database)] == ["Nora Neu"]
    assert tries(sim, 10) <= before + 1


async def test_where_nothing_is_repaired_nothing_is_refused(side: Side, database: Database) -> None:
    await synchronised(side)
    await side.sync.repair_at_once()
    await side.sync.forget_refusals()
    assert kept(database) == []


async def test_a_proxy_that_says_no_refuses_nothing(sim: Simulator, side: Side, database: Database) -> None:
    await synchronised(side)
    sim.faults.fail(403, path="/api/v1/users/")
    with pytest.raises(ZammadError):
        await side.sync.repair_at_once()
    sim.faults.clear()
    assert kept(database) == []


async def test_a_record_that_is_gone_is_forgotten(sim: Simulator, side: Side, database: Database) -> None:
    await synchronised(side)
    sim.remove_user(ERIKA)
    assert (await side.sync.repair_at_once()).refused == 0
    assert kept(database) == []


async def test_a_caller_who_was_refused_is_not_tried_at_each_call(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    await side.sync.repair_at_once()
    for _ in range(3):
        await side.sync.repair_caller(ERIKA)
    assert tries(sim, ERIKA) == 1


@pytest.mark.parametrize(("search", "found"), [("erika", 1), ("MUSTER", 1), ("6", 1), ("otto", 0), ("", 1)])
async def test_refusals_are_found_by_name_and_id(side: Side, database: Database, search: str, found: int) -> None:
    await synchronised(side)
    await side.sync.repair_at_once()
    with database.reading() as connection:
        assert len(refused_customers(connection, search)) == found
