from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

import anyio
import pytest
from sqlalchemy import Connection

from sidecar.calls.identification import Certainty
from sidecar.directory import Directory, identify
from sidecar.store.database import Database
from sidecar.sync.intake import Intake
from tests.sentences import said
from tests.sidecar.sync.people_of_zammad import organization, user
from zammad_client.records import User

pytestmark = pytest.mark.anyio

T = TypeVar("T")


def intake_of(database: Database) -> Intake:
    return Intake(database=database, country="DE", now=lambda: 0.0)


async def test_the_number_of_one_customer_is_certain(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_organizations([organization(2, "Bäckerei Müller")])
    await intake.take_users([user(6, mobile="0171/2345678", organization_id=2)])
    found = await Directory(database=database).who_calls("491712345678")
    assert (found.certainty, said(found.reason)) == (Certainty.CERTAIN, "mobile of Erika Mustermann")
    assert found.sole is not None
    assert (found.sole.person_id, found.sole.organization) == (6, "Bäckerei Müller")


async def test_a_company_is_known_by_its_main_number(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_organizations([organization(2, "Bäckerei Müller", main_numbers="+49 30 998*")])
    await intake.take_users([user(6, phone="030 998-12", organization_id=2)])
    directory = Directory(database=database)
    assert said((await directory.who_calls("493099877")).reason) == "main number of Bäckerei Müller"
    assert (await directory.who_calls("493099812")).certainty is Certainty.CERTAIN


async def test_an_agent_is_internal(database: Database) -> None:
    await intake_of(database).take_agents([user(4, "Jane Doe", phone="030 600001")])
    with database.reading() as connection:
        assert identify(connection, "4930600001").certainty is Certainty.INTERNAL


async def test_an_unknown_caller_is_looked_for_in_the_newest_changes(database: Database) -> None:
    intake = intake_of(database)

    async def pull() -> None:
        await intake.take_users([user(8, "Neue Kundin", phone="0221/998877")])

    found = await Directory(database=database, pull=pull).who_calls("49221998877")
    assert said(found.reason) == "phone of Neue Kundin"


async def test_a_known_caller_costs_no_request(database: Database) -> None:
    await intake_of(database).take_users([user(6, phone="030 1234567")])

    async def pull() -> None:
        pytest.fail("nobody had to ask")

    await Directory(database=database, pull=pull).who_calls("49301234567")


class CountedReads(Database):
    """Tells how many look-ups have come back."""

    reads = 0

    async def read(self, work: Callable[[Connection], T]) -> T:
        result = await super().read(work)
        self.reads += 1
        return result


async def test_many_ringing_callers_at_once_share_one_pull(database_url: str) -> None:
    pulls = 0
    may_end = anyio.Event()

    async def pull() -> None:
        nonlocal pulls
        pulls += 1
        await may_end.wait()

    database = CountedReads(database_url)
    directory = Directory(database=database, pull=pull, deadline=60.0)
    async with anyio.create_task_group() as calls:
        for _ in range(10):
            calls.start_soon(directory.who_calls, "49221998877")
        while database.reads < 10:
            await anyio.wait_all_tasks_blocked()
        await anyio.wait_all_tasks_blocked()
        may_end.set()
    database.close()
    assert pulls == 1


async def test_a_pull_that_never_ends_delays_a_caller_by_its_deadline_only(database: Database) -> None:
    directory = Directory(database=database, pull=anyio.sleep_forever, deadline=0.01)
    for _ in range(2):
        assert (await directory.who_calls("49221998877")).certainty is Certainty.UNKNOWN


async def test_a_wrong_person_is_never_certain(sqlite_url: str) -> None:
    """10,000 calls over a directory with shared numbers, inactive people and organizations."""
    database, chance = Database(sqlite_url), random.Random(4)
    people = [_anybody(chance, number) for number in range(1, 1500)]
    companies = [
        organization(number, f"Company {number}", main_numbers=f"030 1{number % 20:02}*, 030/1{number:05}")
        for number in range(1, 60)
    ]
    intake = intake_of(database)
    await intake.take_organizations(companies)
    for start in range(0, len(people), 500):
        await intake.take_users(people[start : start + 500])
    with database.reading() as connection:
        owners_of = _active_owners(people)
        for _ in range(10_000):
            digits = f"49301{chance.randrange(3000):05}"
            owners = owners_of.get(digits[-6:], set())
            found = identify(connection, digits)
            assert (found.certainty is Certainty.CERTAIN) == (len(owners) == 1)
            assert (found.certainty is Certainty.SEVERAL and found.candidates[0].person_id is not None) == (
                len(owners) > 1
            )
            if found.certainty is Certainty.CERTAIN:
                assert found.sole is not None
                assert {found.sole.person_id} == owners
    database.close()


SPELLINGS = ("030/1{:05}", "+49 30 1{:05}", "0049 (0)30 1{:05}", "030 1{:05}", "030-1{:05}", "030.1{:05}")


def _anybody(chance: random.Random, number: int) -> User:
    def written() -> str:
        return chance.choice(SPELLINGS).format(chance.randrange(2500)) if chance.random() < 0.6 else ""

    return user(
        number,
        f"Person {number}",
        phone=written(),
        mobile=written(),
        active=chance.random() < 0.8,
        organization_id=chance.randrange(1, 60),
        texts={"cti_more_numbers": "\n".join(filter(None, (written(), written())))},
    )


def _active_owners(people: Sequence[User]) -> dict[str, set[int]]:
    """By the last six digits, with which all spellings end."""
    owners: dict[str, set[int]] = {}
    for each in people:
        for text in (each.phone, each.mobile, *each.texts["cti_more_numbers"].split("\n")):
            if each.active and text:
                owners.setdefault(text[-6:], set()).add(each.id)
    return owners
