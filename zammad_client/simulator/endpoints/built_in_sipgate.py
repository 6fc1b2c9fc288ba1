"""Zammad's own sipgate integration, as far as it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, masked

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.simulator.state import Simulator

    from .call import Call


def built_in_integration(sim: Simulator, call: Call) -> Response:
    """What a proxy without the sidecar's rule lets sipgate reach (recording native_bad_direction)."""
    if not sim.settings.raw("sipgate_integration"):
        raise Refusal(422, "Feature is disabled, please contact your administrator!", plain=True)
    if call.path_params["token"] != sim.sipgate_token:
        raise Refusal(401, "Invalid token, please contact your admin!", plain=True)
    if call.fields.get("direction") in {"in", "out"}:
        raise NotSimulatedError("the built-in sipgate integration")
    raise masked(500)


ENDPOINTS = (("POST", "/api/v1/sipgate/{token}/{side}", built_in_integration),)
