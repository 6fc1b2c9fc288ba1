"""Zammad's records as the directory keeps them: numbers of every field, how certain they are, and names.

Shown by zammad/zammad 5117 (customers with nothing but a number), 3560 (numbers in other attributes).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from sidecar.calls.identification import Holding
from sidecar.store.people.people import Person
from sidecar.sync.records import Reader, display_name, person_from
from tests.sidecar.sync.people_of_zammad import user
from zammad_client.records import User

GERMAN = Reader(country="DE")
IN_BERLIN = Reader(country="DE", area_code="30")


def read(record: User, reader: Reader = GERMAN) -> Person:
    return person_from(record, is_agent=False, reader=reader)


def held(person: Person) -> set[tuple[str, str, str]]:
    return {(number.digits, number.field, str(number.holding)) for number in person.numbers}


def test_a_number_that_is_certain_is_full_and_wanted_in_zammad() -> None:
    person = read(user(6, phone="4915201234567", mobile="0171/2345678"))
    assert held(person) == {("4915201234567", "phone", "full"), ("491712345678", "mobile", "full")}
    assert person.cti_numbers_wanted == "+491712345678"


def test_doubtful_readings_are_kept_apart_and_never_written() -> None:
    person = read(user(6, phone="33 1 23 45 67 89"))
    assert held(person) == {("4933123456789", "phone", "perhaps"), ("33123456789", "phone", "perhaps")}
    assert person.cti_numbers_wanted == ""
    assert person.unreadable is None


def test_a_number_without_an_area_code_is_doubtful_until_the_area_is_known() -> None:
    record = user(6, phone="231/25011")
    assert held(read(record)) == {("4923125011", "phone", "perhaps")}
    assert held(read(record, IN_BERLIN)) == {("493023125011", "phone", "full")}
    assert read(record, IN_BERLIN).cti_numbers_wanted == "+493023125011"


def test_a_zero_behind_a_dash_is_the_person_s_and_a_block_of_extensions() -> None:
    person = read(user(6, phone="030/23125-0"))
    assert held(person) == {("4930231250", "phone", "full"), ("493023125", "phone", "block")}
    assert person.cti_numbers_wanted == "+4930231250"


def test_a_number_that_is_certain_in_one_piece_is_so_in_another() -> None:
    person = read(user(6, phone="33 1 23 45 67 89, +33 1 23 45 67 89"))
    assert ("33123456789", "phone", "full") in held(person)
    assert ("33123456789", "phone", "perhaps") not in held(person)


def test_further_attributes_hold_numbers_and_are_repaired() -> None:
    record = user(6, texts={"fax": "030/1234567", "direct_line": "0171/2345678", "note": "0221/998877"})
    assert held(read(record)) == set()
    person = read(record, replace(GERMAN, attributes=("fax", "direct_line", "phone")))
    assert held(person) == {("49301234567", "fax", "full"), ("491712345678", "direct_line", "full")}
    assert person.cti_numbers_wanted == "+49301234567, +491712345678"


@pytest.mark.parametrize(
    ("note", "counts"), [("call 0221/998877", True), ("", False), ("customer since 2022", False), ("23125011", False)]
)
def test_numbers_in_the_note_are_nobody_s_but_counted(note: str, *, counts: bool) -> None:
    person = read(user(6, texts={"note": note}))
    assert (person.numbers_in_note, held(person)) == (counts, set())


def test_a_note_that_is_among_the_attributes_is_read_like_the_others() -> None:
    person = read(user(6, texts={"note": "0221/998877"}), replace(GERMAN, attributes=("note",)))
    assert (person.numbers_in_note, held(person)) == (False, {("49221998877", "note", "full")})


def test_whatever_is_read_otherwise_has_another_mark_that_fits_its_column() -> None:
    readers = (
        GERMAN,
        Reader(country="AT"),
        IN_BERLIN,
        replace(IN_BERLIN, area_code="89"),
        replace(GERMAN, attributes=("fax",)),
        replace(GERMAN, attributes=("fax", "direct_line")),
    )
    marks = {reader.read_as for reader in readers}
    assert len(marks) == len(readers)
    assert max(map(len, marks)) <= 16


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"firstname": "", "lastname": "", "email": "", "login": "auto-1687430512-12345"}, ""),
        ({"firstname": "", "lastname": "", "email": "", "login": "auto-550e8400-e29b-41d4-a716-446655440000"}, ""),
        ({"firstname": "", "lastname": "", "email": "", "login": "erika"}, "erika"),
        ({"firstname": "", "lastname": "", "email": "", "login": "automat"}, "automat"),
        ({"firstname": "", "lastname": "", "email": "e@example.com", "login": "auto-12ab"}, "e@example.com"),
        ({"firstname": "Erika", "lastname": "", "email": "", "login": "auto-12ab"}, "Erika"),
    ],
)
def test_a_customer_with_nothing_but_a_number_has_no_name(changes: dict[str, str], name: str) -> None:
    record = replace(user(6), **changes)  # type: ignore[arg-type]  # all of them are texts
    assert display_name(record) == name
    assert read(record).name == name


def test_holdings_fit_their_column() -> None:
    assert max(map(len, Holding)) <= 8
