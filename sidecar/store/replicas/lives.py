"""Which replicas live: a lock of PostgreSQL's lasts as long as the connection that holds it.

A killed process has lost it within milliseconds, one that is merely slow keeps it.
"""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Connection, text

KIND = 7_444_217  # of the lock: any number nobody else uses in this database
_LIVING = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = :kind AND objsubid = 2"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def show_life(connection: psycopg.AsyncConnection[Any], replica: int) -> None:
    """`replica` counts as living until this connection ends.

    Shared: the server may not have noticed yet that an earlier connection of this replica has ended.
    """
    await connection.execute("SELECT pg_advisory_lock_shared(%s::int, %s::int)", (KIND, replica))


def living_replicas(connection: Connection) -> set[int]:
    return {int(replica) for replica in connection.execute(_LIVING, {"kind": KIND}).scalars()}
