"""Who may do what with an entry of the missed calls, and what happens when several try."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed import acts, entries
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import MissedCall
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, add_calls, missed, talked

EVERYBODY = Viewer(user_id=1)
JANE_DOE, MAX_ROE = Actor(id=JANE, name="Jane Doe"), Actor(id=MAX, name="Max Roe")


def open_ones(connection: Connection, viewer: Viewer = EVERYBODY) -> list[MissedCall]:
    return entries.open_missed(connection, viewer)


def closed_ones(connection: Connection) -> list[MissedCall]:
    return entries.closed_missed(connection, EVERYBODY)


def test_exactly_one_of_many_who_take_an_entry_gets_it(database: Database, other_database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)

    def try_to_take(agent: int) -> bool:
        with (database, other_database)[agent % 2].writing() as connection:
            return acts.take(connection, entry.id, Actor(id=agent, name=f"Agent {agent}"), now=NOON + agent)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_take, range(1, 17))) == 1


def test_an_owner_can_give_it_back_and_nobody_else(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        assert acts.take(connection, entry.id, JANE_DOE, now=NOON)
        assert not acts.release(connection, entry.id, MAX_ROE, now=NOON)
        assert acts.release(connection, entry.id, JANE_DOE, now=NOON)
        assert acts.take(connection, entry.id, MAX_ROE, now=NOON)


def test_exactly_one_of_many_takes_an_entry_over(database: Database, other_database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        acts.take(connection, entry.id, JANE_DOE, now=NOON)

    def try_to_take_over(agent: int) -> bool:
        with (database, other_database)[agent % 2].writing() as connection:
            actor = Actor(id=100 + agent, name=f"Agent {agent}")
            return acts.take_over(connection, entry.id, actor, JANE, now=NOON + agent)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to_take_over, range(1, 17))) == 1


def test_nobody_closes_an_entry_that_has_grown_meanwhile(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        add_calls(connection, missed(started_at=NOON + 60))
        assert not acts.close(connection, entry.id, JANE_DOE, version=entry.version, now=NOON + 90)
        (entry,) = open_ones(connection)
        assert acts.close(connection, entry.id, JANE_DOE, version=entry.version, now=NOON + 90)
        assert [entry.closed_because for entry in closed_ones(connection)] == ["done"]


def test_nobody_closes_what_a_colleague_has_taken(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        acts.take(connection, entry.id, JANE_DOE, now=NOON)
        (entry,) = open_ones(connection)
        assert not acts.close(connection, entry.id, MAX_ROE, version=entry.version, now=NOON)


def test_undo_is_for_what_was_done_by_hand_while_no_newer_one_is_open(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), missed(number="4930555"))
        newest, first = open_ones(connection)
        for entry in (newest, first):
            assert acts.close(connection, entry.id, JANE_DOE, version=entry.version, now=NOON)
        add_calls(connection, missed(number=newest.number, started_at=NOON + 60))
        assert not acts.reopen(connection, newest.id, now=NOON + 70)
        assert acts.reopen(connection, first.id, now=NOON + 70)
        assert not acts.reopen(connection, first.id, now=NOON + 70)
        add_calls(connection, talked(number=first.number, started_at=NOON + 200))
        assert not acts.reopen(connection, first.id, now=NOON + 300), "after a talk"


def test_who_may_assign_what(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        (entry,) = open_ones(connection)
        assert acts.assign(connection, entry.id, JANE_DOE, MAX_ROE, now=NOON)
        assert not acts.assign(connection, entry.id, JANE_DOE, JANE_DOE, now=NOON), "it is a colleague's now"
        assert acts.assign(connection, entry.id, MAX_ROE, JANE_DOE, now=NOON)
        assert [each.owner for each in open_ones(connection)] == ["Jane Doe"]
