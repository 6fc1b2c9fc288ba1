"""SQLite's files as earlier releases left them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from sidecar.store.database import Database
from sidecar.store.journal.rows import NAMES, HookRow, storable_values
from sidecar.store.journal.takeover import forget_view
from sidecar.store.migrations import STEPS
from sidecar.store.schema_version import SchemaVersion, write_schema_version

Places = Mapping[int, int]  # number of a hook among those given, from 1, to its conversation


def make_database_with_hooks_inside(file: Path, rows: Sequence[HookRow], places: Places) -> str:
    """Schema 4, and its URL."""
    url, config = f"sqlite:///{file}", Config()
    config.set_main_option("script_location", str(STEPS))
    with closing(Database(url)) as database, database.writing() as connection:
        forget_view(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        write_schema_version(connection, SchemaVersion(revision_number=4, oldest_compatible_number=3))
        insert = f"INSERT INTO hooks ({', '.join(NAMES)}) VALUES ({', '.join('?' for _ in NAMES)})"  # noqa: S608 - names of columns
        connection.exec_driver_sql(insert, [storable_values(row) for row in rows])
        place = text("UPDATE hooks SET conversation_id = :place WHERE id = :hook")
        for hook, conversation in places.items():
            connection.execute(place, {"hook": hook, "place": conversation})
    return url


def leave_spool(database: Path, *rows: HookRow) -> Path:
    """The spool of a process that was killed; 2 MB, zeros behind the last row."""
    spool = database.with_name(f"{database.name}-spool")
    spool.write_bytes(b"".join(map(_line, rows)).ljust(2 << 20, b"\0"))
    return spool


def _line(row: HookRow) -> bytes:
    fields = {name: getattr(row, name) for name in NAMES}
    fields["body"] = row.body.decode("latin-1")
    text = json.dumps(fields).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)
