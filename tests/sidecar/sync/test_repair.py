from __future__ import annotations

import random
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from sidecar.calls.numbers.written_numbers import numbers_in
from sidecar.store.database import Database
from tests.sidecar.calls.numbers.written_forms import written_forms
from tests.sidecar.calls.numbers.zammads_extraction import extraction
from tests.sidecar.sync.following import Clock, Side, side_of
from zammad_client import Zammad
from zammad_client.records import Json
from zammad_client.simulator import Simulator

pytestmark = pytest.mark.anyio

FIELDS = ("phone", "mobile", "cti_more_numbers")
NO_TEXT = {"created_at", "updated_at", "last_login"}


def texts_of(user: Json) -> list[str]:
    return [value for name, value in user.items() if isinstance(value, str) and name not in NO_TEXT]


async def synchronised(side: Side) -> None:
    await side.sync.poll_settings()
    await side.sync.full_pass()


async def test_only_what_zammad_misses_is_written_and_nothing_else(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    assert (await side.sync.repair_at_once()).written == 2
    assert [(write.path, write.changes) for write in sim.writes] == [
        ("/api/v1/users/6", {"cti_numbers": "+491712345678"}),
        ("/api/v1/users/7", {"cti_numbers": "+49307654321"}),
    ]
    assert (await side.sync.repair_at_once()).written == 0


async def test_after_the_repair_zammad_finds_every_number_of_every_active_customer(
    sim: Simulator, zammad: Zammad, sqlite_url: str, clock: Clock
) -> None:
    database, chance = Database(sqlite_url), random.Random(7)
    german = [written for country, written, _meant in written_forms() if country == "DE"]
    ids = [
        sim.add_user(
            f"Person {number}",
            phone=chance.choice(german),
            mobile=chance.choice([*german, ""]),
            cti_more_numbers="\n".join(chance.choices(german, k=chance.randrange(3))),
            note=chance.choice(["", "030 1234567", "customer since 2022-01-15"]),
        )["id"]
        for number in range(400)
    ]
    needy = [user_id for user_id in ids if _missed(sim.user(user_id))]
    side = side_of(zammad, database, clock)
    await synchronised(side)
    assert (await side.sync.repair_at_once()).written == len(needy) + 2
    assert [_missed(sim.user(user_id)) for user_id in ids] == [set()] * len(ids)
    assert {write.path.rsplit("/")[-1] for write in sim.writes} == {str(user_id) for user_id in (6, 7, *needy)}
    assert all(set(write.changes) == {"cti_numbers"} for write in sim.writes)
    database.close()


def _missed(user: Json) -> set[str]:
    """The person's own numbers that Zammad's extraction does not yield from the record."""
    found = [number for name in FIELDS for number in numbers_in(user.get(name) or "", "DE").found]
    own = {number.e164[1:] for number in found if not number.doubtful}
    return own - extraction(texts_of(user))


async def test_what_is_no_longer_needed_is_emptied(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    await side.sync.repair_at_once()
    sim.change_user(7, phone="030 7654321")
    await side.sync.poll_changes()
    assert (await side.sync.repair_at_once()).written == 1
    assert sim.user(7)["cti_numbers"] == ""


async def test_agents_and_inactive_people_are_left_alone(sim: Simulator, side: Side) -> None:
    sim.change_user(4, phone="030/600001")
    sim.change_user(6, active=False)
    sim.add_user("Only", "Admin", phone="030/600002", roles=["Admin"])
    await synchronised(side)
    await side.sync.repair_at_once()
    assert [write.path for write in sim.writes] == ["/api/v1/users/7"]


async def test_nothing_is_written_before_the_agents_are_known(sim: Simulator, side: Side) -> None:
    await side.sync.full_pass()
    assert (await side.sync.repair_at_once()).written == 0
    assert not sim.writes


async def test_in_the_background_two_people_a_second_are_repaired(sim: Simulator, side: Side) -> None:
    for number in range(150):
        sim.add_user(f"Person {number}", phone=f"030/7{number:06}")
    await synchronised(side)
    began = side.clock.now()
    repaired = [(await side.sync.repair_slowly()).written for _ in range(3)]
    assert repaired == [100, 52, 0]
    assert side.clock.now() - began == pytest.approx(152 / 2.0)
    times = [write.at for write in sim.writes]
    assert all(later - earlier >= 0.499 for earlier, later in pairwise(times))


async def test_without_the_attribute_one_write_and_one_warning_stop_the_repair(
    zammad: Zammad, database: Database, clock: Clock, sim: Simulator
) -> None:
    bare = Simulator(attributes=False, clock=clock.now)
    sim.attributes, sim.people, sim.organizations = bare.attributes, bare.people, bare.organizations
    side = side_of(zammad, database, clock)
    await synchronised(side)
    with capture_logs() as logs:
        assert (await side.sync.repair_at_once()).attribute_missing
        for _ in range(3):
            clock.seconds += 60.0
            await side.sync.poll_changes()
            assert (await side.sync.repair_at_once()).attribute_missing
    assert len(sim.writes) == 1
    assert [entry["event"] for entry in logs if entry["log_level"] == "warning"] == ["repair_stopped"]
    clock.seconds += 60.0
    sim.attributes.install_standard(now=clock.now())
    sim.change_user(5, note="changed, so that the record shows the new attributes")
    await side.sync.poll_changes()
    assert (await side.sync.repair_at_once()).written == 2


async def test_a_person_who_is_gone_does_not_hold_up_the_others(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    sim.remove_user(6)
    repaired = await side.sync.repair_at_once()
    assert (repaired.written, repaired.refused) == (1, 0)
    assert (await side.sync.repair_at_once()).refused == 0


async def test_in_the_background_no_round_is_idle_while_something_is_due(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    assert (await side.sync.repair_slowly()).written == 2
    for number in range(3):
        sim.add_user(f"Late {number}", mobile=f"0176/123456{number}")
        await side.sync.poll_changes()
        assert (await side.sync.repair_slowly()).written == 1


async def test_a_caller_is_repaired_alone_and_from_the_record_as_it_is_now(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    sim.change_user(6, mobile="0171/7654321")  # since it was read
    assert (await side.sync.repair_caller(6)).written == 1
    assert sim.user(6)["cti_numbers"] == "+491717654321"
    assert [write.path for write in sim.writes] == ["/api/v1/users/6"]
    assert (await side.sync.repair_caller(6)).written == 0


@pytest.mark.parametrize("person_id", [4, 999])
async def test_nobody_but_a_customer_with_something_due_is_asked_about(
    sim: Simulator, side: Side, person_id: int
) -> None:
    await synchronised(side)
    sim.requests.clear()
    assert (await side.sync.repair_caller(person_id)).written == 0
    assert not sim.requests


async def test_a_zammad_that_fails_leaves_the_caller_for_later(sim: Simulator, side: Side) -> None:
    await synchronised(side)
    sim.faults.fail(500)
    assert (await side.sync.repair_caller(6)).written == 0
    sim.faults.clear()
    assert (await side.sync.repair_caller(6)).written == 1
