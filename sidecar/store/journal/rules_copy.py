"""What hooks are decided from, as last used, in the local journal: for a start without the database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sidecar.errors import StoreError
from sidecar.store.journal.local import LocalJournal, transaction
from sidecar.store.replicas.snapshots import Snapshot

_ALL = "SELECT name, value, saved_at FROM rules_copy"
PATIENCE = 1.0  # seconds for another process to let go of the file


class RulesCopy:
    """Snapshots by name, all of them together. Blocks for as long as the disk takes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, snapshots: Mapping[str, Snapshot]) -> None:
        """In place of what is there. Raises: StoreError."""
        rows = [(name, json.dumps(each.value), each.saved_at) for name, each in sorted(snapshots.items())]
        with (
            closing(LocalJournal(self._path, patience=PATIENCE)) as journal,
            journal.opened() as connection,
            transaction(connection),
        ):
            connection.execute("DELETE FROM rules_copy")
            connection.executemany("INSERT INTO rules_copy (name, value, saved_at) VALUES (?, ?, ?)", rows)

    def load(self) -> dict[str, Snapshot]:
        """Empty where there is none. Raises: StoreError."""
        if not self._path.exists():
            return {}
        try:
            with closing(LocalJournal(self._path, patience=PATIENCE)) as journal, journal.opened() as connection:
                rows = connection.execute(_ALL).fetchall()
        except StoreError as error:
            rows = self._rows_on_a_disk_that_can_only_be_read(error)
        return {name: Snapshot(value=json.loads(value), version=0, saved_at=saved_at) for name, value, saved_at in rows}

    def _rows_on_a_disk_that_can_only_be_read(self, error: StoreError) -> list[Any]:
        """SQLite wants to write beside a file even to read it, unless it is told that nobody changes it."""
        url = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(url, uri=True)) as connection:
                return connection.execute(_ALL).fetchall()
        except sqlite3.Error:
            raise error from None

    def forget(self) -> None:
        """Raises: StoreError."""
        if self._path.exists():
            self.save({})
