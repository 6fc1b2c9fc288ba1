"""Brings a database to the schema of this release; Alembic runs the steps, in one transaction.

A step is a module `versions/NNNN_words.py` with `upgrade()` and `OLDEST_COMPATIBLE`, the lowest schema number a
release must know to run on the result. Where tables and columns are only added, that is the number the previous
release ended with, for SQLite and PostgreSQL alike or for each; what the previous release still uses is dropped a
release later. A step is begun with `python -m sidecar.store.migrations "words"` after tables in the code were changed.

SQLite's hooks lie in the local journal, which sees to its columns by itself: steps leave `hooks` alone there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, text

from sidecar.errors import StoreError
from sidecar.store.database import Database, serialised
from sidecar.store.journal.hooks import last_placed
from sidecar.store.journal.local import LocalJournal
from sidecar.store.journal.salvage import finish_replacing, is_empty, replace_damaged, tells_of_damage
from sidecar.store.journal.takeover import (
    begin_beside,
    carry_over,
    forget_view,
    has_hooks_inside,
    holds_hooks,
    move_hooks_out,
    spool_of,
    spooled_before,
)
from sidecar.store.schema_version import SchemaVersion, needs_upgrade, read_schema_version, write_schema_version
from sidecar.store.write_ahead_log import keep_torn_logs

log = structlog.get_logger(__name__)
STEPS = Path(__file__).parent
LEFT_BEHIND = frozenset({("conversations", "claimed_until")})
"""Tables with columns that the previous release reads and this one does not: the next one drops them."""


def upgrade(database: Database, steps: Path = STEPS) -> None:
    """Run the missing steps; of several processes one does it while the others wait. SQLite's local journal is ready.

    Raises:
        StoreError: the schema is newer than this release can bear, or the database cannot be used.

    """
    if database.files is None:
        _run_steps(database, steps)
        return
    keep_torn_logs(database.files.database, database.files.journal)
    with (
        spooled_before(database.files) as spooled,
        closing(LocalJournal(database.files.journal, patience=database.patience)) as journal,
    ):
        _make_ready(journal, database)  # before anybody reads it: what is not whole yet could not be made so then
        _run_steps(database, steps, journal)
        with database.reading() as connection:
            _number_on(journal, last_placed(connection))
        carry_over(journal, spooled)
        database.reconnect()  # before the journal is closed: the last one to close a file leaves no log beside it


def _make_ready(journal: LocalJournal, database: Database) -> None:
    finish_replacing(journal.path)
    try:
        if is_empty(journal.path) and _knows_hooks(database):
            replace_damaged(journal.path)
            database.reconnect()  # whoever looked has the old one open
        journal.try_out()
    except StoreError as error:
        if not tells_of_damage(error):
            raise
        replace_damaged(journal.path)
        journal.renew()
        journal.try_out()


def _knows_hooks(database: Database) -> bool:
    """Then this journal has held some."""
    with suppress(StoreError), database.reading() as connection:
        return last_placed(connection) > 0
    return False


def _number_on(journal: LocalJournal, last: int) -> None:
    """Above the last hook that the database knows: if the journal has never come so far, it has lost some."""
    reached = journal.number_above(last)
    if reached < last:
        log.error("hooks_missing_in_journal", file=str(journal.path), after_id=reached, up_to_id=last)


def is_left_by_earlier_release(database: Database) -> bool:
    """Whether there is something of SQLite's that `upgrade` has to take over before anybody looks at it."""
    if database.files is None:
        return False
    with database.reading() as connection:
        return has_hooks_inside(connection) or spool_of(database.files).exists()


def _run_steps(database: Database, steps: Path, journal: LocalJournal | None = None) -> None:
    config = _config(steps)
    offered = _newest(config, database.dialect)
    with database.reading() as connection:
        if not _is_missing(connection, offered, journal):
            return
    with database.writing() as connection:
        _wait_for_other_upgrades(connection)
        if _is_missing(connection, offered, journal):
            is_new = not read_schema_version(connection).revision_number
            if journal:
                forget_view(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if journal and is_new and not holds_hooks(connection):
                begin_beside(connection, now=time.time())
            elif journal and has_hooks_inside(connection):
                move_hooks_out(connection, journal)
            write_schema_version(connection, offered)


def _is_missing(connection: Connection, offered: SchemaVersion, journal: LocalJournal | None) -> bool:
    steps_are_missing = needs_upgrade(read_schema_version(connection), offered.revision_number)
    return steps_are_missing or (journal is not None and has_hooks_inside(connection))


def known_schema(steps: Path = STEPS) -> int:
    """The number of the newest step this release brings."""
    return _newest(_config(steps), "postgresql").revision_number


def comparison(connection: Connection) -> MigrationContext:
    """For comparing a database with the code's tables."""

    def counts(part: object, name: str | None, kind: str, _is_found: object, _other: object) -> bool:
        if isinstance(part, Column) and part.table is not None:
            return (part.table.name, part.name) not in LEFT_BEHIND
        return connection.dialect.name == "postgresql" or kind != "table" or name not in {"hooks", "hook_places"}

    return MigrationContext.configure(connection, opts={"compare_type": True, "include_object": counts})


def _config(steps: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    return config


def _newest(config: Config, dialect: str) -> SchemaVersion:
    """After all steps; a release has to know what any of them asks for."""
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    oldest = max(_oldest_compatible(step.module.OLDEST_COMPATIBLE, dialect) for step in steps)
    return SchemaVersion(revision_number=int(steps[0].revision), oldest_compatible_number=oldest)


def _oldest_compatible(numbers: int | Mapping[str, int], dialect: str) -> int:
    return numbers if isinstance(numbers, int) else numbers[dialect]


def _wait_for_other_upgrades(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
    serialised(connection, "schema")
