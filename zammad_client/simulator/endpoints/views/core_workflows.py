"""Which attributes a record needs for whoever changes it (docs/reference/zammad.md section 5.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.endpoints.answers import JsonAnswer
from zammad_client.simulator.endpoints.requester import requester_of
from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, masked
from zammad_client.simulator.models.roles import SERVICE
from zammad_client.simulator.versions import Mandatory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.endpoints.call import Call
    from zammad_client.simulator.endpoints.requester import Requester
    from zammad_client.simulator.state import Simulator


_IN_ADDRESS = frozenset({"street", "zip", "city", "country"})  # on no screen since `address`


def require_mandatory(sim: Simulator, model: str, record: Mapping[str, Json], requester: Requester) -> None:
    """Raises: Refusal for a record that would be left without a value it needs."""
    if sim.version.mandatory is Mandatory.IGNORED:
        return
    missing = next((name for name in _mandatory(sim, model, requester) if record.get(name) in {None, ""}), None)
    if missing is None:
        return
    if sim.version.mandatory is Mandatory.MASKED and not requester.person.holds("admin"):
        raise masked(422)
    raise Refusal(422, f"Missing required value for field '{missing}'!", plain=True)


def perform(sim: Simulator, call: Call) -> Response:
    if not sim.version.core_workflows:
        raise Refusal(404, f"No route matches [{call.method}] {call.path}")
    requester = requester_of(sim, call)
    if call.fields.get("class_name") != "User" or call.fields.get("screen") != "edit":
        raise NotSimulatedError("workflows of anything but users")
    listed = [each.name for each in sim.attributes.all() if each.object == "User"]
    names = [*(name for name in listed if name not in _IN_ADDRESS), "organization_ids"]
    needed = {*_mandatory(sim, "User", requester), "active"}
    return JsonAnswer(
        {
            "restrict_values": {},
            "request_id": call.fields.get("request_id"),
            "visibility": dict.fromkeys(names, "show"),
            "mandatory": {name: name in needed for name in names},
            "readonly": dict.fromkeys(names, False),
            "select": {},
            "fill_in": {},
            "eval": [],
            "matched_workflows": [9],
            "rerun_count": 0,
            "assets": {},
        }
    )


def _mandatory(sim: Simulator, model: str, requester: Requester) -> list[str]:
    optional = sim.attributes.optional_for_service if SERVICE.id in requester.person.role_ids else frozenset[str]()
    return [name for name in sim.attributes.mandatory(model) if name not in optional]


ENDPOINTS = (("POST", "/api/v1/core_workflows/perform", perform),)
