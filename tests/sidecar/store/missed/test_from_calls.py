"""What calls do to the entries of the missed calls, in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sidecar.store.calls.tables import conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed import entries
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import MissedCall
from sidecar.store.missed.from_calls import count_anew
from sidecar.store.missed.tables import missed_parts
from sidecar.store.pages.changed_calls import note_changed_calls
from tests.sidecar.store.calls.saved_calls import JANE, LINE, MAX, NOON, Seed, add_calls, change_call, missed, talked

EVERYBODY = Viewer(user_id=1)
JANE_DOE, MAX_ROE = Actor(id=JANE, name="Jane Doe"), Actor(id=MAX, name="Max Roe")


def open_ones(connection: Connection, viewer: Viewer = EVERYBODY) -> list[MissedCall]:
    return entries.open_missed(connection, viewer)


def closed_ones(connection: Connection) -> list[MissedCall]:
    return entries.closed_missed(connection, EVERYBODY)


def test_calls_of_one_number_fold_into_one_entry(database: Database) -> None:
    with database.writing() as connection:
        _, last = add_calls(connection, missed(), missed(started_at=NOON + 300, line="49309"))
        (entry,) = open_ones(connection)
    assert (entry.calls, entry.first_at, entry.last_at) == (2, NOON + 20, NOON + 320)
    assert (entry.last_call_id, entry.line) == (last, "49309")


def test_withheld_numbers_are_entries_of_their_own(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(number=None), missed(number=None))
        assert len(open_ones(connection)) == 2


@pytest.mark.parametrize(
    "seed",
    [
        missed(test=True),
        Seed(state="blocked"),
        Seed(state="not reached", direction="out"),
        Seed(state="unknown", lasting=None),
        talked(),
    ],
)
def test_only_missed_calls_from_outside_make_entries(database: Database, seed: Seed) -> None:
    with database.writing() as connection:
        add_calls(connection, seed)
        assert open_ones(connection) == []


@pytest.mark.parametrize(("direction", "because"), [("in", "talked in"), ("out", "talked out")])
def test_an_entry_closes_itself_when_anyone_talks_to_the_number_and_says_who(
    database: Database, direction: str, because: str
) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        add_calls(connection, talked(direction=direction, started_at=NOON + 600), now=NOON + 618)
        assert open_ones(connection) == []
        (entry,) = closed_ones(connection)
    assert (entry.closed_by, entry.closed_by_id, entry.closed_because) == ("Jane Doe", JANE, because)
    assert entry.closed_at == NOON + 618


def test_a_talk_that_was_already_going_on_closes_nothing(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, talked(started_at=NOON - 60, lasting=600), missed())
        assert len(open_ones(connection)) == 1


def test_a_talk_heard_of_before_the_missed_call_still_closes_it(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, talked(started_at=NOON + 600))
        add_calls(connection, missed())
        assert open_ones(connection) == []
        assert [entry.closed_by for entry in closed_ones(connection)] == ["Jane Doe"]


def test_a_test_call_closes_nothing(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), talked(started_at=NOON + 600, test=True))
        assert len(open_ones(connection)) == 1


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_talk_whose_end_is_never_heard_of_closes_for_good_once_it_was_long_enough(
    database: Database, direction: str
) -> None:
    going_on = talked(state="answered", direction=direction, started_at=NOON + 600)
    lost = talked(state="unknown", direction=direction, started_at=NOON + 600, extra={"counts_at": None})
    with database.writing() as connection:
        _, talk = add_calls(connection, missed(), going_on, now=NOON + 620)
        before = closed_ones(connection)
        assert len(before) == 1
        change_call(connection, talk, lost, now=NOON + 15_000)
        assert (open_ones(connection), len(closed_ones(connection))) == ([], 1)
        add_calls(connection, missed(started_at=NOON + 20_000))
        assert [entry.calls for entry in open_ones(connection)] == [1]


def test_saving_the_same_calls_again_changes_nothing(database: Database) -> None:
    with database.writing() as connection:
        ids = add_calls(connection, missed(), missed(started_at=NOON + 60), talked(started_at=NOON + 600), missed(
            number="4930555"))  # fmt: skip
        before = (open_ones(connection), closed_ones(connection))
        note_changed_calls(connection, ids, now=NOON + 900)
        note_changed_calls(connection, ids[::-1], now=NOON + 900)
        assert (open_ones(connection), closed_ones(connection)) == before


def test_a_call_missed_after_the_entry_was_closed_opens_another(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), talked(started_at=NOON + 600), missed(started_at=NOON + 900))
        assert [entry.calls for entry in open_ones(connection)] == [1]
        assert [entry.calls for entry in closed_ones(connection)] == [1]


def test_a_late_answer_takes_the_call_out_of_the_list(database: Database) -> None:
    with database.writing() as connection:
        call, _ = add_calls(connection, missed(), missed(number="4930555"))
        change_call(connection, call, talked(answered=5.0))
        assert [entry.number for entry in open_ones(connection)] == ["4930555"]
        assert closed_ones(connection) == []


def test_a_call_that_proves_to_be_part_of_another_is_not_counted_twice(database: Database) -> None:
    with database.writing() as connection:
        elder, younger = add_calls(connection, missed(), missed(started_at=NOON + 30))
        connection.execute(conversations.delete().where(conversations.c.id == younger))
        note_changed_calls(connection, [elder], now=NOON + 60, gone=[younger])
        assert [entry.calls for entry in open_ones(connection)] == [1]


def test_entries_are_counted_anew_when_calls_of_theirs_are_deleted(database: Database) -> None:
    with database.writing() as connection:
        seeds = (missed(), missed(started_at=NOON + 60, line="49309"), missed(number="4930555"))
        last, only = add_calls(connection, *seeds)[1:]
        ids = [entry.id for entry in open_ones(connection)]
        connection.execute(conversations.delete().where(conversations.c.id.in_([last, only])))
        count_anew(connection, ids, now=NOON + 90)
        assert [(entry.calls, entry.last_at, entry.line) for entry in open_ones(connection)] == [(1, NOON + 20, LINE)]


def test_the_entries_of_many_calls_are_written_at_once_each_with_its_own(database: Database) -> None:
    numbers = [f"4930{n:04}" for n in range(60)]
    with database.writing() as connection:
        first = add_calls(connection, *(missed(number=number) for number in numbers))
        add_calls(
            connection,
            *(missed(number=number, started_at=NOON + 60) for number in numbers[20:]),
            *(talked(number=number, started_at=NOON + 300) for number in numbers[40:]),
        )
        waiting, closed = open_ones(connection), closed_ones(connection)
        parts = connection.execute(select(missed_parts)).all()
    assert {entry.number: entry.calls for entry in waiting} == {
        number: 1 + (place >= 20) for place, number in enumerate(numbers[:40])
    }
    assert {entry.number for entry in closed} == set(numbers[40:])
    places = {row.conversation_id: row.missed_id for row in parts}
    found = {entry.id: entry.number for entry in (*waiting, *closed)}
    assert [found[places[call]] for call in first] == numbers


CUSTOMER, OTHER = 7, 8
SECOND = "4930555"


@pytest.mark.parametrize(
    ("talk", "closes"),
    [
        (talked(number=SECOND, person_id=CUSTOMER, started_at=NOON + 600), True),
        (talked(number=SECOND, person_id=CUSTOMER, started_at=NOON + 600, direction="out"), True),
        (talked(number=SECOND, person_id=OTHER, started_at=NOON + 600), False),
        (talked(number=SECOND, started_at=NOON + 600), False),
        (talked(number=SECOND, person_id=CUSTOMER, started_at=NOON + 600, lasting=9.0), False),
        (talked(number=SECOND, person_id=CUSTOMER, started_at=NOON + 5, lasting=600), False),
        (talked(number=SECOND, person_id=CUSTOMER, started_at=NOON + 600, extra={"talked_with": None}), False),
        (talked(started_at=NOON + 600, lasting=9.0), False),
        (talked(started_at=NOON + 600, lasting=10.0), True),
    ],
)
@pytest.mark.parametrize("talk_first", [False, True])
def test_a_talk_long_enough_closes_whatever_number_of_the_customer_it_was_on(
    database: Database, talk: Seed, *, closes: bool, talk_first: bool
) -> None:
    call = missed(person_id=CUSTOMER)
    with database.writing() as connection:
        add_calls(connection, *((talk, call) if talk_first else (call,)))
        add_calls(connection, *(() if talk_first else (talk,)))
        assert (open_ones(connection) == []) is closes


def test_whose_number_it_was_is_found_out_too_late_for_a_talk_to_close_anything(database: Database) -> None:
    call, talk = missed(), talked(number=SECOND, person_id=CUSTOMER, started_at=NOON + 600)
    with database.writing() as connection:
        number, _ = add_calls(connection, call, talk)
        change_call(connection, number, missed(person_id=CUSTOMER))
        assert len(open_ones(connection)) == 1
        note_changed_calls(connection, [number], now=NOON + 900)
        assert len(open_ones(connection)) == 1


@pytest.mark.parametrize(("short", "entries"), [(True, 0), (False, 1), (None, 1)])
def test_a_short_ring_is_no_missed_call(database: Database, *, short: bool | None, entries: int) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(extra={"short_ring": short}))
        assert len(open_ones(connection)) == entries
