"""What tests of the journal share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import text

from sidecar.store.database import Database
from sidecar.store.journal.hooks import recent_hooks


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another process keeps what hooks are written to to itself."""
    if database.files:
        with closing(sqlite3.connect(database.files.journal, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")
        return
    with database.writing() as connection:
        connection.execute(text("LOCK TABLE hooks IN ACCESS EXCLUSIVE MODE"))
        yield


def stored(database: Database) -> list[str | None]:
    with database.reading() as connection:
        return [hook.call_id for hook in recent_hooks(connection, limit=20_000)][::-1]
