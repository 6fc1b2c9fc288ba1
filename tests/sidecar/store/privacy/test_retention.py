"""Raw hooks are forgotten after days, calls after months, and nothing that is still needed before."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import func, select, update

from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database
from sidecar.store.journal.keeping import hook_store
from sidecar.store.metadata import metadata
from sidecar.store.privacy.retention import DAY, PORTION, Forgotten, forget_old
from tests.sidecar.store.privacy.seeding import ERIKA, NOW, ended_call, fold, ring, seed


def forget(database: Database, *, later: float) -> Forgotten:
    with closing(hook_store(database)) as store, database.writing() as connection:
        return forget_old(connection, store, now=NOW + later * DAY, hooks_days=7, calls_days=180)


def rows_of(database: Database, name: str) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()


def test_nothing_is_forgotten_before_its_time(database: Database) -> None:
    seed(database)
    assert forget(database, later=6.9) == Forgotten()


def test_raw_hooks_go_first_and_their_calls_stay(database: Database) -> None:
    seed(database)
    assert forget(database, later=7.1) == Forgotten(hooks=20)
    assert rows_of(database, "conversations") == 10


def test_calls_go_with_everything_that_belongs_to_them(database: Database) -> None:
    seed(database)
    forgotten = forget(database, later=180.1)
    assert (forgotten.calls, forgotten.missed) == (10, 2)
    for table in ("hooks", "conversations", "call_keys", "call_words", "outbox", "missed_calls", "missed_parts"):
        assert rows_of(database, table) == 0, table
    assert rows_of(database, "people") == 2, "the directory follows Zammad, not the calendar"


def test_hooks_of_a_call_that_goes_on_stay(database: Database) -> None:
    ring(database, "c-1", ERIKA, events="newCall answer")
    fold(database)
    assert forget(database, later=8) == Forgotten()
    with database.writing() as connection:
        connection.execute(update(conversations).values(ended_at=NOW + 60, wake_at=None))
    assert forget(database, later=8).hooks == 2


def test_hooks_nobody_has_looked_at_stay(database: Database) -> None:
    ring(database, "c-1", ERIKA)
    assert forget(database, later=30) == Forgotten()


def test_an_old_hook_behind_newer_ones_goes_when_those_are_old_too(database: Database) -> None:
    """Only a replay is such a hook; a large journal is not looked through for its sake."""
    for at in (NOW + 5 * DAY, NOW):
        ring(database, f"c-{at}", ERIKA, at=at, readable=False)
    assert forget(database, later=8) == Forgotten()
    assert forget(database, later=13).hooks == 4


def test_unreadable_hooks_go(database: Database) -> None:
    ring(database, "c-1", ERIKA, readable=False)
    assert forget(database, later=8).hooks == 2


def test_a_call_without_an_end_stays(database: Database) -> None:
    with database.writing() as connection:
        ended_call(connection, at=NOW, ended=False)
    assert forget(database, later=400).calls == 0


def test_much_is_forgotten_in_portions(database: Database) -> None:
    with database.writing() as connection:
        for _ in range(PORTION + 1):
            ended_call(connection, at=NOW)
    first, second = forget(database, later=200), forget(database, later=200)
    assert (first.calls, first.more, second.calls, second.more) == (PORTION, True, 1, False)


def test_a_hook_of_a_forgotten_call_does_not_bring_it_back(database: Database) -> None:
    seed(database, calls=1)
    forget(database, later=7.1)
    ring(database, "erika-0", ERIKA, at=NOW + 8 * DAY, events="hangup")
    fold(database, now=NOW + 8 * DAY)
    assert rows_of(database, "conversations") == 2
