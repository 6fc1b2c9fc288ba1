"""Organizations, their main numbers, and whom `cti_blocked` on them blocks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from sidecar.calls.identification import Holding, OrganizationMatch
from sidecar.calls.numbers.number_pattern import NumberPattern
from sidecar.store.database import serialised
from sidecar.store.people.people import NONE_NEWER, Change, NumberRange, RecordState
from sidecar.store.people.tables import loose_numbers, numbers, organization_numbers, organizations, people
from sidecar.store.value_lists import is_one_of_many

_COVERING = (  # built once: that takes longer than to run it
    select(organizations.c.id, organizations.c.name, organization_numbers.c.pattern)
    .select_from(organization_numbers.join(organizations))
    .where(is_one_of_many(organization_numbers.c.literal_prefix, "prefixes"), organizations.c.active)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationRecord:
    id: int
    name: str
    active: bool
    blocked: bool
    cti_main_numbers: str
    unreadable: str | None
    read_as: str
    updated_at: float
    patterns: frozenset[str]  # texts of NumberPattern


def readings_of_organizations(connection: Connection, ids: Collection[int]) -> dict[int, RecordState]:
    columns = (organizations.c.id, organizations.c.updated_at, organizations.c.read_as)
    rows = connection.execute(select(*columns).where(organizations.c.id.in_(ids)))
    return {row.id: RecordState(updated_at=row.updated_at, read_as=row.read_as) for row in rows}


def write_organizations(
    connection: Connection,
    records: Sequence[OrganizationRecord],
    instead_of: Mapping[int, float] = NONE_NEWER,
) -> Change:
    """Only what differs is written; a record older than the kept one is left out. `instead_of` as of people."""
    serialised(connection, "people")
    kept = _kept(connection, [record.id for record in records])
    new = [record for record in records if record.id not in kept]
    changed = [record for record in records if record.id in kept and _replaces(record, kept[record.id], instead_of)]
    if new:
        connection.execute(insert(organizations), [_row(record) for record in new])
    for record in changed:
        connection.execute(update(organizations).where(organizations.c.id == record.id).values(_row(record)))
    _write_patterns(connection, [*new, *changed])
    touched = {pattern for record in (*new, *changed) for pattern in record.patterns}
    touched |= {pattern for record in changed for pattern in kept[record.id].patterns}
    renamed = [record for record in changed if record.name != kept[record.id].name]
    shown = [*new, *renamed]  # with their names
    digits = _exact(touched) | _digits_of_members(connection, shown)
    return Change(
        added=len(new),
        changed=len(changed),
        digits=digits,
        ranges=_ranges(connection, shown),
    )


def _replaces(record: OrganizationRecord, kept: OrganizationRecord, instead_of: Mapping[int, float]) -> bool:
    return record != kept and (record.updated_at >= kept.updated_at or kept.updated_at == instead_of.get(record.id))


def _exact(patterns: Collection[str]) -> frozenset[str]:
    return frozenset(pattern for pattern in patterns if pattern.isdigit())


def _digits_of_members(connection: Connection, records: Collection[OrganizationRecord]) -> frozenset[str]:
    ids = [record.id for record in records]
    return frozenset(connection.scalars(select(numbers.c.digits).join(people).where(people.c.organization_id.in_(ids))))


def _ranges(connection: Connection, records: Collection[OrganizationRecord]) -> frozenset[NumberRange]:
    """Of their main numbers, and blocks of extensions behind their members' numbers."""
    patterns = ((record.id, NumberPattern(text=text)) for record in records for text in record.patterns)
    of_members = people.c.organization_id.in_([record.id for record in records])
    blocks = (
        select(people.c.organization_id, loose_numbers.c.digits)
        .select_from(loose_numbers.join(people))
        .where(of_members, loose_numbers.c.holding == Holding.BLOCK)
        .distinct()
    )
    beginnings = [
        *((number, pattern.literal_prefix) for number, pattern in patterns if not pattern.exact),
        *((row.organization_id, row.digits) for row in connection.execute(blocks)),
    ]
    return frozenset(NumberRange(organization_id=number, prefix=prefix) for number, prefix in beginnings)


def _row(record: OrganizationRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "name": record.name,
        "active": record.active,
        "blocked": record.blocked,
        "cti_main_numbers": record.cti_main_numbers,
        "unreadable": record.unreadable,
        "read_as": record.read_as,
        "updated_at": record.updated_at,
    }


def _kept(connection: Connection, ids: Collection[int]) -> dict[int, OrganizationRecord]:
    own: dict[int, set[str]] = {}
    for row in connection.execute(select(organization_numbers).where(organization_numbers.c.organization_id.in_(ids))):
        own.setdefault(row.organization_id, set()).add(row.pattern)
    rows = connection.execute(select(organizations).where(organizations.c.id.in_(ids)))
    return {row.id: OrganizationRecord(**row._mapping, patterns=frozenset(own.get(row.id, ()))) for row in rows}  # noqa: SLF001 - SQLAlchemy's public name


def _write_patterns(connection: Connection, records: Sequence[OrganizationRecord]) -> None:
    own = organization_numbers.c
    connection.execute(delete(organization_numbers).where(own.organization_id.in_([record.id for record in records])))
    rows = [
        {
            "organization_id": record.id,
            "pattern": pattern,
            "literal_prefix": NumberPattern(text=pattern).literal_prefix,
        }
        for record in records
        for pattern in record.patterns
    ]
    if rows:
        connection.execute(insert(organization_numbers), rows)


def delete_organizations(connection: Connection, ids: Collection[int]) -> Change:
    serialised(connection, "people")
    records = list(_kept(connection, ids).values())
    patterns = {pattern for record in records for pattern in record.patterns}
    digits = _exact(patterns) | _digits_of_members(connection, records)
    gone = connection.execute(delete(organizations).where(organizations.c.id.in_(ids)))
    return Change(removed=gone.rowcount, digits=digits, ranges=_ranges(connection, records))


def organization_ids_between(connection: Connection, after: int, until: int | None) -> list[int]:
    """The ids kept in `after < id <= until`; None is no end."""
    own = organizations.c.id
    end = own <= until if until is not None else own > after
    return list(connection.scalars(select(own).where(own > after, end).order_by(own)))


def count_organizations(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(organizations)) or 0


def organizations_covering(connection: Connection, digits: str) -> list[OrganizationMatch]:
    """The active organizations with a main number that covers these digits."""
    prefixes = [digits[:length] for length in range(len(digits) + 1)]
    rows = connection.execute(_COVERING, {"prefixes": prefixes})
    found = [(row, NumberPattern(text=row.pattern)) for row in rows]
    return [
        OrganizationMatch(
            organization_id=row.id, name=row.name, exact=pattern.exact, literal_prefix=pattern.literal_prefix
        )
        for row, pattern in found
        if pattern.matches(digits)
    ]


def organizations_with_unreadable_numbers(connection: Connection) -> list[tuple[str, tuple[str, ...]]]:
    """Name and the texts among its main numbers that cannot be understood."""
    query = select(organizations.c.name, organizations.c.unreadable).where(organizations.c.unreadable.is_not(None))
    return [(row.name, tuple(row.unreadable.split("\n"))) for row in connection.execute(query)]


def blocked_organization_numbers(connection: Connection) -> list[tuple[str, str]]:
    """Patterns of blocked organizations and their members' digits, each with the organization's name."""
    main = select(organization_numbers.c.pattern, organizations.c.name).join(organizations)
    members = (
        select(numbers.c.digits, organizations.c.name)
        .select_from(numbers.join(people).join(organizations, organizations.c.id == people.c.organization_id))
        .where(organizations.c.blocked)
    )
    rows = [*connection.execute(main.where(organizations.c.blocked)), *connection.execute(members)]
    return sorted((text, name) for text, name in rows)
