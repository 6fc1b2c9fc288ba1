from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

import anyio
import phonenumbers
import pytest
from phonenumbers import PhoneNumber
from sqlalchemy import Connection

from sidecar.calls.identification import Certainty
from sidecar.calls.numbers.layout import plain
from sidecar.calls.numbers.numbering_plans import parsed, plausible_length
from sidecar.directory import Directory, identify
from sidecar.store.database import Database
from sidecar.store.people.attribute_names import keep_attribute_names
from sidecar.store.people.known_numbers import known_numbers
from sidecar.store.people.organizations import blocked_organization_numbers
from sidecar.store.people.people import blocked_people_numbers
from sidecar.sync.intake import Intake
from sidecar.sync.records import Reader
from tests.sentences import said
from tests.sidecar.calls.numbers.valid_numbers import BETWEEN, e164, forms_at_home, forms_from_abroad
from tests.sidecar.sync.people_of_zammad import START, organization, user
from zammad_client.records import User

pytestmark = pytest.mark.anyio

T = TypeVar("T")


def intake_of(database: Database) -> Intake:
    return Intake(database=database, reader=Reader(country="DE"), now=lambda: 0.0)


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


async def test_whatever_layout_a_number_has_nobody_else_is_certain_for_it(sqlite_url: str) -> None:
    """10,000 calls from numbers that are easily taken for each other without plus, 0 or area code."""
    database, chance = Database(sqlite_url), random.Random(18)
    numbers = _easily_confused(chance)
    owners: dict[str, set[int]] = {}
    in_full: dict[str, set[int]] = {}
    people = []
    for number in range(1, 601):
        own = chance.choice(numbers)
        forms = forms_at_home(own) if own.country_code == 49 else forms_from_abroad(own)
        written = _laid_out(chance, chance.choice(forms))
        people.append(user(number, f"Person {number}", phone=written))
        owners.setdefault(e164(own)[1:], set()).add(number)
        if written.startswith("+") and "/" not in plain(written):
            in_full.setdefault(e164(own)[1:], set()).add(number)
    await intake_of(database).take_users(people)
    certain = 0
    with database.reading() as connection:
        for _ in range(10_000):
            digits = e164(chance.choice(numbers))[1:]
            found = identify(connection, digits)
            if found.certainty is Certainty.CERTAIN:
                certain += 1
                assert found.sole is not None
                assert found.sole.person_id in owners[digits]
            elif len(owners.get(digits, ())) == 1:
                assert digits not in in_full, "whoever has it in full is certain, whatever others may be read as"
    database.close()
    assert certain > 1000


def _easily_confused(chance: random.Random) -> list[PhoneNumber]:
    """Mobiles and what they are with the country code twice (Leer has 0491), Potsdam and Paris, Vienna and Leipzig."""
    found = []
    for beginning in ("491520", "49491520", "49171", "4949171", "4930", "493049", "4933", "33", "43", "49431", "49711"):
        for _ in range(400):
            digits = beginning + "".join(chance.choices("0123456789", k=chance.randrange(5, 9)))
            number = parsed(f"+{digits}")
            if number and phonenumbers.is_valid_number(number) and plausible_length(f"+{digits}", "DE"):
                found.append(number)
    return chance.sample(found, 400)


def _laid_out(chance: random.Random, form: str) -> str:
    between = [chance.choice(("", "", "", *BETWEEN)) for _ in form]
    pairs = zip(form, f"{form[1:]} ", between, strict=True)
    return "".join(each + (gap if each.isdigit() and following.isdigit() else "") for each, following, gap in pairs)


def certainty_of(database: Database, digits: str) -> tuple[Certainty, str]:
    with database.reading() as connection:
        found = identify(connection, digits)
    return found.certainty, said(found.reason)


async def test_a_doubtful_reading_is_perhaps_and_never_lowers_whoever_has_the_number(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_users([user(6, "Erika Mustermann", phone="33 1 23 45 67 89")])
    assert certainty_of(database, "33123456789") == (Certainty.PERHAPS, "perhaps phone of Erika Mustermann")
    assert certainty_of(database, "4933123456789") == (Certainty.PERHAPS, "perhaps phone of Erika Mustermann")
    await intake.take_users([user(7, "Otto Normal", mobile="+33 1 23 45 67 89")])
    assert certainty_of(database, "33123456789") == (Certainty.CERTAIN, "mobile of Otto Normal")
    await intake.take_users([user(7, "Otto Normal", mobile="+33 1 23 45 67 89", active=False, changed_at=START + 1)])
    assert certainty_of(database, "33123456789") == (Certainty.PERHAPS, "perhaps phone of Erika Mustermann")


async def test_extensions_behind_a_customers_number_are_somebody_at_the_organization(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_organizations([organization(2, "Bakery")])
    await intake.take_users([user(6, phone="030/23125-0", organization_id=2), user(7, "Otto", phone="0221/4710-0")])
    assert certainty_of(database, "4930231250") == (Certainty.CERTAIN, "phone of Erika Mustermann")
    for extension in ("493023125", "4930231251", "49302312512", "493023125123", "4930231251234"):
        assert certainty_of(database, extension) == (Certainty.ORGANIZATION, "extension at Bakery")
    assert certainty_of(database, "49302312512345")[0] is Certainty.UNKNOWN
    assert certainty_of(database, "4922147101") == (Certainty.PERHAPS, "perhaps extension at Otto")


async def test_main_numbers_with_a_zero_behind_a_dash_cover_the_extensions(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_organizations([organization(2, "Bakery", main_numbers="030/23125-0")])
    await intake.take_users([user(6, phone="030/23125-12", organization_id=2)])
    assert certainty_of(database, "49302312513") == (Certainty.ORGANIZATION, "main number of Bakery")
    assert certainty_of(database, "49302312512") == (Certainty.CERTAIN, "phone of Erika Mustermann")


async def test_an_attribute_bears_the_name_that_zammad_shows(database: Database) -> None:
    reader = Reader(country="DE", attributes=("direct_line",))
    intake = Intake(database=database, reader=reader, now=lambda: 0.0)
    await intake.take_users([user(6, texts={"direct_line": "0171 2345678"})])
    assert certainty_of(database, "491712345678") == (Certainty.CERTAIN, "direct_line of Erika Mustermann")
    with database.writing() as connection:
        keep_attribute_names(connection, {"direct_line": "Direct line"}, 0.0)
    assert certainty_of(database, "491712345678") == (Certainty.CERTAIN, "Direct line of Erika Mustermann")


async def test_what_is_not_certain_blocks_nobody(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_organizations([organization(2, "Bakery", blocked=True)])
    await intake.take_users(
        [
            user(6, phone="33 1 23 45 67 89", blocked=True),
            user(7, phone="0221/4710-0", blocked=True),
            user(8, phone="43 1 5330000", organization_id=2),
        ]
    )
    with database.reading() as connection:
        assert [digits for digits, _name in blocked_people_numbers(connection)] == ["4922147100"]
        assert blocked_organization_numbers(connection) == []


async def test_known_are_customers_who_have_a_number_alone_and_agents(database: Database) -> None:
    intake = intake_of(database)
    await intake.take_agents([user(4, "Jane", phone="030 600001"), user(5, "Max", phone="030 600001, 030 600002")])
    await intake.take_organizations([organization(2, "Bakery", main_numbers="030 77777")])
    await intake.take_users(
        [
            user(6, phone="030 1000001", mobile="030 1000001"),
            user(7, phone="030 1000002"),
            user(8, phone="030 1000002"),
            user(9, phone="030 1000003", active=False),
            user(10, phone="030 1000004"),
            user(11, phone="030 1000004", active=False),
            user(12, phone="030 600002"),
            user(13, phone="33 1 23 45 67 89"),
            user(14, phone="030 1000005-0"),
        ]
    )
    with database.reading() as connection:
        known = known_numbers(connection)
    expected = {"4930600001", "49301000001", "49301000004", "493010000050"}
    assert {number for number in known.joined.split() if number in known} == expected
    assert len(known) == len(expected)


WITHOUT_PREFIX = ("49{}", "49 {}", "(49) {}", "49/{}", "0 0{}", "0-0{}", "+49 0{}", "{}", "0{}", "+49 {}", "0049 (0){}")


def _any_number(chance: random.Random) -> str:
    """National, without its 0: mobiles of any length, landlines of big and small towns, of Leer too."""
    beginning = chance.choice(("151", "1520", "160", "176", "30", "89", "211", "2332", "491", "4921", "39932"))
    length = chance.randrange(9, 12)
    return beginning + "".join(chance.choices("0123456789", k=length - len(beginning)))


@pytest.mark.parametrize("area_code", ["", "30"])
async def test_a_wrong_person_is_never_certain_whatever_the_number_lacks(sqlite_url: str, area_code: str) -> None:
    """10,000 calls from numbers that people have, and from what those could be misread for."""
    database, chance = Database(sqlite_url), random.Random(11)
    owners: dict[str, set[int]] = {}
    people = []
    for number in range(1, 1500):
        national = _any_number(chance)
        written = chance.choice(WITHOUT_PREFIX).format(national)
        if area_code and national.startswith("30") and len(national) <= 10 and chance.random() < 0.5:
            written = national.removeprefix("30")
        people.append(user(number, f"Person {number}", phone=written))
        owners.setdefault(f"49{national}", set()).add(number)
    intake = Intake(database=database, reader=Reader(country="DE", area_code=area_code), now=lambda: 0.0)
    await intake.take_users(people)
    known, certain = list(owners), 0
    with database.reading() as connection:
        for _ in range(10_000):
            digits = chance.choice(known)
            called = chance.choice((digits, f"49{digits}", digits.removeprefix("49"), f"49{_any_number(chance)}"))
            found = identify(connection, called)
            if found.certainty is Certainty.CERTAIN:
                certain += 1
                assert found.sole is not None
                assert owners.get(called) == {found.sole.person_id}, called
    database.close()
    assert certain > 1000
