"""Groups and roles, by themselves and as what an answer takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.models.clock import stamp
from zammad_client.simulator.models.people import GROUP_NAMES
from zammad_client.simulator.models.refusals import NotSimulatedError
from zammad_client.simulator.models.roles import CUSTOMER, ROLES

from .answers import JsonAnswer
from .requester import note_write, requester_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.state import Simulator

    from .call import Call


def list_groups(sim: Simulator, call: Call) -> Response:
    _require_reader(sim, call, "admin.group")
    groups = [_group(sim, group_id, expand=call.expand) for group_id in GROUP_NAMES]
    return JsonAnswer(groups[call.page(default=500, largest=500)])


def update_group(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("admin.group")
    sim.change_group(call.record_id, **call.fields)
    note_write(sim, call, requester)
    return JsonAnswer(group_record(sim, call.record_id))


def list_roles(sim: Simulator, call: Call) -> Response:
    _require_reader(sim, call, "admin.role")
    if not sim.version.groups_for_agents:
        raise NotSimulatedError("roles for an admin")
    return JsonAnswer([_role(sim, role_id) for role_id in ROLES])


def _require_reader(sim: Simulator, call: Call, permission: str) -> None:
    requester = requester_of(sim, call)
    if not (sim.version.groups_for_agents and (requester.may("ticket.agent") or requester.may("admin.user"))):
        requester.require(permission)


def group_record(sim: Simulator, group_id: int) -> dict[str, Json]:
    return {
        "id": group_id,
        "signature_id": 1 if group_id == 1 else None,
        "email_address_id": 1 if sim.ticketing.answers_mail else None,
        "name": GROUP_NAMES[group_id],
        **sim.version.group_extra,
        "assignment_timeout": None,
        "follow_up_possible": "yes",
        "follow_up_assignment": True,
        "active": True,
        "shared_drafts": True,
        "note": "Standard Group/Pool for Tickets." if group_id == 1 else None,
        **_made_at_start(sim),
        **sim.ticketing.group_attributes.get(group_id, {}),
        "user_ids": sorted(person.id for person in sim.people.staff() if group_id in person.group_ids),
    }


def role_record(sim: Simulator, role_id: int) -> dict[str, Json]:
    return {
        "id": role_id,
        "name": ROLES[role_id].name,
        "preferences": {},
        "default_at_signup": role_id == CUSTOMER.id,
        "active": True,
        "note": None,
        **_made_at_start(sim),
        "permission_ids": list(range(1, len(ROLES[role_id].permissions) + 1)),
        "knowledge_base_permission_ids": [],
        "group_ids": {},
    }


def _group(sim: Simulator, group_id: int, *, expand: bool) -> dict[str, Json]:
    group = group_record(sim, group_id)
    if not expand:
        return group
    logins = [sim.people.login_of(user_id) for user_id in group["user_ids"]]
    signature = {"signature": "default"} if group_id == 1 else {}
    return group | signature | {"users": logins, "created_by": "-", "updated_by": "-"}


def _role(sim: Simulator, role_id: int) -> dict[str, Json]:
    names = {"permissions": sorted(ROLES[role_id].permissions), "knowledge_base_permissions": [], "groups": {}}
    return role_record(sim, role_id) | names | {"created_by": "-", "updated_by": "-"}


def _made_at_start(sim: Simulator) -> dict[str, Json]:
    created = stamp(sim.started_at)
    return {"updated_by_id": 1, "created_by_id": 1, "created_at": created, "updated_at": created}


ENDPOINTS = (
    ("GET", "/api/v1/groups", list_groups),
    ("PUT", "/api/v1/groups/{id}", update_group),
    ("GET", "/api/v1/roles", list_roles),
)
