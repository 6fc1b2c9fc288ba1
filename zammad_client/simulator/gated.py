"""Reads that need exactly one permission each (from Zammad's source), and the built-in integration's refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from .answers import JsonAnswer, NotSimulatedError, Refusal, masked

if TYPE_CHECKING:
    from .call import Call
    from .state import Simulator


def recent_tickets(sim: Simulator, call: Call) -> Response:
    sim.requester(call).require("ticket.agent")
    return JsonAnswer({"assets": {}, "ticket_ids_by_customer": [], "ticket_ids_recent_viewed": []})


def users_template(sim: Simulator, call: Call) -> Response:
    sim.requester(call).require("admin.user")
    return Response("id,login,firstname,lastname,email\n", media_type="text/csv")


def organizations_template(sim: Simulator, call: Call) -> Response:
    sim.requester(call).require("admin.organization")
    return Response("id,name,shared,domain\n", media_type="text/csv")


def built_in_integration(sim: Simulator, call: Call) -> Response:
    """What a proxy without the sidecar's rule lets sipgate reach (recording native_bad_direction)."""
    if not sim.settings.raw("sipgate_integration"):
        raise Refusal(422, "Feature is disabled, please contact your administrator!", plain=True)
    if call.path_params["token"] != sim.sipgate_token:
        raise Refusal(401, "Invalid token, please contact your admin!", plain=True)
    if call.fields.get("direction") in {"in", "out"}:
        raise NotSimulatedError("the built-in sipgate integration")
    raise masked(500)


ENDPOINTS = (
    ("GET", "/api/v1/ticket_recent", recent_tickets),
    ("GET", "/api/v1/users/import_example", users_template),
    ("GET", "/api/v1/organizations/import_example", organizations_template),
    ("POST", "/api/v1/sipgate/{token}/{side}", built_in_integration),
)
