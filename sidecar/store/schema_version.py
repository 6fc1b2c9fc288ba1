"""Which releases may run on which schema.

Schemas are numbered like the migrations that make them; a release knows all up to the newest it brings. Next to that
number the database keeps the lowest number a release must know to run on it, so that during a rolling upgrade the
previous release keeps working on a schema it has never heard of, and an older one says so instead of spoiling data.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, inspect, select

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.schema import schema_compat


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaVersion:
    revision_number: int = 0  # 0: nothing is there yet
    oldest_compatible_number: int = 0


def needs_upgrade(found: SchemaVersion, known: int) -> bool:
    """Whether a release that knows `known` has migrations to run first; False: it can run as things are.

    Raises:
        StoreError: the schema is too new for this release.

    """
    if found.oldest_compatible_number > known:
        needed = found.oldest_compatible_number
        raise StoreError(because(Unusable.TOO_NEW, schema=found.revision_number, needed=needed, known=known))
    return found.revision_number < known


def read_schema_version(connection: Connection) -> SchemaVersion:
    if not inspect(connection).has_table(schema_compat.name):
        return SchemaVersion()
    row = connection.execute(select(schema_compat)).one_or_none()
    if row is None:
        return SchemaVersion()
    return SchemaVersion(revision_number=row.revision_number, oldest_compatible_number=row.oldest_compatible_number)


def write_schema_version(connection: Connection, version: SchemaVersion) -> None:
    connection.execute(delete(schema_compat))
    connection.execute(
        insert(schema_compat).values(
            id=1,
            revision_number=version.revision_number,
            oldest_compatible_number=version.oldest_compatible_number,
        )
    )
