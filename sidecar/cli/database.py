"""The database of commands that look at what `serve` has written and never begin one themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sidecar.config import Settings
from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.schema_version import read_schema_version
from sidecar.store.spool import carry_over
from sidecar.store.sqlite_file import file_of

_NOTHING_YET = "there is nothing in it yet; start `sipgate-sidecar serve` once, or correct database.url"


@contextmanager
def existing_database(settings: Settings) -> Iterator[Database]:
    """The database in use, closed at the end.

    Raises:
        StoreError: nobody has used it yet (no file is made), or it cannot be reached.

    """
    database = Database(settings.database.url)
    try:
        if database.dialect == "sqlite" and not file_of(settings.database.url).exists():
            raise StoreError(f"{database.address}: {_NOTHING_YET}")
        with database.reading() as connection:
            if not read_schema_version(connection).revision_number:
                raise StoreError(f"{database.address}: {_NOTHING_YET}")
        carry_over(database)
        yield database
    finally:
        database.close()
