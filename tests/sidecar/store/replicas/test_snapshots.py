"""What was last read from Zammad."""

from __future__ import annotations

from typing import Any

import pytest

from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import (
    NOTE,
    Snapshot,
    load_snapshot,
    save_snapshot,
    snapshot_times,
    snapshot_versions,
)


def save(database: Database, value: Any, now: float) -> bool:
    with database.writing() as connection:
        return save_snapshot(connection, "settings", value, now)


def load(database: Database) -> Snapshot | None:
    with database.reading() as connection:
        return load_snapshot(connection, "settings")


def test_nothing_was_saved_yet(database: Database) -> None:
    assert load(database) is None


@pytest.mark.parametrize("value", [{"on": True, "list": [1, "ü", None]}, [], None, "text", 1.5])
def test_a_value_comes_back_as_it_was(database: Database, value: Any) -> None:
    assert save(database, value, 100.0)
    assert load(database) == Snapshot(value=value, version=1, saved_at=100.0)


def test_only_a_changed_value_is_a_new_version(database: Database) -> None:
    assert save(database, {"a": (1, 2)}, 100.0)
    assert not save(database, {"a": [1, 2]}, 110.0)
    assert load(database) == Snapshot(value={"a": [1, 2]}, version=1, saved_at=110.0)
    assert save(database, {"a": [2]}, 120.0)
    assert load(database) == Snapshot(value={"a": [2]}, version=2, saved_at=120.0)


def test_versions_of_all_are_read_at_once(database: Database) -> None:
    save(database, 1, 100.0)
    save(database, 2, 100.0)
    with database.writing() as connection:
        save_snapshot(connection, "agents", [], 100.0)
        assert snapshot_versions(connection) == {"settings": 2, "agents": 1}


def test_a_note_has_no_age_that_anybody_would_look_at(database: Database) -> None:
    save(database, 1, 100.0)
    with database.writing() as connection:
        save_snapshot(connection, f"{NOTE}how it was read", "DE/1", 100.0)
        assert snapshot_times(connection) == {"settings": 100.0}
