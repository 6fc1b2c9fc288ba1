"""What is asked for before a ticket is written: states, priorities, the form, settings for everybody (section 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.endpoints.answers import JsonAnswer
from zammad_client.simulator.endpoints.groups import group_record
from zammad_client.simulator.endpoints.requester import requester_of
from zammad_client.simulator.models.clock import stamp
from zammad_client.simulator.models.people import GROUP_NAMES
from zammad_client.simulator.models.tickets import PRIORITIES, STATE_TYPES, STATES

from .lookups import agent_asking

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.endpoints.call import Call
    from zammad_client.simulator.state import Simulator

_FIELDS = ("number", "title", "customer_id", "organization_id", "group_id", "owner_id", "state_id", "pending_time",
           "priority_id", "tags", "body")  # fmt: skip
MANDATORY = frozenset({"title", "customer_id", "group_id", "state_id", "priority_id"})


def list_states(sim: Simulator, call: Call) -> Response:
    agent_asking(sim, call)
    return JsonAnswer([_state(sim, state_id) for state_id in STATES])


def list_priorities(sim: Simulator, call: Call) -> Response:
    agent_asking(sim, call)
    looks = {1: "low-priority", 3: "important"}
    return JsonAnswer(
        [
            {"id": number, "name": name, "default_create": number == 2, "ui_icon": looks.get(number),
             "ui_color": looks.get(number), **_kept_about(sim)}
            for number, name in PRIORITIES.items()
        ]
    )  # fmt: skip


def show_form(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    mine = sorted(requester.person.group_ids)
    assets = {} if sim.version.groups_for_agents else _assets(sim, mine)
    if not sim.version.ticket_form_tells:
        return JsonAnswer({"assets": assets, "form_meta": {"filter": {"type_id": []}, "dependencies": {}}})
    workflow = {
        "restrict_values": {
            "group_id": ["", *map(str, mine)],
            "owner_id": [""],
            "state_id": ["", "1", "2", "3"],
            "priority_id": ["2", "1", "3"],
            **{name: ["", *options] for name, options in sim.ticketing.options.items()},
        },
        "request_id": "default",
        "visibility": {name: "hide" if name == "organization_id" else "show" for name in _FIELDS},
        "mandatory": {name: name in MANDATORY | sim.ticketing.mandatory for name in (*_FIELDS, *_own(sim))},
        "readonly": dict.fromkeys(_FIELDS, False),
        "select": {},
        "fill_in": {},
        "eval": [],
        "matched_workflows": [1, 2],
        "rerun_count": 0,
    }
    meta: Json = {
        "filter": {"type_id": []},
        "dependencies": None,
        "configure_attributes": None,
        "core_workflow": workflow,
    }
    return JsonAnswer({"assets": assets, "form_meta": meta})


def show_settings(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call)
    config = {
        "locale_default": "en-us",
        "timezone_default": "UTC",
        "pretty_date_format": "relative",
        "http_type": "http",
        "fqdn": str(sim.settings.raw("fqdn")),
        "product_name": str(sim.settings.raw("product_name")),
        "time_accounting": False,
        "time_accounting_selector": {},
        "sipgate_integration": sim.settings.raw("sipgate_integration"),
        "cti_integration": sim.settings.raw("cti_integration"),
    }
    if sim.version.time_accountings:
        config |= {
            "time_accounting_unit": "",
            "time_accounting_unit_custom": "",
            "time_accounting_types": False,
            "time_accounting_type_default": "",
        }
    return JsonAnswer({"config": config | sim.ticketing.shown})


def _own(sim: Simulator) -> set[str]:
    return sim.ticketing.mandatory - set(_FIELDS)


def _assets(sim: Simulator, groups: list[int]) -> dict[str, Json]:
    return {"Group": {str(number): group_record(sim, number) for number in groups if number in GROUP_NAMES}}


def _state(sim: Simulator, state_id: int) -> dict[str, Json]:
    return {
        "id": state_id,
        "state_type_id": STATE_TYPES[state_id],
        "name": STATES[state_id],
        "next_state_id": None,
        "ignore_escalation": state_id not in {1, 2},
        "default_create": state_id == 1,
        "default_follow_up": state_id == 2,
        **_kept_about(sim),
    }


def _kept_about(sim: Simulator) -> dict[str, Json]:
    made = stamp(sim.started_at)
    return {
        "note": None,
        "active": True,
        "updated_by_id": 1,
        "created_by_id": 1,
        "created_at": made,
        "updated_at": made,
    }


ENDPOINTS = (
    ("GET", "/api/v1/ticket_states", list_states),
    ("GET", "/api/v1/ticket_priorities", list_priorities),
    ("GET", "/api/v1/ticket_create", show_form),
    ("GET", "/api/v1/signshow", show_settings),
)
