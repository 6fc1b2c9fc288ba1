"""Settings over REST (docs/reference/zammad.md section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zammad_client.simulator.models.refusals import Refusal, masked

from .answers import JsonAnswer
from .requester import note_write, requester_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.simulator.models.settings import Setting
    from zammad_client.simulator.state import Simulator

    from .call import Call
    from .requester import Requester


def list_settings(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require_any("admin")  # then each setting for itself: without admin.integration the list is short
    return JsonAnswer([sim.settings.shown(each) for each in sim.settings.records() if requester.may(each.permission)])


def show_setting(sim: Simulator, call: Call) -> Response:
    return JsonAnswer(sim.settings.shown(_allowed(sim, requester_of(sim, call), call)))


def update_setting(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    setting = _allowed(sim, requester, call)
    current = call.fields.get("state_current")
    if isinstance(current, Mapping) and "value" in current:  # `state` alone changes nothing
        sim.settings[setting.name] = current["value"]
    note_write(sim, call, requester)
    return JsonAnswer(sim.settings.shown(setting))


def create_setting(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call)
    raise Refusal(403, "Not authorized (feature not possible)")


def list_mailboxes(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("ticket.agent")
    return JsonAnswer([{"id": 1 + place, "email": email} for place, email in enumerate(sim.mailboxes)])


def _allowed(sim: Simulator, requester: Requester, call: Call) -> Setting:
    setting = sim.settings.find(call.record_id)
    if setting is None:
        raise masked(500)
    if not requester.may(setting.permission):
        raise Refusal(403, "Not authorized")
    return setting


ENDPOINTS = (
    ("GET", "/api/v1/email_addresses", list_mailboxes),
    ("GET", "/api/v1/settings", list_settings),
    ("POST", "/api/v1/settings", create_setting),
    ("GET", "/api/v1/settings/{id}", show_setting),
    ("PUT", "/api/v1/settings/{id}", update_setting),
)
