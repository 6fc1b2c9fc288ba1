"""Numbers that people have not for certain: doubtful readings, and blocks of extensions behind theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select
from sqlalchemy.sql import bindparam

from sidecar.calls.identification import Holding, PersonMatch
from sidecar.store.people.tables import loose_numbers, organizations, people
from sidecar.store.value_lists import is_one_of_many

LONGEST_EXTENSION = 4  # digits that may stand for the 0 of …-0
_own = loose_numbers.c
_HOLDING = (
    select(
        _own.field,
        _own.holding,
        people.c.id,
        people.c.name,
        people.c.active,
        people.c.is_agent,
        organizations.c.id.label("organization_id"),
        organizations.c.name.label("organization"),
    )
    .select_from(
        loose_numbers.join(people).outerjoin(
            organizations, and_(organizations.c.id == people.c.organization_id, organizations.c.active)
        )
    )
    .where(
        or_(
            and_(_own.holding == Holding.PERHAPS, _own.digits == bindparam("digits")),
            and_(_own.holding == Holding.BLOCK, is_one_of_many(_own.digits, "heads")),
        )
    )
    .order_by(people.c.id, _own.field)
)


def loosely_holding(connection: Connection, digits: str) -> list[PersonMatch]:
    """Everybody who may have this number, or who has a block of which it may be an extension."""
    heads = [digits[: len(digits) - length] for length in range(LONGEST_EXTENSION + 1)]
    return [
        PersonMatch(
            person_id=row.id,
            name=row.name,
            field=row.field,
            active=row.active,
            is_agent=row.is_agent,
            organization_id=row.organization_id,
            organization=row.organization or "",
            holding=Holding(row.holding),
        )
        for row in connection.execute(_HOLDING, {"digits": digits, "heads": heads})
    ]


def loose_numbers_of(connection: Connection, ids: Collection[int]) -> list[tuple[int, str, str, Holding]]:
    """Person, digits, field and holding."""
    rows = connection.execute(select(loose_numbers).where(_own.person_id.in_(ids)))
    return [(row.person_id, row.digits, row.field, Holding(row.holding)) for row in rows]


def replace_loose_numbers(
    connection: Connection, ids: Collection[int], entries: Sequence[tuple[int, str, str, Holding]]
) -> None:
    """These are all that the people with these ids have."""
    connection.execute(delete(loose_numbers).where(_own.person_id.in_(ids)))
    rows = [
        {"person_id": person_id, "digits": digits, "field": field, "holding": holding.value}
        for person_id, digits, field, holding in entries
    ]
    if rows:
        connection.execute(insert(loose_numbers), rows)


def loose_numbers_where(connection: Connection, whose: ColumnElement[bool]) -> list[tuple[str, Holding]]:
    rows = connection.execute(select(_own.digits, _own.holding).join(people).where(whose).distinct())
    return [(row.digits, Holding(row.holding)) for row in rows]
