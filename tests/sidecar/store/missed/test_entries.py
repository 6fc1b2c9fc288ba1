"""The missed calls as people see them."""

from __future__ import annotations

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed import entries
from sidecar.store.missed.acts import Actor
from sidecar.store.missed.entries import MissedCall
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, add_calls, missed

EVERYBODY = Viewer(user_id=1)
JANE_DOE, MAX_ROE = Actor(id=JANE, name="Jane Doe"), Actor(id=MAX, name="Max Roe")


def open_ones(connection: Connection, viewer: Viewer = EVERYBODY) -> list[MissedCall]:
    return entries.open_missed(connection, viewer)


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


def test_a_restricted_agent_sees_only_entries_with_an_own_call(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(agents=[JANE]), missed(number="4930555", agents=[MAX]))
        jane = Viewer(user_id=JANE, only_own=True)
        (entry,) = open_ones(connection, jane)
        assert entry.number == "491713920010"
        assert entries.count_open(connection, jane) == 1
        other = next(entry for entry in open_ones(connection) if entry.number == "4930555")
        assert entries.find_missed(connection, [entry.id, other.id], jane) == {entry.id: entry}
