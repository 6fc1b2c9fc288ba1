"""Organizations: their records and their endpoints (reference section 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from .answers import JsonAnswer, NotSimulatedError, Refusal, masked, not_found
from .clock import later, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from starlette.responses import Response

    from zammad_client.records import Json

    from .attributes import Attributes
    from .call import Call
    from .state import Simulator

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

    def as_json(self, member_ids: Iterable[int]) -> dict[str, Json]:
        return {
            "id": self.id,
            "name": self.name,
            **_TEMPLATE,
            "updated_by_id": self.updated_by_id,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            **self.extra,
            "member_ids": list(member_ids),
            "secondary_member_ids": [],
        }


class Organizations:
    def __init__(self, *, attributes: Attributes) -> None:
        self._attributes = attributes
        self._by_id: dict[int, Organization] = {}
        self._recency: dict[int, None] = {}

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
        return name == "name" or name in _TEMPLATE or name in self._attributes.columns("Organization")

    def change(self, organization: Organization, changes: Mapping[str, Json], *, by: int, now: float) -> None:
        known = {name: value for name, value in changes.items() if self.known_attribute(name)}
        organization.name = known.pop("name", organization.name)
        defaults = self._attributes.defaults_of("Organization", new=False)
        organization.extra = {**defaults, **organization.extra, **known}
        organization.updated_at = later(now, organization.updated_at)
        organization.updated_by_id = by
        self._recency.pop(organization.id)
        self._recency[organization.id] = None


def shown(sim: Simulator, organization: Organization, *, expand: bool) -> dict[str, Json]:
    member_ids = sim.people.members.get(organization.id, {})
    record = organization.as_json(member_ids)
    if not expand:
        return record
    return record | {
        "members": [sim.people.login_of(user_id) for user_id in member_ids],
        "created_by": sim.people.login_of(organization.created_by_id),
        "updated_by": sim.people.login_of(organization.updated_by_id),
    }


def list_organizations(sim: Simulator, call: Call) -> Response:
    _require_reader(sim, call)
    chosen = sim.organizations.all()[call.page(default=500, largest=1000)]
    return JsonAnswer([shown(sim, each, expand=call.expand) for each in chosen])


def search_organizations(sim: Simulator, call: Call) -> Response:
    _require_reader(sim, call)
    call.refuse_parameters("term", "label", "condition", "ids")
    if "query" not in call.query:
        raise masked(500)
    if call.query.get("sort_by", "updated_at") != "updated_at" or call.query.get("order_by", "desc") != "desc":
        raise NotSimulatedError("another order than updated_at desc")
    text = call.query["query"].replace("*", "").lower()
    found = (each for each in sim.organizations.newest_first() if text in each.name.lower())
    page = call.page(default=100, largest=500)
    return JsonAnswer([shown(sim, each, expand=call.expand) for each in islice(found, page.start, page.stop)])


def show_organization(sim: Simulator, call: Call) -> Response:
    _require_reader(sim, call)
    return JsonAnswer(shown(sim, _found(sim, call), expand=call.expand))


def update_organization(sim: Simulator, call: Call) -> Response:
    requester = sim.requester(call)
    organization = _found(sim, call)
    if not requester.may("admin.organization"):
        raise Refusal(403, "Not authorized")
    if any(sim.organizations.known_attribute(name) for name in call.fields):
        sim.organizations.change(organization, call.fields, by=requester.id, now=sim.now())
    sim.note_write(call, requester)
    return JsonAnswer(shown(sim, organization, expand=call.expand))


def _found(sim: Simulator, call: Call) -> Organization:
    organization = sim.organizations.find(call.record_id)
    if organization is None:
        raise not_found("Organization", call.path_params["id"])
    return organization


def _require_reader(sim: Simulator, call: Call) -> None:
    requester = sim.requester(call)
    call.refuse_parameters("full")
    if not (requester.may("ticket.agent") or requester.may("admin.organization")):
        raise Refusal(403, "Not authorized")


ENDPOINTS = (
    ("GET", "/api/v1/organizations", list_organizations),
    ("GET", "/api/v1/organizations/search", search_organizations),
    ("GET", "/api/v1/organizations/{id}", show_organization),
    ("PUT", "/api/v1/organizations/{id}", update_organization),
)
