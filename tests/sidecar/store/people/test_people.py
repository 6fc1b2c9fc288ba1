from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from sidecar.store.database import Database
from sidecar.store.people.organizations import (
    blocked_organization_numbers,
    delete_organizations,
    organizations_covering,
    organizations_with_unreadable_numbers,
    write_organizations,
)
from sidecar.store.people.people import (
    Change,
    Person,
    blocked_people_numbers,
    count_people,
    delete_people,
    mark_agents,
    people_ids_between,
    people_with_numbers,
    people_with_unreadable_numbers,
    repairs_due,
    write_people,
)
from sidecar.sync.records import Reader, organization_record_from, person_from
from tests.sidecar.sync.people_of_zammad import organization, user
from zammad_client.records import Organization, User


def person(record: User, *, is_agent: bool = False) -> Person:
    return person_from(record, is_agent=is_agent, reader=Reader(country="DE"))


def write(database: Database, *records: User) -> Change:
    with database.writing() as connection:
        return write_people(connection, [person(record) for record in records])


def write_companies(database: Database, *records: Organization) -> Change:
    with database.writing() as connection:
        return write_organizations(
            connection, [organization_record_from(record, Reader(country="DE")) for record in records]
        )


def names(database: Database, digits: str) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return sorted((match.name, match.field) for match in people_with_numbers(connection, [digits])[digits])


def covering(database: Database, digits: str) -> list[str]:
    with database.reading() as connection:
        return sorted(match.name for match in organizations_covering(connection, digits))


def test_a_person_is_found_by_each_number_with_its_field(database: Database) -> None:
    texts = {"cti_more_numbers": "0221/998877\n030 1234567"}
    change = write(database, user(6, phone="030/1234567", mobile="0171 2345678", texts=texts))
    assert (change.added, change.digits) == (1, frozenset({"49301234567", "491712345678", "49221998877"}))
    assert names(database, "491712345678") == [("Erika Mustermann", "mobile")]
    assert names(database, "49301234567") == [("Erika Mustermann", "cti_more_numbers"), ("Erika Mustermann", "phone")]
    assert names(database, "4930123456") == []


def test_a_second_write_of_the_same_changes_nothing(database: Database) -> None:
    write(database, user(6, phone="030 1"), user(7))
    assert not write(database, user(6, phone="030 1"), user(7))


def test_a_changed_number_is_told_with_the_one_it_replaces(database: Database) -> None:
    write(database, user(6, phone="030 1234567", mobile="0171 2345678"))
    change = write(database, user(6, phone="030 7654321", mobile="0171 2345678"))
    assert (change.changed, change.digits) == (1, frozenset({"49301234567", "49307654321"}))
    assert names(database, "49301234567") == []


def test_a_new_name_is_told_for_all_numbers(database: Database) -> None:
    write(database, user(6, phone="030 1234567", mobile="0171 2345678"))
    change = write(database, user(6, "Erika Musterfrau", phone="030 1234567", mobile="0171 2345678"))
    assert change.digits == {"49301234567", "491712345678"}


def test_a_record_older_than_the_kept_one_is_left_out(database: Database) -> None:
    write(database, user(6, phone="030 7654321", changed_at=2000.0))
    assert not write(database, user(6, phone="030 1234567", changed_at=1000.0))
    assert names(database, "49307654321") != []


def test_a_newer_record_gives_way_only_as_long_as_it_is_the_one_that_was_meant(database: Database) -> None:
    older = person(user(6, phone="030 1234567", changed_at=1000.0))
    write(database, user(6, phone="030 7654321", changed_at=2000.0))
    with database.writing() as connection:
        assert not write_people(connection, [older], {6: 1999.0, 7: 2000.0})
        assert write_people(connection, [older], {6: 2000.0}).digits == {"49301234567", "49307654321"}


def test_a_newer_organization_gives_way_as_people_do(database: Database) -> None:
    older = organization_record_from(
        organization(2, "Bäckerei", main_numbers="030/998*", changed_at=1000.0), Reader(country="DE")
    )
    write_companies(database, organization(2, "Bäckerei", main_numbers="030/997*", changed_at=2000.0))
    with database.writing() as connection:
        assert not write_organizations(connection, [older], {2: 1999.0})
        assert write_organizations(connection, [older], {2: 2000.0}).changed == 1
    assert covering(database, "493099811") == ["Bäckerei"]


def test_deleted_people_leave_no_numbers(database: Database) -> None:
    write(database, user(6, phone="030 1234567"), user(7))
    with database.writing() as connection:
        change = delete_people(connection, [6])
    assert (change.removed, change.digits) == (1, frozenset({"49301234567"}))
    assert names(database, "49301234567") == []
    with database.reading() as connection:
        assert count_people(connection) == 1
        assert people_ids_between(connection, 5, None) == [7]
        assert people_ids_between(connection, 5, 6) == []


def test_exactly_the_named_people_are_agents(database: Database) -> None:
    write(database, user(4, phone="030 600001"), user(5), user(6))
    with database.writing() as connection:
        assert mark_agents(connection, [4, 5]).digits == {"4930600001"}
        assert not mark_agents(connection, [4, 5])
        assert mark_agents(connection, [5]).changed == 1
    with database.reading() as connection:
        assert [match.is_agent for match in people_with_numbers(connection, ["4930600001"])["4930600001"]] == [False]


@pytest.mark.parametrize(
    ("digits", "companies"),
    [
        ("493099812", ["Bäckerei Müller"]),
        ("4930998", ["Bäckerei Müller"]),
        ("4930997", []),
        ("4989100", ["Brauerei"]),
        ("49891001", []),
        ("49892005", ["Brauerei"]),
        ("498920055", []),
    ],
)
def test_an_organization_covers_what_its_main_numbers_say(
    database: Database, digits: str, companies: Sequence[str]
) -> None:
    write_companies(
        database,
        organization(2, "Bäckerei Müller", main_numbers="+49 30 998*"),
        organization(3, "Brauerei", main_numbers="089/100, 089/200?; nonsense*"),
        organization(4, "Closed", main_numbers="+49 30 998*", active=False),
    )
    assert covering(database, digits) == companies
    with database.reading() as connection:
        assert organizations_with_unreadable_numbers(connection) == [("Brauerei", ("nonsense*",))]


def test_changed_main_numbers_replace_the_former_ones(database: Database) -> None:
    write_companies(database, organization(2, "Bäckerei", main_numbers="030/998*"))
    change = write_companies(database, organization(2, "Bäckerei", main_numbers="030/9970"))
    assert (change.changed, change.digits) == (1, frozenset({"49309970"}))
    assert covering(database, "493099812") == []
    with database.writing() as connection:
        assert delete_organizations(connection, [2]).digits == {"49309970"}
    assert covering(database, "49309970") == []


def test_blocked_organizations_block_their_main_numbers_and_their_members(database: Database) -> None:
    write_companies(database, organization(2, "Spam", main_numbers="030/998*", blocked=True), organization(3, "Good"))
    write(
        database,
        user(6, "A B", phone="030 1234567", organization_id=2),
        user(7, "C D", phone="030 7654321", organization_id=3),
        user(8, "E F", phone="030 1111111", blocked=True),
    )
    with database.reading() as connection:
        assert blocked_organization_numbers(connection) == [("49301234567", "Spam"), ("4930998*", "Spam")]
        assert blocked_people_numbers(connection) == [("49301111111", "E F")]


def test_repairs_are_due_for_active_customers_alone(database: Database) -> None:
    records = [user(number, phone="030/1234567") for number in range(4, 9)]
    people = [person(records[0], is_agent=True), *(person(record) for record in records[1:])]
    people[2] = replace(people[2], active=False)
    people[3] = replace(people[3], cti_numbers="+49301234567")
    with database.writing() as connection:
        write_people(connection, people)
        due = repairs_due(connection, 0, 10, now=0.0)
        assert [(repair.person_id, repair.wanted) for repair in due] == [(5, "+49301234567"), (8, "+49301234567")]
        assert repairs_due(connection, 5, 10, now=0.0) == due[1:]


def test_unreadable_numbers_are_listed_with_their_person(database: Database) -> None:
    write(database, user(6, phone="siehe 12", mobile="0171 2345678, 2022-01-15"), user(7, phone="030 1234567"))
    with database.reading() as connection:
        (unreadable,) = people_with_unreadable_numbers(connection)
    assert (unreadable.person_id, unreadable.texts) == (6, ("12", "2022-01-15"))


def test_text_that_a_database_refuses_is_kept_without_it(database: Database) -> None:
    write(database, user(6, "Eri\0ka Mustermann", phone="030 1234567"))
    assert names(database, "49301234567") == [("Erika Mustermann", "phone")]
