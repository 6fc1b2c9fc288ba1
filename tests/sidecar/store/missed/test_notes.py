"""Notes about missed calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import open_missed
from sidecar.store.missed.notes import add_note, delete_note
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, add_calls, missed

JANE_DOE, MAX_ROE = Actor(id=JANE, name="Jane Doe"), Actor(id=MAX, name="Max Roe")


def test_notes_written_at_once_all_stand(database: Database, other_database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())

    def write(number: int) -> bool:
        with (database, other_database)[number % 2].writing() as connection:
            return add_note(connection, 1, JANE_DOE, f"note {number}", now=NOON + number)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write, range(12)))
    with database.reading() as connection:
        (entry,) = open_missed(connection, Viewer(user_id=1))
    assert {note.text for note in entry.notes} == {f"note {number}" for number in range(12)}
    assert entry.version == 13


def test_only_own_notes_are_deleted(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), missed(number="4930555"))
        add_note(connection, 1, JANE_DOE, "calls back", now=NOON)
        assert not delete_note(connection, 1, MAX_ROE, 1, now=NOON)
        assert not delete_note(connection, 2, JANE_DOE, 1, now=NOON), "of another entry"
        assert delete_note(connection, 1, JANE_DOE, 1, now=NOON)
        assert not delete_note(connection, 1, JANE_DOE, 1, now=NOON)
