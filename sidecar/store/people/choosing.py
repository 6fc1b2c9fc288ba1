"""Customers and organizations as people choose among them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sidecar.store.people.tables import organizations, people

MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    id: int
    name: str
    organization: str


def customers_named(connection: Connection, text: str) -> list[Choice]:
    """Some active customers in whose name each of these words is, by name."""
    words = text.lower().split()[:6]
    if not words:
        return []
    query = (
        select(people.c.id, people.c.name, organizations.c.name.label("organization"))
        .select_from(people.outerjoin(organizations, organizations.c.id == people.c.organization_id))
        .where(people.c.active, ~people.c.is_agent, people.c.name != "")
    )
    for word in words:
        searched = func.lower(people.c.name + " " + func.coalesce(organizations.c.name, ""))
        query = query.where(searched.contains(word, autoescape=True))
    rows = connection.execute(query.order_by(people.c.name, people.c.id).limit(MOST))
    return [Choice(id=row.id, name=row.name, organization=row.organization or "") for row in rows]


def organization_called(connection: Connection, name: str) -> int | None:
    own = organizations.c
    query = select(own.id).where(own.active, func.lower(own.name) == name.strip().lower()).order_by(own.id).limit(1)
    found: int | None = connection.execute(query).scalar()
    return found
