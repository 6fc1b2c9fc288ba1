"""Repairs that Zammad has refused: kept until the record changes, a day has passed, or the reason is gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, insert, or_, select, update

from sidecar.store.people.tables import people, refused_repairs

SOON = 60.0  # seconds until the second try: the first refusal may have been a passing fault of Zammad's database
A_DAY = 86_400.0  # seconds until every further one


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    person_id: int
    name: str  # empty where there is none
    field: str  # mandatory and empty; empty: nobody knows which
    status: int
    words: str  # Zammad's
    refused_at: float  # last; UTC epoch seconds
    again_at: float


_LISTED = (
    select(
        people.c.id,
        people.c.name,
        refused_repairs.c.field,
        refused_repairs.c.status,
        refused_repairs.c.words,
        refused_repairs.c.refused_at,
        refused_repairs.c.again_at,
    )
    .select_from(refused_repairs.join(people))
    .where(people.c.cti_numbers != people.c.cti_numbers_wanted, people.c.active, ~people.c.is_agent)
)
_OF_RECORD = (  # the refusal is one of the record as it still is
    refused_repairs.c.person_id == people.c.id,
    refused_repairs.c.wanted == people.c.cti_numbers_wanted,
    refused_repairs.c.record_at == people.c.updated_at,
)


def refusal_holds(now: float) -> ColumnElement[bool]:
    """Of a row of `people`."""
    return exists().where(*_OF_RECORD, refused_repairs.c.again_at > now)


def keep_refusal(connection: Connection, person_id: int, *, field: str, status: int, words: str, now: float) -> None:
    """Of the record as it is kept. The first one is tried again soon, a repeated one in a day."""
    record = connection.execute(
        select(people.c.updated_at, people.c.cti_numbers_wanted).where(people.c.id == person_id)
    ).one_or_none()
    if record is None:
        return
    same = select(func.count()).select_from(refused_repairs.join(people)).where(people.c.id == person_id, *_OF_RECORD)
    again = bool(connection.scalar(same))
    connection.execute(delete(refused_repairs).where(refused_repairs.c.person_id == person_id))
    connection.execute(
        insert(refused_repairs).values(
            person_id=person_id,
            wanted=record.cti_numbers_wanted,
            record_at=record.updated_at,
            field=field,
            status=status,
            words=words,
            refused_at=now,
            asked_at=now,
            again_at=now + (A_DAY if again else SOON),
        )
    )


def refused_as_it_is(connection: Connection, person_id: int) -> str | None:
    """The field that was to blame for the record as it still is; None: no refusal of it is kept."""
    query = select(refused_repairs.c.field).select_from(refused_repairs.join(people))
    return connection.scalar(query.where(people.c.id == person_id, *_OF_RECORD))


def is_refused(connection: Connection, person_id: int) -> bool:
    """Whether a refusal is kept, of the record as it is or was."""
    query = select(refused_repairs.c.person_id).where(refused_repairs.c.person_id == person_id)
    return connection.scalar(query) is not None


def forget_refusal(connection: Connection, person_id: int) -> None:
    connection.execute(delete(refused_repairs).where(refused_repairs.c.person_id == person_id))


def forget_all_refusals(connection: Connection) -> None:
    connection.execute(delete(refused_repairs))


def try_again(connection: Connection, field: str) -> int:
    """Everybody who was refused because of this field, at once; how many."""
    return connection.execute(
        update(refused_repairs).where(refused_repairs.c.field == field).values(again_at=0.0)
    ).rowcount


def longest_untried(connection: Connection, *, now: float) -> list[tuple[str, int]]:
    """For each field that has refused, the person about whom Zammad was asked longest ago, a minute at least."""
    oldest = (
        select(refused_repairs.c.field, func.min(refused_repairs.c.asked_at).label("asked_at"))
        .where(refused_repairs.c.again_at > 0, refused_repairs.c.asked_at <= now - SOON)
        .group_by(refused_repairs.c.field)
        .subquery()
    )
    query = (
        select(refused_repairs.c.field, func.min(refused_repairs.c.person_id).label("person_id"))
        .join(
            oldest,
            (oldest.c.field == refused_repairs.c.field) & (oldest.c.asked_at == refused_repairs.c.asked_at),
        )
        .group_by(refused_repairs.c.field)
    )
    return [(row.field, row.person_id) for row in connection.execute(query)]


def note_asked(connection: Connection, person_id: int, now: float, *, try_now: bool = False) -> None:
    again = {"again_at": 0.0} if try_now else {}
    connection.execute(
        update(refused_repairs).where(refused_repairs.c.person_id == person_id).values(asked_at=now, **again)
    )


def count_refusals(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(_LISTED.subquery())) or 0


def most_frequent_field(connection: Connection) -> str:
    listed = _LISTED.subquery()
    query = select(listed.c.field).group_by(listed.c.field).order_by(func.count().desc(), listed.c.field)
    return connection.scalar(query.limit(1)) or ""


def refused_customers(connection: Connection, search: str = "", *, limit: int = 200) -> list[Refusal]:
    """By id. `search`: part of a name or of a field, or an id."""
    query: Select[Any] = _LISTED.order_by(people.c.id).limit(limit)
    for word in search.split():
        like = f"%{word.lower().replace('%', '').replace('_', '')}%"
        found: list[ColumnElement[bool]] = [
            func.lower(people.c.name).like(like),
            func.lower(refused_repairs.c.field).like(like),
        ]
        if word.isascii() and word.isdigit() and len(word) < 10:  # noqa: PLR2004 - digits of an id
            found.append(people.c.id == int(word))
        query = query.where(or_(*found))
    return _refusals(connection, query)


def refusals_of(connection: Connection, ids: Collection[int]) -> list[Refusal]:
    return _refusals(connection, _LISTED.where(people.c.id.in_(ids)))


def _refusals(connection: Connection, query: Select[Any]) -> list[Refusal]:
    rows: Sequence[Any] = connection.execute(query).all()
    return [
        Refusal(
            person_id=row.id,
            name=row.name,
            field=row.field,
            status=row.status,
            words=row.words,
            refused_at=row.refused_at,
            again_at=row.again_at,
        )
        for row in rows
    ]
