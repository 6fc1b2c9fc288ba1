"""HTTP logs over REST (docs/reference/zammad.md section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answers import JsonAnswer
from .requester import requester_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.simulator.state import Simulator

    from .call import Call


def create_http_log(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("admin.integration")
    return JsonAnswer(sim.http_log_rows.add(call.fields, by=requester.id, now=sim.now()), status_code=201)


def list_http_logs(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("admin.integration")
    limit = int(call.query.get("limit", "50"))
    return JsonAnswer(sim.http_log_rows.of(call.path_params["facility"], limit))


ENDPOINTS = (
    ("POST", "/api/v1/http_logs", create_http_log),
    ("GET", "/api/v1/http_logs/{facility}", list_http_logs),
)
