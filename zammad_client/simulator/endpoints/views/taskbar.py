"""The taskbar over REST: how a tab gets into the desktop view (docs/reference/zammad.md section 10.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.endpoints.answers import JsonAnswer
from zammad_client.simulator.endpoints.requester import note_write, requester_of
from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, found

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.simulator.endpoints.call import Call
    from zammad_client.simulator.endpoints.requester import Requester
    from zammad_client.simulator.state import Simulator


def list_tabs(sim: Simulator, call: Call) -> Response:
    requester = _requester(sim, call)
    return JsonAnswer([tab.as_json() for tab in sim.taskbar.of(requester.id)])


def create_tab(sim: Simulator, call: Call) -> Response:
    requester = _requester(sim, call)
    tab = sim.taskbar.add(call.fields, user_id=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(tab.as_json(), status_code=201)


def delete_tab(sim: Simulator, call: Call) -> Response:
    requester = _requester(sim, call)
    tab = found(sim.taskbar.find(call.record_id), "Taskbar", call.path_params["id"])
    if tab.user_id != requester.id:
        raise Refusal(403, "Not authorized")
    sim.taskbar.remove(tab.id)
    note_write(sim, call, requester)
    return JsonAnswer({})


def _requester(sim: Simulator, call: Call) -> Requester:
    if not sim.version.taskbar:
        raise NotSimulatedError("the taskbar of this version")
    return requester_of(sim, call)


ENDPOINTS = (
    ("GET", "/api/v1/taskbar", list_tabs),
    ("POST", "/api/v1/taskbar", create_tab),
    ("DELETE", "/api/v1/taskbar/{id}", delete_tab),
)
