"""People and their numbers as last read from Zammad: written in whole records, found by number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select, update

from sidecar.calls.identification import Holding, PersonMatch
from sidecar.store.database import serialised
from sidecar.store.people.loose_numbers import loose_numbers_of, loose_numbers_where, replace_loose_numbers
from sidecar.store.people.refusals import refusal_holds
from sidecar.store.people.tables import loose_numbers, numbers, organizations, people
from sidecar.store.value_lists import is_one_of_many, rows_about

_WITH_NUMBERS = (
    select(
        numbers.c.digits,
        people.c.id,
        people.c.name,
        numbers.c.field,
        people.c.active,
        people.c.is_agent,
        people.c.organization_id,
        organizations.c.name.label("organization"),
    )
    .select_from(numbers.join(people).outerjoin(organizations, organizations.c.id == people.c.organization_id))
    .where(is_one_of_many(numbers.c.digits))
)
_NAMES = select(people.c.id, people.c.name).where(is_one_of_many(people.c.id))
NONE_NEWER: Mapping[int, float] = MappingProxyType({})
KNOWN_TO_ALL = ("name", "active", "is_agent", "organization_id")  # fields that change what is said about a caller


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNumber:
    digits: str  # E.164 without plus; of a block what stands before the extension
    field: str  # phone, mobile, cti_more_numbers, or another attribute
    holding: Holding = Holding.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: int
    name: str
    login: str
    email: str
    active: bool
    is_agent: bool
    organization_id: int | None
    blocked: bool
    phone_switch: bool
    sipgate_users: str
    sipgate_number: str
    phone: str
    mobile: str
    cti_more_numbers: str
    cti_numbers: str
    cti_numbers_wanted: str
    unreadable: str | None
    numbers_in_note: bool
    read_as: str
    updated_at: float  # UTC epoch seconds, by Zammad's clock
    numbers: frozenset[PersonNumber]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Numbers that begin so: of those of whom only this organization is known, or all of a block of extensions."""

    organization_id: int | None  # None: whoever it is
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a write changed: how many records, and the numbers of which something else is said now."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    digits: frozenset[str] = frozenset()
    ranges: frozenset[NumberRange] = frozenset()  # which numbers of them have called is known with the calls

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __add__(self, other: Change) -> Change:
        return Change(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            removed=self.removed + other.removed,
            digits=self.digits | other.digits,
            ranges=self.ranges | other.ranges,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """Of which state a kept record is; equal readings need no second look."""

    updated_at: float
    read_as: str
    is_agent: bool = False


def readings_of_people(connection: Connection, ids: Collection[int]) -> dict[int, RecordState]:
    columns = (people.c.id, people.c.updated_at, people.c.read_as, people.c.is_agent)
    rows = connection.execute(select(*columns).where(people.c.id.in_(ids)))
    return {row.id: RecordState(updated_at=row.updated_at, read_as=row.read_as, is_agent=row.is_agent) for row in rows}


def write_people(
    connection: Connection, records: Sequence[Person], instead_of: Mapping[int, float] = NONE_NEWER
) -> Change:
    """Only what differs is written; a record older than the kept one is left out.

    `instead_of`: id to the `updated_at` of a kept record that is replaced although it is newer.
    """
    serialised(connection, "people")
    kept = _kept_people(connection, [record.id for record in records])
    new = [record for record in records if record.id not in kept]
    changed = [record for record in records if record.id in kept and _replaces(record, kept[record.id], instead_of)]
    _write_rows(connection, new, changed)
    _write_numbers(connection, new, changed)
    told: set[PersonNumber] = {number for record in new for number in record.numbers}
    for record in changed:
        told |= _told_anew(kept[record.id], record)
    return _about(told, added=len(new), changed=len(changed))


def _about(told: Iterable[PersonNumber], *, added: int = 0, changed: int = 0, removed: int = 0) -> Change:
    numbers_told = list(told)
    blocks = {number.digits for number in numbers_told if number.holding is Holding.BLOCK}
    return Change(
        added=added,
        changed=changed,
        removed=removed,
        digits=frozenset(number.digits for number in numbers_told if number.holding is not Holding.BLOCK),
        ranges=frozenset(NumberRange(organization_id=None, prefix=head) for head in blocks),
    )


def _kept_people(connection: Connection, ids: Collection[int]) -> dict[int, Person]:
    own: dict[int, set[PersonNumber]] = {}
    for row in connection.execute(select(numbers).where(numbers.c.person_id.in_(ids))):
        own.setdefault(row.person_id, set()).add(PersonNumber(digits=row.digits, field=row.field))
    for person_id, digits, field, holding in loose_numbers_of(connection, ids):
        own.setdefault(person_id, set()).add(PersonNumber(digits=digits, field=field, holding=holding))
    rows = connection.execute(select(people).where(people.c.id.in_(ids)))
    return {row.id: Person(**row._mapping, numbers=frozenset(own.get(row.id, ()))) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


def _replaces(record: Person, kept: Person, instead_of: Mapping[int, float]) -> bool:
    return record != kept and (record.updated_at >= kept.updated_at or kept.updated_at == instead_of.get(record.id))


def _told_anew(before: Person, after: Person) -> frozenset[PersonNumber]:
    if any(getattr(before, name) != getattr(after, name) for name in KNOWN_TO_ALL):
        return before.numbers | after.numbers
    return before.numbers ^ after.numbers


def _write_rows(connection: Connection, new: Sequence[Person], changed: Sequence[Person]) -> None:
    if new:
        connection.execute(insert(people), [_row(record) for record in new])
    for record in changed:
        connection.execute(update(people).where(people.c.id == record.id).values(_row(record)))


def _row(record: Person) -> Mapping[str, object]:
    return {name: value for name, value in asdict(record).items() if name != "numbers"}


def _write_numbers(connection: Connection, new: Sequence[Person], changed: Sequence[Person]) -> None:
    ids = [record.id for record in changed]
    if changed:
        connection.execute(delete(numbers).where(numbers.c.person_id.in_(ids)))
    every = [(record.id, number) for record in (*new, *changed) for number in record.numbers]
    rows = [
        {"digits": number.digits, "person_id": person_id, "field": number.field}
        for person_id, number in every
        if number.holding is Holding.FULL
    ]
    if rows:
        connection.execute(insert(numbers), rows)
    loose = [
        (person_id, number.digits, number.field, number.holding)
        for person_id, number in every
        if number.holding is not Holding.FULL
    ]
    replace_loose_numbers(connection, ids, loose)


def delete_people(connection: Connection, ids: Collection[int]) -> Change:
    serialised(connection, "people")
    told = _numbers_of(connection, people.c.id.in_(ids))
    gone = connection.execute(delete(people).where(people.c.id.in_(ids)))  # their numbers with them
    return _about(told, removed=gone.rowcount)


def mark_agents(connection: Connection, agent_ids: Collection[int]) -> Change:
    """Exactly these people are agents; those not yet in the directory come with their record."""
    serialised(connection, "people")
    wrong = or_(
        and_(people.c.is_agent, people.c.id.not_in(agent_ids)), and_(~people.c.is_agent, people.c.id.in_(agent_ids))
    )
    ids = list(connection.scalars(select(people.c.id).where(wrong)))
    if not ids:
        return Change()
    told = _numbers_of(connection, people.c.id.in_(ids))
    connection.execute(update(people).where(people.c.id.in_(ids)).values(is_agent=~people.c.is_agent))
    return _about(told, changed=len(ids))


def _numbers_of(connection: Connection, whose: ColumnElement[bool]) -> list[PersonNumber]:
    rows = connection.execute(select(numbers.c.digits, numbers.c.field).join(people).where(whose))
    loose = loose_numbers_where(connection, whose)
    return [
        *(PersonNumber(digits=row.digits, field=row.field) for row in rows),
        *(PersonNumber(digits=digits, field="", holding=holding) for digits, holding in loose),
    ]


def people_ids_between(connection: Connection, after: int, until: int | None) -> list[int]:
    """The ids kept in `after < id <= until`; None is no end."""
    end = people.c.id <= until if until is not None else people.c.id > after
    return list(connection.scalars(select(people.c.id).where(people.c.id > after, end).order_by(people.c.id)))


def people_with_numbers(connection: Connection, digits: Collection[str]) -> dict[str, list[PersonMatch]]:
    """Number to everybody who has it, inactive ones too; one match for each field it stands in."""
    found: dict[str, list[PersonMatch]] = {number: [] for number in digits}
    for row in rows_about(connection, _WITH_NUMBERS, found):
        match = PersonMatch(
            person_id=row.id,
            name=row.name,
            field=row.field,
            active=row.active,
            is_agent=row.is_agent,
            organization_id=row.organization_id,
            organization=row.organization or "",
        )
        found[row.digits].append(match)
    return found


def members_of(connection: Connection, organization_id: int) -> list[int]:
    """The ids of everybody there, inactive ones too."""
    return list(connection.scalars(select(people.c.id).where(people.c.organization_id == organization_id)))


def names_of_people(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """Those of them who are known and have a name."""
    return {row.id: row.name for row in rows_about(connection, _NAMES, ids) if row.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableNumbers:
    person_id: int
    name: str
    texts: tuple[str, ...]


def people_with_unreadable_numbers(connection: Connection, limit: int = 1000) -> list[UnreadableNumbers]:
    """Active customers with something in a number field that is no phone number."""
    query = (
        select(people.c.id, people.c.name, people.c.unreadable)
        .where(people.c.unreadable.is_not(None), people.c.active, ~people.c.is_agent)
        .order_by(people.c.id)
        .limit(limit)
    )
    return [
        UnreadableNumbers(person_id=row.id, name=row.name, texts=tuple(row.unreadable.split("\n")))
        for row in connection.execute(query)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """`cti_numbers` of a person holds `present` and must hold `wanted`."""

    person_id: int
    present: str
    wanted: str


_REPAIRS = select(people.c.id, people.c.cti_numbers, people.c.cti_numbers_wanted).where(
    people.c.cti_numbers != people.c.cti_numbers_wanted, people.c.active, ~people.c.is_agent
)


def repairs_due(connection: Connection, after: int, limit: int, *, now: float) -> list[Repair]:
    """Of active customers with an id above `after`, ascending; without those whose refusal still holds."""
    query = _REPAIRS.where(people.c.id > after, ~refusal_holds(now)).order_by(people.c.id).limit(limit)
    return _repairs(connection, query)


def repairs_of(connection: Connection, ids: Collection[int], *, now: float) -> list[Repair]:
    """What is due of these people."""
    return _repairs(connection, _REPAIRS.where(people.c.id.in_(ids), ~refusal_holds(now)))


def _repairs(connection: Connection, query: Select[Any]) -> list[Repair]:
    return [
        Repair(person_id=row.id, present=row.cti_numbers, wanted=row.cti_numbers_wanted)
        for row in connection.execute(query)
    ]


def people_with_doubtful_numbers(connection: Connection, limit: int = 1000) -> list[tuple[int, str]]:
    """Id and name of active customers with a number that is theirs only in one of several readings."""
    perhaps = select(loose_numbers.c.person_id).where(loose_numbers.c.holding == Holding.PERHAPS)
    query = (
        select(people.c.id, people.c.name)
        .where(people.c.id.in_(perhaps), people.c.active, ~people.c.is_agent)
        .order_by(people.c.id)
        .limit(limit)
    )
    return [(row.id, row.name) for row in connection.execute(query)]


def count_numbers_in_notes(connection: Connection) -> int:
    """Active customers whose note has a number in it."""
    noted = select(func.count()).where(people.c.numbers_in_note, people.c.active, ~people.c.is_agent)
    return connection.scalar(noted) or 0


def count_people(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(people)) or 0


def blocked_people_numbers(connection: Connection) -> Iterable[tuple[str, str]]:
    """Digits and the person's name."""
    query = select(numbers.c.digits, people.c.name).join(people).where(people.c.blocked).order_by(people.c.id)
    return [(row.digits, row.name) for row in connection.execute(query)]
