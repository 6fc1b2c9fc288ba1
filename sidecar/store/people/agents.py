"""Our agents by name: whom something can be given to."""

from __future__ import annotations

from sqlalchemy import Connection, select

from sidecar.store.people.tables import people


def names_of_agents(connection: Connection) -> list[tuple[int, str]]:
    """Ids and names of the active ones, by name."""
    own = people.c
    query = select(own.id, own.name).where(own.is_agent, own.active, own.name != "").order_by(own.name, own.id)
    return [(row.id, row.name) for row in connection.execute(query)]
