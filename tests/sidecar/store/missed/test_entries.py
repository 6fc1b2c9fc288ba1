"""The missed calls: what opens, extends and closes an entry, and who may do what with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from sidecar.store.calls.tables import conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed import entries
from sidecar.store.missed.entries import Actor, MissedCall
from sidecar.store.pages.changed_calls import note_calls
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, Seed, add_calls, change_call, missed, talked

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
        add_calls(connection, talked(direction=direction, started_at=NOON + 600), now=NOON + 608)
        assert open_ones(connection) == []
        (entry,) = closed_ones(connection)
    assert (entry.closed_by, entry.closed_by_id, entry.closed_because) == ("Jane Doe", JANE, because)
    assert entry.closed_at == NOON + 608


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


def test_saving_the_same_calls_again_changes_nothing(database: Database) -> None:
    with database.writing() as connection:
        ids = add_calls(connection, missed(), missed(started_at=NOON + 60), talked(started_at=NOON + 600), missed(
            number="4930555"))  # fmt: skip
        before = (open_ones(connection), closed_ones(connection))
        note_calls(connection, ids, now=NOON + 900)
        note_calls(connection, ids[::-1], now=NOON + 900)
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
        note_calls(connection, [elder], now=NOON + 60, gone=[younger])
        assert [entry.calls for entry in open_ones(connection)] == [1]


def test_exactly_one_of_many_who_take_an_entry_gets_it(database: Database, other_database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)

    def try_to_take(agent: int) -> bool:
        with (database, other_database)[agent % 2].writing() as connection:
            return entries.take(connection, entry.id, Actor(id=agent, name=f"Agent {agent}"), now=NOON + agent)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_take, range(1, 17))) == 1


def test_an_owner_can_give_it_back_and_nobody_else(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        assert entries.take(connection, entry.id, JANE_DOE, now=NOON)
        assert not entries.release(connection, entry.id, MAX_ROE, now=NOON)
        assert entries.release(connection, entry.id, JANE_DOE, now=NOON)
        assert entries.take(connection, entry.id, MAX_ROE, now=NOON)


def test_exactly_one_of_many_takes_an_entry_over(database: Database, other_database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        entries.take(connection, entry.id, JANE_DOE, now=NOON)

    def try_to_take_over(agent: int) -> bool:
        with (database, other_database)[agent % 2].writing() as connection:
            actor = Actor(id=100 + agent, name=f"Agent {agent}")
            return entries.take_over(connection, entry.id, actor, JANE, now=NOON + agent)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_take_over, range(1, 17))) == 1


def test_the_open_entries_go_on_to_their_end(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, *(missed(number=f"4930{n:04}", started_at=NOON + n // 4 / 3) for n in range(30)))
        seen: list[MissedCall] = []
        while some := entries.open_missed(
            connection, EVERYBODY, before=(seen[-1].last_at, seen[-1].id) if seen else None, limit=7
        ):
            seen += some
        assert seen == open_ones(connection)
        assert [entry.id for entry in seen] == list(range(30, 0, -1))


def test_nobody_closes_an_entry_that_has_grown_meanwhile(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        add_calls(connection, missed(started_at=NOON + 60))
        assert not entries.close(connection, entry.id, JANE_DOE, version=entry.version, now=NOON + 90)
        (entry,) = open_ones(connection)
        assert entries.close(connection, entry.id, JANE_DOE, version=entry.version, now=NOON + 90)
        assert [entry.closed_because for entry in closed_ones(connection)] == ["done"]


def test_nobody_closes_what_a_colleague_has_taken(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        entries.take(connection, entry.id, JANE_DOE, now=NOON)
        (entry,) = open_ones(connection)
        assert not entries.close(connection, entry.id, MAX_ROE, version=entry.version, now=NOON)


def test_a_note_is_not_written_over_one_that_the_writer_has_not_seen(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        assert entries.write_note(connection, entry.id, "called back", version=entry.version, now=NOON)
        assert not entries.write_note(connection, entry.id, "nobody there", version=entry.version, now=NOON)
        assert open_ones(connection)[0].note == "called back"


def test_a_restricted_agent_sees_only_entries_with_an_own_call(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(agents=[JANE]), missed(number="4930555", agents=[MAX]))
        jane = Viewer(user_id=JANE, only_own=True)
        (entry,) = open_ones(connection, jane)
        assert entry.number == "491713920010"
        assert entries.count_open(connection, jane) == 1
        other = next(entry for entry in open_ones(connection) if entry.number == "4930555")
        assert entries.find_missed(connection, [entry.id, other.id], jane) == {entry.id: entry}
