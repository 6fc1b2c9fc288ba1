"""Reads that need exactly one permission each (from Zammad's source): what a token may do is told by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from zammad_client.simulator.models.refusals import NotSimulatedError

from .answers import JsonAnswer
from .requester import requester_of

if TYPE_CHECKING:
    from zammad_client.simulator.state import Simulator

    from .call import Call


def recent_tickets(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("ticket.agent")
    return JsonAnswer({"assets": {}, "ticket_ids_by_customer": [], "ticket_ids_recent_viewed": []})


def users_template(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("admin.user")
    return Response("id,login,firstname,lastname,email\n", media_type="text/csv")


def organizations_template(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("admin.organization")
    return Response("id,name,shared,domain\n", media_type="text/csv")


def show_version(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("admin.version")
    raise NotSimulatedError("version for an admin")


ENDPOINTS = (
    ("GET", "/api/v1/ticket_recent", recent_tickets),
    ("GET", "/api/v1/users/import_example", users_template),
    ("GET", "/api/v1/organizations/import_example", organizations_template),
    ("GET", "/api/v1/version", show_version),
)
