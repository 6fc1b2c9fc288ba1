"""Brings a database to the schema of this release; Alembic runs the steps, in one transaction.

A step is a module `versions/NNNN_words.py` with `upgrade()` and `OLDEST_COMPATIBLE`, the lowest schema number a
release must know to run on the result. Where tables and columns are only added, that is the number the previous
release ended with; what the previous release still uses is dropped a release later. A step is begun with
`python -m sidecar.store.migrations "words"` after the tables in the code were changed.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from sidecar.store.database import Database, serialised
from sidecar.store.schema_version import SchemaVersion, needs_upgrade, read_schema_version, write_schema_version

STEPS = Path(__file__).parent


def upgrade(database: Database, steps: Path = STEPS) -> None:
    """Run the missing steps; of several processes one does it while the others wait.

    Raises:
        StoreError: the schema is newer than this release can bear, or the database cannot be used.

    """
    config = _config(steps)
    offered = _newest(config)
    with database.reading() as connection:
        if not needs_upgrade(read_schema_version(connection), offered.revision_number):
            return
    with database.writing() as connection:
        _wait_for_other_upgrades(connection)
        if needs_upgrade(read_schema_version(connection), offered.revision_number):
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            write_schema_version(connection, offered)


def known_schema(steps: Path = STEPS) -> int:
    """The number of the newest step this release brings."""
    return _newest(_config(steps)).revision_number


def _config(steps: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    return config


def _newest(config: Config) -> SchemaVersion:
    newest = ScriptDirectory.from_config(config).get_revision("head")
    assert newest is not None
    return SchemaVersion(revision_number=int(newest.revision), oldest_compatible_number=newest.module.OLDEST_COMPATIBLE)


def _wait_for_other_upgrades(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
    serialised(connection, "schema")
