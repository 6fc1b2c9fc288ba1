"""The synchronisation with no service around it: what `sync` does, and the demo before it begins."""

from __future__ import annotations

import time

from sidecar.config import Settings
from sidecar.follow_up.callers import Callers
from sidecar.store.database import Database
from sidecar.store.replicas.identity import new_replica
from sidecar.sync.synchronisation import Synchronisation, synchronisation_from
from zammad_client.client import Zammad


def standalone_synchronisation(settings: Settings, zammad: Zammad, database: Database) -> Synchronisation:
    """A service that runs on the same database takes turns with it."""
    callers = Callers(country=settings.phone.country, clock=time.time)
    return synchronisation_from(
        settings,
        zammad=zammad,
        database=database,
        holder=new_replica().holder,
        now=time.time,
        on_numbers_changed=callers.numbers_changed,
    )
