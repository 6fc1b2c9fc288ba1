"""What agents have as their own telephone number."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from sidecar.store.people.tables import people


def phones_of_agents(connection: Connection) -> Mapping[int, str]:
    """Ids to the field `phone` as it was written; only where something stands there."""
    query = select(people.c.id, people.c.phone).where(people.c.is_agent, people.c.phone != "")
    return {row.id: row.phone for row in connection.execute(query)}
