from __future__ import annotations

import anyio
import pytest

from sidecar.calls.identification import Certainty
from sidecar.directory import Directory, identify
from sidecar.store.database import Database
from sidecar.store.people.people import count_people
from sidecar.store.replicas.leases import take_lease
from sidecar.sync.full_pass import FullPass
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from tests.machine import ALL
from tests.sentences import said
from tests.sidecar.sync.following import Clock, Side, side_of
from tests.sidecar.sync.people_of_zammad import user
from zammad_client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio
THOUSANDS = 20_000 if ALL else 3_000


def certainty(database: Database, digits: str) -> Certainty:
    with database.reading() as connection:
        return identify(connection, digits).certainty


def reason(database: Database, digits: str) -> str:
    with database.reading() as connection:
        return said(identify(connection, digits).reason)


async def test_a_full_pass_brings_everybody_and_a_second_one_changes_nothing(
    sim: Simulator, side: Side, database: Database
) -> None:
    sim.add_customers(1200)
    await side.sync.poll_settings()
    await side.sync.full_pass()
    with database.reading() as connection:
        assert count_people(connection) == 1200 + 8
    assert reason(database, "49307654321") == "phone of Otto Müller"
    assert certainty(database, "4930600001") is Certainty.INTERNAL
    assert not await side.sync.full_pass()
    assert not any(request.params.get("expand") == "true" for request in sim.requests)


async def test_many_people_are_written_in_portions_so_that_hooks_get_their_turn(
    database: Database, clock: Clock
) -> None:
    told: list[int] = []
    intake = Intake(
        database=database,
        reader=Reader(country="DE"),
        now=clock.now,
        on_numbers_changed=lambda _connection, digits: told.append(len(digits)),
    )
    people = [user(100 + number, f"Otto {number}", phone=f"030 {5_550_000 + number}") for number in range(250)]
    change = await intake.take_users(people)
    assert (change.added, told) == (250, [100, 100, 50])


async def test_a_full_pass_is_polite(sim: Simulator, side: Side) -> None:
    sim.add_customers(1200)
    await side.sync.full_pass()
    lists = {"/api/v1/users", "/api/v1/organizations"}
    large = [each for each in sim.requests if each.path in lists and each.params["per_page"] != "1"]
    pages = {(each.path, each.params["page"], each.params["per_page"]) for each in large}
    assert len(side.clock.slept) == len(pages) - 1, "a rest after each page but the last"
    assert min(side.clock.slept) >= 0.2


async def test_whoever_was_deleted_in_zammad_is_gone_after_a_full_pass(
    sim: Simulator, side: Side, database: Database
) -> None:
    await side.sync.full_pass()
    sim.remove_user(7)
    sim.remove_user(2)
    change = await side.sync.full_pass()
    assert (change.removed, "49307654321" in side.told) == (2, True)
    assert certainty(database, "49307654321") is Certainty.UNKNOWN


async def test_somebody_deleted_during_a_pass_costs_nobody_else_a_place(
    sim: Simulator, zammad: Zammad, database: Database, clock: Clock
) -> None:
    side = side_of(zammad, database, clock, page_size=3)
    await side.sync.full_pass()

    def delete_somebody_early(what: str, count: int) -> None:
        if what == "users" and count == 3:
            sim.remove_user(2)

    change = await side.sync.full_pass(delete_somebody_early)
    assert change.removed == 0  # page 1 had been read; user 4 has moved to it and is not taken for gone
    assert (await side.sync.full_pass()).removed == 1
    assert certainty(database, "4930600001") is not Certainty.UNKNOWN


async def test_after_zammad_was_restored_from_a_backup_a_full_pass_follows_it(
    sim: Simulator, side: Side, database: Database, clock: Clock
) -> None:
    backup = Simulator(clock=clock.now)
    clock.seconds += 1000.0
    sim.change_user(7, phone="0221/998877")
    sim.change_organization(2, cti_main_numbers="+49 30 998*")
    await side.sync.full_pass()
    with running(backup) as url:
        restored = side_of(Zammad(url=url, token=backup.tokens.service), database, clock)
        assert (await restored.sync.full_pass()).changed == 2
    assert reason(database, "49307654321") == "phone of Otto Müller"
    assert certainty(database, "49221998877") is Certainty.UNKNOWN
    assert certainty(database, "493099811") is Certainty.UNKNOWN
    one_by_one = [request.path for request in backup.requests if request.path[-1].isdigit()]
    assert one_by_one == ["/api/v1/organizations/2", "/api/v1/users/7"]


async def test_what_has_changed_while_a_pass_looked_again_is_not_undone(database: Database, clock: Clock) -> None:
    intake = Intake(database=database, reader=Reader(country="DE"), now=clock.now)
    await intake.take_users([user(7, "Otto Müller", phone="030 2", changed_at=2000.0)])
    of_backup = [user(7, "Otto Müller", phone="030 1111111", changed_at=1000.0)]
    newer = await intake.newer_people(of_backup)
    await intake.take_users([user(7, "Otto Müller", phone="030 3333333", changed_at=3000.0)])
    assert not await intake.take_users(of_backup, newer)
    assert reason(database, "49303333333") == "phone of Otto Müller"


async def test_an_interrupted_pass_goes_on_where_it_was(
    sim: Simulator, zammad: Zammad, database: Database, clock: Clock
) -> None:
    sim.add_customers(20)
    side = side_of(zammad, database, clock, page_size=10)

    def fail(what: str, count: int) -> None:
        if what == "users" and count >= 10:
            sim.faults.refuse()

    with pytest.raises(ZammadError):
        await side.sync.full_pass(fail)
    sim.faults.clear()
    seen: list[tuple[str, int]] = []
    again = side_of(zammad, database, clock, page_size=10)
    assert await again.sync.full_pass_if_due(86400.0) is not None
    await again.sync.full_pass(lambda what, count: seen.append((what, count)))
    with database.reading() as connection:
        assert count_people(connection) == 28


async def test_a_full_pass_is_due_once_a_day(side: Side) -> None:
    assert await side.sync.full_pass_if_due(86400.0) is not None
    side.clock.seconds += 86000.0
    assert await side.sync.full_pass_if_due(86400.0) is None
    side.clock.seconds += 500.0
    assert await side.sync.full_pass_if_due(86400.0) is not None


async def test_another_country_or_reader_is_taken_over_by_a_pass_at_once(
    side: Side, zammad: Zammad, database: Database, clock: Clock
) -> None:
    await side.sync.full_pass()
    austrian = side_of(zammad, database, clock, country="AT")
    assert await austrian.sync.full_pass_if_due(86400.0) is not None
    assert reason(database, "43307654321") == "phone of Otto Müller"
    assert await austrian.sync.full_pass_if_due(86400.0) is None


async def test_a_pass_that_was_interrupted_in_another_country_begins_anew(
    sim: Simulator, zammad: Zammad, database: Database, clock: Clock
) -> None:
    german, austrian = (side_of(zammad, database, clock, page_size=100, country=country) for country in ("DE", "AT"))
    clock.seconds += 1000.0
    sim.add_customers(250)
    clock.seconds += 1000.0
    sim.change_user(8 + 250, firstname="Changed")  # the change feed reads its own page of 200 and no older one

    def fail(what: str, count: int) -> None:
        if what == "users" and count >= 200:
            sim.faults.refuse()

    with pytest.raises(ZammadError):
        await german.sync.full_pass(fail)
    sim.faults.clear()
    await austrian.sync.full_pass_if_due(86400.0)
    assert reason(database, "43307654321") == "phone of Otto Müller"  # of the first page


async def test_a_pass_waits_for_a_quiet_moment_but_not_for_ever(
    zammad: Zammad, database: Database, clock: Clock
) -> None:
    asked = 0

    async def quiet() -> None:
        nonlocal asked
        asked += 1
        await anyio.sleep_forever()

    full_pass = FullPass(
        zammad=zammad,
        database=database,
        intake=Intake(database=database, reader=Reader(country="DE"), now=clock.now),
        page_size=500,
        pause=0.0,
        sleep=clock.sleep,
        now=clock.now,
        quiet=quiet,
        patience=0.01,
    )
    assert await full_pass.run() is not None
    assert asked == 4


async def test_only_one_process_reads_everybody_at_a_time(side: Side, database: Database) -> None:
    with database.writing() as connection:
        take_lease(connection, "full pass", "another", side.clock.now(), 10.0)
    assert await side.sync.full_pass_if_due(86400.0) is None
    assert await side.sync.full_pass()  # begun by a person, it waits
    assert 1.0 in side.clock.slept


async def test_a_changed_number_is_effective_after_one_poll(sim: Simulator, side: Side, database: Database) -> None:
    sim.add_customers(300)
    await side.sync.full_pass()
    side.clock.seconds += 1000.0
    sim.change_user(7, phone="0221/998877")
    change = await side.sync.poll_changes()
    assert (change.changed, change.digits) == (1, frozenset({"49307654321", "49221998877"}))
    assert reason(database, "49221998877") == "phone of Otto Müller"
    assert certainty(database, "49307654321") is Certainty.UNKNOWN
    side.clock.seconds += 1000.0
    before = len(sim.requests)
    assert not await side.sync.poll_changes()
    assert len(sim.requests) == before + 2  # ten users, ten organizations
    assert all(request.params["per_page"] == "10" for request in list(sim.requests)[before:])


async def test_changes_over_several_pages_are_all_followed(sim: Simulator, side: Side, database: Database) -> None:
    await side.sync.full_pass()
    side.clock.seconds += 1000.0
    sim.add_customers(700)
    assert (await side.sync.poll_changes()).added == 700
    with database.reading() as connection:
        assert count_people(connection) == 708


@pytest.mark.parametrize("version", ["5.2", "6.5"])
async def test_what_an_index_shows_minutes_later_is_read_all_the_same(
    version: str, database: Database, clock: Clock
) -> None:
    """The record bears the time at which it was changed, and a newer one has been seen meanwhile."""
    sim = Simulator(version=version, clock=clock.now)
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        side = side_of(zammad, database, clock)
        await side.sync.poll_changes()
        sim.people.not_indexed.add(sim.add_user("Late", phone="030/5550001")["id"])
        clock.seconds += 300.0
        sim.add_user("Soon", phone="030/5550002")
        await side.sync.poll_changes()
        sim.people.not_indexed.clear()
        await side.sync.poll_changes()
        await zammad.aclose()
    assert certainty(database, "49305550001") is Certainty.CERTAIN


async def test_a_changed_organization_is_effective_after_one_poll(
    sim: Simulator, side: Side, database: Database
) -> None:
    await side.sync.full_pass()
    sim.change_organization(2, cti_main_numbers="+49 30 998*")
    await side.sync.poll_changes()
    assert reason(database, "493099811") == "main number of Bäckerei Müller GmbH"


async def test_a_customer_created_a_moment_ago_is_found_at_the_first_call(
    sim: Simulator, side: Side, database: Database
) -> None:
    await side.sync.full_pass()
    sim.add_user("Neue", "Kundin", phone="0221/998877")
    directory = Directory(database=database, pull=side.sync.pull_newest, deadline=30.0)
    assert said((await directory.who_calls("49221998877")).reason) == "phone of Neue Kundin"


async def test_an_unknown_caller_is_answered_while_zammad_is_down(
    sim: Simulator, side: Side, database: Database
) -> None:
    sim.faults.refuse()
    directory = Directory(database=database, pull=side.sync.pull_newest, deadline=30.0)
    assert (await directory.who_calls("49221998877")).certainty is Certainty.UNKNOWN


async def test_whoever_stops_being_an_agent_is_a_customer_after_one_poll(
    sim: Simulator, side: Side, database: Database
) -> None:
    await side.sync.poll_settings()
    await side.sync.full_pass()
    assert certainty(database, "4930600001") is Certainty.INTERNAL
    sim.change_user(4, roles=["Customer"])
    await side.sync.poll_settings()
    assert certainty(database, "4930600001") is Certainty.CERTAIN


async def test_thousands_of_users_are_read_repaired_and_read_again(
    sim: Simulator, zammad: Zammad, sqlite_url: str, clock: Clock
) -> None:
    database = Database(sqlite_url)
    side = side_of(zammad, database, clock)
    sim.add_customers(THOUSANDS)
    clock.seconds += 1000.0
    await side.sync.poll_settings()
    assert (await side.sync.full_pass()).added == THOUSANDS + 8 + 2 - 4  # organizations too; the agents came first
    assert (await side.sync.repair_at_once()).written == 2
    writes = len(sim.writes)
    assert not await side.sync.full_pass()
    assert (await side.sync.repair_at_once()).written == 0
    assert len(sim.writes) == writes
    assert not any(request.params.get("expand") == "true" for request in sim.requests)
    database.close()


@pytest.mark.parametrize(("version", "found"), [("5.2", 0), ("6.5", 1)])
async def test_until_everybody_was_read_an_unknown_caller_is_looked_for_by_digits(
    database: Database, clock: Clock, version: str, found: int
) -> None:
    sim = Simulator(version=version, clock=clock.now)
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service)
        side = side_of(zammad, database, clock)
        await side.sync.find_by_digits("491712345678")
        with database.reading() as connection:
            assert count_people(connection) == found
        await side.sync.full_pass()
        before = len(sim.requests)
        await side.sync.find_by_digits("491719999999")
        assert len(sim.requests) == before, "everybody is known already"
        await zammad.aclose()
