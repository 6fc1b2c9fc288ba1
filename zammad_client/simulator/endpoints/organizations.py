"""The organizations' endpoints (docs/reference/zammad.md section 5)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, found, masked

from .answers import JsonAnswer
from .requester import note_write, requester_of
from .views.core_workflows import require_mandatory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.models.organizations import Organization
    from zammad_client.simulator.state import Simulator

    from .call import Call


def shown(sim: Simulator, organization: Organization, *, expand: bool) -> dict[str, Json]:
    member_ids = sim.people.members.get(organization.id, {})
    record = sim.organizations.shown(organization, member_ids)
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
    if sim.version.query_required and "query" not in call.query:
        raise masked(500)
    text = call.query.get("query", "").replace("*", "").lower()
    matching = (each for each in _ordered(sim, call) if text in each.name.lower())
    page = call.page(default=sim.version.page_default, largest=sim.version.page_largest)
    return JsonAnswer([shown(sim, each, expand=call.expand) for each in islice(matching, page.start, page.stop)])


def show_organization(sim: Simulator, call: Call) -> Response:
    _require_reader(sim, call)
    return JsonAnswer(shown(sim, _found(sim, call), expand=call.expand))


def update_organization(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    organization = _found(sim, call)
    if not requester.may("admin.organization"):
        raise Refusal(403, "Not authorized")
    require_mandatory(sim, "Organization", {**shown(sim, organization, expand=False), **call.fields}, requester)
    if any(sim.organizations.known_attribute(name) for name in call.fields):
        sim.organizations.change(organization, call.fields, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, organization, expand=call.expand))


def _ordered(sim: Simulator, call: Call) -> Iterable[Organization]:
    match call.query.get("sort_by", "updated_at"), call.query.get("order_by", "desc"):
        case "updated_at", "desc":
            return sim.organizations.newest_first()
        case "id", "asc":
            return sim.organizations.all()
        case other:
            raise NotSimulatedError(f"organizations in the order {other}")


def _found(sim: Simulator, call: Call) -> Organization:
    return found(sim.organizations.find(call.record_id), "Organization", call.path_params["id"])


def _require_reader(sim: Simulator, call: Call) -> None:
    requester = requester_of(sim, call)
    call.refuse_parameters("full")
    if not (requester.may("ticket.agent") or requester.may("admin.organization")):
        raise Refusal(403, "Not authorized")


ENDPOINTS = (
    ("GET", "/api/v1/organizations", list_organizations),
    ("GET", "/api/v1/organizations/search", search_organizations),
    ("GET", "/api/v1/organizations/{id}", show_organization),
    ("PUT", "/api/v1/organizations/{id}", update_organization),
)
