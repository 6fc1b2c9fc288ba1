"""The generic CTI endpoint: its checks, the agent it means, what opens there (docs/reference/zammad.md section 1)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, found
from zammad_client.simulator.seen import Opened, OpenedInDesktop

from .answers import JsonAnswer
from .call import id_in
from .groups import group_record, role_record
from .requester import requester_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.models.call_log import Row
    from zammad_client.simulator.models.people import Person
    from zammad_client.simulator.state import Simulator

    from .call import Call

_BACKENDS = (("CTI (generic)", "cti"), ("sipgate.io", "sipgate"), ("Placetel", "placetel"))


def call_event(sim: Simulator, call: Call) -> Response:
    answer = _answer_to(sim, call)
    sim.http_log_rows.note_cti(
        method=call.method, url=call.url, ip=call.client, body=call.body, answer=answer, now=sim.now()
    )
    return JsonAnswer(answer)


def _answer_to(sim: Simulator, call: Call) -> Json:
    config = sim.settings.raw("cti_config")
    _check_configured(sim, config, call.path_params["token"])
    event = {**call.query, **call.fields}
    if event.get("direction") not in {"in", "out"}:
        raise Refusal(422, "Invalid 'direction'!", plain=True)
    if event["direction"] == "out" and event.get("event") == "newCall":
        return _outbound(sim, event, config)
    rejected = _blocked(event, config)
    row = sim.calls.apply(event, sim.now())
    if rejected:
        return {"action": "reject", "reason": "busy"}
    if row is not None and event["event"] == "answer" and event["direction"] == "in":
        _open_for_agent(sim, row, event)
    return {}


def _check_configured(sim: Simulator, config: Json, token: str) -> None:
    if sim.switch_unheard or not sim.settings.raw("cti_integration"):
        raise Refusal(422, "Feature is disabled, please contact your administrator!", plain=True)
    if not (config and config.get("inbound") and config.get("outbound")):
        raise Refusal(422, "Feature not configured, please contact your admin!", plain=True)
    if token != sim.settings.raw("cti_token"):
        raise Refusal(401, "Invalid token, please contact your admin!", plain=True)


def _blocked(event: Mapping[str, Json], config: Json) -> bool:
    """Exact strings only, as Zammad compares them."""
    if event.get("event") != "newCall":
        return False
    return any(item.get("caller_id") == event.get("from") for item in config["inbound"].get("block_caller_ids", ()))


def _outbound(sim: Simulator, event: Mapping[str, Json], config: Json) -> Json:
    outbound = config["outbound"]
    if outbound.get("routing_table"):
        raise NotSimulatedError("a routing table in cti_config")
    caller_id = outbound.get("default_caller_id")
    sim.calls.apply({**event, "from": caller_id} if caller_id else event, sim.now())
    return {"action": "dial", "caller_id": caller_id, "number": event.get("to")} if caller_id else {}


def _open_for_agent(sim: Simulator, row: Row, event: Mapping[str, Json]) -> None:
    agent = _answering_agent(sim, event)
    if agent is None or not agent.holds("cti.agent"):
        return
    customer_id = next((entry.user_id for entry in row.matches if entry.level == "known"), None)
    since = sim.now() - sim.settings.raw("cti_customer_last_activity")
    profile = customer_id is not None and sim.tickets.touched_since(customer_id, since)
    _open_in_desktop(sim, row, agent, profile=profile, customer_id=customer_id)
    sim.opened.append(
        Opened(
            agent_id=agent.id,
            kind="profile" if profile else "ticket dialog",
            customer_id=customer_id,
            call_id=row.call_id,
            at=sim.now(),
            title="" if profile else sim.version.title.format(caller=event.get("from", "")),
        )
    )


def _open_in_desktop(sim: Simulator, row: Row, agent: Person, *, profile: bool, customer_id: int | None) -> None:
    """For an agent who has the desktop view open, as it is known from Zammad's source."""
    wanted = sim.version.desktop_opens and sim.settings.raw("ui_desktop_beta_switch")
    if not (wanted and agent.holds("ticket.agent") and agent.preferences.get("cti")):
        return
    if profile:
        target = f"/desktop/users/{customer_id}"
    elif customer_id is not None:
        target = f"/desktop/tickets/create?customer_id={customer_id}"
    else:
        target = f"/desktop/tickets/create?customer_phone={row.caller}"
    sim.opened_in_desktop.append(OpenedInDesktop(agent_id=agent.id, target=target, call_id=row.call_id, at=sim.now()))


def _answering_agent(sim: Simulator, event: Mapping[str, Json]) -> Person | None:
    """The parameter answeringNumber beats user, read as a login, which beats user_id."""
    number = event.get("answeringNumber")
    agent = _agent_with_number(sim, str(number)) if number else None
    if agent is None and event.get("user"):
        agent = sim.people.with_login(str(event["user"]))
    return agent or sim.people.find(id_in(event.get("user_id")))


def _agent_with_number(sim: Simulator, number: str) -> Person | None:
    for entry in sim.index.matches(number):
        agent = sim.people.find(entry.user_id)
        if entry.level == "known" and agent is not None and agent.holds("cti.agent"):
            return agent
    return next((each for each in sim.people.newest_first() if each.phone == number and each.active), None)


def show_log(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("cti.agent")
    config = sim.settings.raw("cti_config") or {}
    rows = list(islice(sim.calls.newest_first(), int(config.get("view_limit") or 60)))
    if config.get("notify_map"):
        rows = _rows_for(rows, requester.id, config["notify_map"])
    backends = [
        {"name": title, "enabled": bool(sim.settings.raw(f"{name}_integration")), "url": f"#system/integration/{name}"}
        for title, name in _BACKENDS
    ]
    return JsonAnswer({"list": [row.as_json() for row in rows], "assets": _assets(sim, rows), "backends": backends})


def _rows_for(rows: list[Row], user_id: int, notify_map: Json) -> list[Row]:
    """With a notify_map agents see their own queues only, and those in no row see nothing."""
    queues = {each.get("queue") for each in notify_map if str(user_id) in map(str, each.get("user_ids", ()))}
    return [row for row in rows if row.queue in queues]


def _assets(sim: Simulator, rows: list[Row]) -> Json:
    """The matched people and whoever created or changed them, with their roles and groups."""
    matched = [person for row in rows for entry in row.matches if (person := sim.people.find(entry.user_id))]
    user_ids = {each for person in matched for each in (person.id, person.created_by_id, person.updated_by_id)}
    people = [person for user_id in sorted(user_ids) if (person := sim.people.find(user_id))]
    role_ids = {role_id for person in people for role_id in person.role_ids}
    group_ids = {group_id for person in people for group_id in person.group_ids}
    assets: Json = {
        "User": {str(person.id): sim.people.shown(person) | {"accounts": {}} for person in people},
        "Role": {str(role_id): role_record(sim, role_id) for role_id in sorted(role_ids)},
        "Group": {str(group_id): group_record(sim, group_id) for group_id in sorted(group_ids)},
        "Organization": {},
    }
    return {name: records for name, records in assets.items() if name in sim.version.log_assets}


def mark_done(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("cti.agent")
    row = _found(sim, call.path_params["id"])
    row.done = call.fields.get("done", True) not in {False, "false"}
    row.updated_at = sim.now()
    return JsonAnswer({})


def mark_many_done(sim: Simulator, call: Call) -> Response:
    requester_of(sim, call).require("cti.agent")
    for row_id in call.fields.get("ids", ()):  # one missing row ends it; those before stay done
        _found(sim, row_id).done = True
    return JsonAnswer({})


def _found(sim: Simulator, row_id: object) -> Row:
    return found(sim.calls.find(id_in(row_id)), "Cti::Log", row_id)


ENDPOINTS = (
    ("GET", "/api/v1/cti/log", show_log),
    ("POST", "/api/v1/cti/done/bulk", mark_many_done),
    ("POST", "/api/v1/cti/done/{id}", mark_done),
    ("POST", "/api/v1/cti/{token}", call_event),
)
