"""Organizations (docs/reference/zammad.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .clock import later, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zammad_client.records import Json
    from zammad_client.simulator.versions import Version

    from .attributes import Attributes

_TEMPLATE: Mapping[str, Json] = {
    "shared": True, "domain": "", "domain_assignment": False, "active": True, "note": "",
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Organization:
    id: int
    name: str
    extra: Mapping[str, Json] = field(default_factory=dict)
    created_at: float
    updated_at: float
    created_by_id: int = 1
    updated_by_id: int = 1

    def as_json(self, template: Mapping[str, Json], member_ids: Iterable[int]) -> dict[str, Json]:
        return {
            "id": self.id,
            "name": self.name,
            **template,
            "updated_by_id": self.updated_by_id,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            **self.extra,
            "member_ids": list(member_ids),
            "secondary_member_ids": [],
        }


class Organizations:
    def __init__(self, *, version: Version, attributes: Attributes) -> None:
        self._template = {**_TEMPLATE, **version.organization_extra}
        self._attributes = attributes
        self._by_id: dict[int, Organization] = {}
        self._recency: dict[int, None] = {}

    def shown(self, organization: Organization, member_ids: Iterable[int]) -> dict[str, Json]:
        return organization.as_json({**self._template, **self._attributes.shown_anyway("Organization")}, member_ids)

    def find(self, organization_id: int) -> Organization | None:
        return self._by_id.get(organization_id)

    def all(self) -> list[Organization]:
        return list(self._by_id.values())

    def newest_first(self) -> Iterator[Organization]:
        return (self._by_id[organization_id] for organization_id in reversed(self._recency))

    def add(self, name: str, *, by: int, now: float, **fields: Json) -> Organization:
        organization = Organization(
            id=max(self._by_id, default=0) + 1,
            name=name,
            extra={**self._attributes.defaults_of("Organization", new=True), **fields},
            created_at=now,
            updated_at=now,
            created_by_id=by,
            updated_by_id=by,
        )
        self._by_id[organization.id] = organization
        self._recency[organization.id] = None
        return organization

    def known_attribute(self, name: str) -> bool:
        return name == "name" or name in self._template or name in self._attributes.columns("Organization")

    def change(self, organization: Organization, changes: Mapping[str, Json], *, by: int, now: float) -> None:
        known = {name: value for name, value in changes.items() if self.known_attribute(name)}
        organization.name = known.pop("name", organization.name)
        defaults = self._attributes.defaults_of("Organization", new=False)
        organization.extra = {**defaults, **organization.extra, **known}
        organization.updated_at = later(now, organization.updated_at)
        organization.updated_by_id = by
        self._recency.pop(organization.id)
        self._recency[organization.id] = None
