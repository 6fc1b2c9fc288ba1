"""A synchronisation begun by a person goes first: the background jobs of every replica wait meanwhile."""

from __future__ import annotations

from sqlalchemy import Connection, exists, select

from sidecar.store.leases import release_lease, take_lease
from sidecar.store.schema import leases

BY_HAND = "sync by hand"  # name of the lease
SECONDS = 120.0  # longer than a page or a batch of repairs takes; nobody is held up longer by one that has died


def take_turn(connection: Connection, holder: str, now: float) -> bool:
    """Whether it is this person's turn; to be asked again between the steps."""
    return take_lease(connection, BY_HAND, holder, now, SECONDS)


def give_turn_back(connection: Connection, holder: str) -> None:
    release_lease(connection, BY_HAND, holder)


def by_hand_under_way(connection: Connection, now: float) -> bool:
    query = select(exists().where(leases.c.name == BY_HAND, leases.c.expires_at > now))
    return bool(connection.scalar(query))
