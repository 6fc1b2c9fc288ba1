"""The database of commands that look at what `serve` has written and never begin one themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sidecar.cli.language import words_for
from sidecar.config import Settings
from sidecar.errors import StoreError
from sidecar.store.database import Database
from sidecar.store.migrations import is_left_by_earlier_release, upgrade
from sidecar.store.schema_version import read_schema_version
from sidecar.words.marks import N_

_NOTHING_YET = N_("{database}: there is nothing in it yet; start `sipgate-sidecar serve` once, or correct database.url")


@contextmanager
def existing_database(settings: Settings, *, as_it_is: bool = False) -> Iterator[Database]:
    """The database in use, closed at the end. `as_it_is`: what an earlier release has left in it stays there.

    Raises:
        StoreError: nobody has used it yet (no file is made), or it cannot be reached.

    """
    database = Database(settings.database.url, settings.database.journal)
    try:
        if database.files and not database.files.database.exists():
            raise StoreError(words_for().gettext(_NOTHING_YET, database=database.address))
        with database.reading() as connection:
            if not read_schema_version(connection).revision_number:
                raise StoreError(words_for().gettext(_NOTHING_YET, database=database.address))
        if not as_it_is and is_left_by_earlier_release(database):
            upgrade(database)
        yield database
    finally:
        database.close()
