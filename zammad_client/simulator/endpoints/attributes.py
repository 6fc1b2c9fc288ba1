"""Object attributes over REST (docs/reference/zammad.md section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.models.refusals import Refusal

from .answers import JsonAnswer
from .requester import note_write, requester_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.simulator.state import Simulator

    from .call import Call

_LOOKUP_IDS = {"Ticket": 2, "User": 3, "Organization": 4, "Group": 5}


def list_attributes(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("admin.object")
    listed = [each.as_json() | {"object": each.object, "deletable": not each.built_in} for each in sim.attributes.all()]
    return JsonAnswer(listed)


def create_attribute(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("admin.object")
    model = str(call.fields.get("object", ""))
    if model not in _LOOKUP_IDS:
        raise Refusal(422, "Invalid value for param 'object'")
    attribute = sim.attributes.create(model, call.fields, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(attribute.as_json() | {"object_lookup_id": _LOOKUP_IDS[model]}, status_code=201)


def execute_migrations(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("admin.object")
    pending = sim.attributes.migrate()
    if pending and sim.version.restarts:
        sim.restarts.begin()
    note_write(sim, call, requester)
    return JsonAnswer({})


ENDPOINTS = (
    ("GET", "/api/v1/object_manager_attributes", list_attributes),
    ("POST", "/api/v1/object_manager_attributes", create_attribute),
    ("POST", "/api/v1/object_manager_attributes_execute_migrations", execute_migrations),
)
