"""Whose numbers are known for certain, put together for whoever decides from memory."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Integer, case, func, or_, select

from sidecar.calls.numbers.known_numbers import KnownNumbers, piece_of
from sidecar.store.people.tables import numbers, people

CHUNK = 2000  # numbers put together at once: other threads get their turn between


def known_numbers(connection: Connection) -> KnownNumbers:
    """Of active customers who have them alone, and of agents."""
    order: ColumnElement[str] = numbers.c.digits
    if connection.dialect.name == "postgresql":
        order = numbers.c.digits.collate("C")  # as the look-up compares
    customers = func.count(func.distinct(case((~people.c.is_agent, people.c.id))))
    agents = func.sum(case((people.c.is_agent, 1), else_=0), type_=Integer)
    query = (
        select(numbers.c.digits)
        .join(people)
        .where(people.c.active)
        .group_by(numbers.c.digits)
        .having(or_(customers == 0, (customers == 1) & (agents == 0)))
        .order_by(order)
        .execution_options(yield_per=CHUNK)
    )
    with connection.execute(query) as rows:
        return KnownNumbers("".join(_joined(list(chunk)) for chunk in rows.scalars().partitions(CHUNK)))


def _joined(digits: list[str]) -> str:
    return "".join([piece_of(each) for each in digits])
