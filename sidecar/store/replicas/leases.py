"""Who does a job that only one may do at a time: a row with a holder and an end."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.store.database import serialised
from sidecar.store.replicas.tables import leases

LONGEST = 2.0  # times its length: clocks of replicas differ a little


def take_lease(connection: Connection, name: str, holder: str, now: float, seconds: float) -> bool:
    """Whether `holder` has the job until `now + seconds`: it was free, expired, or already this holder's.

    A lease that ends later than any of this length could was taken before the clock was set back: it holds nobody up.
    """
    serialised(connection, f"lease {name}")
    kept = connection.execute(select(leases).where(leases.c.name == name)).one_or_none()
    if kept is None:
        connection.execute(insert(leases).values(name=name, holder=holder, expires_at=now + seconds))
        return True
    if kept.holder != holder and now < kept.expires_at <= now + LONGEST * seconds:
        return False
    connection.execute(update(leases).where(leases.c.name == name).values(holder=holder, expires_at=now + seconds))
    return True


def release_lease(connection: Connection, name: str, holder: str) -> None:
    """Give the job back early; somebody else's lease is left alone."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def leases_held(connection: Connection, now: float) -> bool:
    """Whether somebody is at work on this database."""
    return connection.execute(select(leases.c.name).where(leases.c.expires_at > now).limit(1)).first() is not None
