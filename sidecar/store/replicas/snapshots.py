"""What was last read from Zammad, kept whole under a name: usable after a restart, seen by every replica."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

from sidecar.store.database import serialised
from sidecar.store.replicas.tables import snapshots
from sidecar.store.replicas.wake_ups import Written, wake_replicas

Json = Any  # whatever JSON can say
Record = TypeVar("Record")
NOTE = "note: "  # begins the name of what is kept beside a reading and is none itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    value: Json
    version: int  # grows with each change of the value
    saved_at: float  # of the last save, changed or not


def save_snapshot(connection: Connection, name: str, value: Json, now: float) -> bool:
    """Whether the value differs from the one kept before; the time is kept either way."""
    serialised(connection, f"snapshot {name}")
    kept = load_snapshot(connection, name)
    if kept is None:
        connection.execute(insert(snapshots).values(name=name, value=value, version=1, saved_at=now))
        wake_replicas(connection, Written.SNAPSHOT)
        return True
    changed = _as_text(kept.value) != _as_text(value)
    row = update(snapshots).where(snapshots.c.name == name)
    if changed:
        connection.execute(row.values(value=value, version=kept.version + 1, saved_at=now))
        wake_replicas(connection, Written.SNAPSHOT)
    else:
        connection.execute(row.values(saved_at=now))
    return changed


def _as_text(value: Json) -> str:
    """To be compared: less than the value itself where it has very many rows."""
    return json.dumps(value, sort_keys=True)


def load_snapshot(connection: Connection, name: str) -> Snapshot | None:
    columns = (snapshots.c.value, snapshots.c.version, snapshots.c.saved_at)
    row = connection.execute(select(*columns).where(snapshots.c.name == name)).one_or_none()
    return row and Snapshot(value=row.value, version=row.version, saved_at=row.saved_at)


def record_in(kind: type[Record], value: Json) -> Record | None:
    """A dataclass as it was saved. What only a newer release has is passed over.

    None where this release cannot do without something that is not there.
    """
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type] # all of them are dataclasses
    try:
        return kind(**{name: each for name, each in value.items() if name in known})
    except (AttributeError, TypeError):
        return None


def snapshot_versions(connection: Connection) -> dict[str, int]:
    """Name to version of all: whoever follows changes asks for this first."""
    return {row.name: row.version for row in connection.execute(select(snapshots.c.name, snapshots.c.version))}


def snapshot_times(connection: Connection) -> dict[str, float]:
    """Name to the time of the last save of all that was read."""
    query = select(snapshots.c.name, snapshots.c.saved_at).where(~snapshots.c.name.startswith(NOTE))
    return {row.name: row.saved_at for row in connection.execute(query)}
