"""What can be asked of the simulated account: one row for each path, with the scope it takes and who has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sipgate_client.records import Json, Kind

from .answers import NO_CONTENT, Reply, Request, for_classic_alone, listed, missing, refused, told, unparsable

if TYPE_CHECKING:
    from .state import SimulatedSipgate

LARGEST_PAGE = 1000
SLOWEST_PAGE = 200  # larger ones end in 504
Serve = Callable[["SimulatedSipgate", Request], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    method: str
    path: re.Pattern[str]
    scope: str
    kinds: frozenset[Kind]
    serve: Serve


def _whose(sim: SimulatedSipgate, _request: Request) -> Reply:
    return told({"sub": sim.user_id, "domain": "sipgate.de", "masterSipId": sim.master_sip_id, "locale": "de_DE"})


def _account(sim: SimulatedSipgate, _request: Request) -> Reply:
    kept = {"company": "Musterfirma GmbH", "mainProductType": "TEAM", "historyLifeTime": sim.history_life_time}
    return told(kept)


def _users(sim: SimulatedSipgate, _request: Request) -> Reply:
    return listed(list(sim.users))


def _devices(sim: SimulatedSipgate, request: Request) -> Reply:
    return listed(list(sim.devices[request.part])) if request.part in sim.devices else missing()


def _phone_lines(sim: SimulatedSipgate, request: Request) -> Reply:
    return listed(list(sim.phone_lines.get(request.part, [])))


def _groups(sim: SimulatedSipgate, _request: Request) -> Reply:
    return listed(list(sim.groups))


def _channels(sim: SimulatedSipgate, _request: Request) -> Reply:
    return listed(list(sim.channels))


def _numbers(sim: SimulatedSipgate, request: Request) -> Reply:
    start, size = int(request.first("offset", "0")), int(request.first("limit", "10"))
    return listed(list(sim.numbers[start : start + size]))


def _notices(sim: SimulatedSipgate, request: Request) -> Reply:
    return told(sim.notices.get(request.part, {"call": [], "voicemail": [], "sms": [], "fax": []}))


def _hook_settings(sim: SimulatedSipgate, _request: Request) -> Reply:
    return refused(403, "FORBIDDEN", "not booked") if sim.hook_settings is None else told(sim.hook_settings)


def _write_hook_settings(sim: SimulatedSipgate, request: Request) -> Reply:
    if not (request.body.get("incomingUrl") and request.body.get("outgoingUrl")):
        return unparsable("both URLs are required", "/incomingUrl")
    sim.hook_settings = dict(request.body)
    return NO_CONTENT


def _hook_log(sim: SimulatedSipgate, _request: Request) -> Reply:
    return listed(list(sim.hook_log))


def _history(sim: SimulatedSipgate, request: Request) -> Reply:
    start, size = int(request.first("offset", "0")), int(request.first("limit", "10"))
    if size > LARGEST_PAGE:
        return unparsable("limit is too large", "/limit")
    if size > SLOWEST_PAGE:
        return Reply(status=504, body=b"<h1>Gateway Timeout</h1>", media_type="text/html")
    found = [] if sim.history_hidden else [entry for entry in sim.history if _is_wanted(entry, request)]
    return told({"items": found[start : start + size], "totalCount": len(found)})


def _is_wanted(entry: dict[str, Json], request: Request) -> bool:
    created = datetime.fromisoformat(entry["created"])
    since, until = request.first("from"), request.first("to")
    return (
        entry["type"] in request.query.get("types", [])
        and entry["archived"] is (request.first("archived", "false") == "true")
        and (not since or created >= datetime.fromisoformat(since))
        and (not until or created <= datetime.fromisoformat(until))
    )


def _history_entry(sim: SimulatedSipgate, request: Request) -> Reply:
    return next((told(entry) for entry in sim.history if entry["id"] == request.part), missing())


def _call(sim: SimulatedSipgate, request: Request) -> Reply:
    return _begun(sim, request.body.get("caller"), request.body.get("callee"), "sessionId")


def _call_on_neo(sim: SimulatedSipgate, request: Request) -> Reply:
    device, callee = request.body.get("deviceId"), request.body.get("targetNumber")
    if isinstance(device, str) and device.startswith("y"):
        return refused(400, "PARAMETER_INVALID", "Invalid invitable device")
    return _begun(sim, device, callee, "callSid")


def _begun(sim: SimulatedSipgate, device: Json, callee: Json, name: str) -> Reply:
    if not isinstance(device, str) or not isinstance(callee, str) or not re.fullmatch(r"\+?\d{7,15}", callee):
        return unparsable("phoneNumber is not valid", "/callee")
    if not any(each["id"] == device for devices in sim.devices.values() for each in devices):
        return refused(403, "FORBIDDEN", "not your device")
    session_id = sim.begin_call(device, callee)
    sim.on_call(device, callee, session_id)
    return told({name: session_id})


_BOTH, _CLASSIC, _NEO = frozenset(Kind), frozenset({Kind.CLASSIC}), frozenset({Kind.NEO})
_ROWS: list[tuple[str, str, str, frozenset[Kind], Serve]] = [
    ("GET", r"/authorization/userinfo", "", _BOTH, _whose),
    ("GET", r"/account", "account:read", _BOTH, _account),
    ("GET", r"/users", "users:read", _BOTH, _users),
    ("GET", r"/(w\d+)/devices", "devices:read", _BOTH, _devices),
    ("GET", r"/(w\d+)/phonelines", "phonelines:read", _CLASSIC, _phone_lines),
    ("GET", r"/(w\d+)/notifications", "notifications:read", _BOTH, _notices),
    ("GET", r"/groups", "groups:read", _CLASSIC, _groups),
    ("GET", r"/channels", "channels:read", _NEO, _channels),
    ("GET", r"/numbers", "numbers:read", _BOTH, _numbers),
    ("GET", r"/settings/sipgateio", "settings:sipgateio:read", _BOTH, _hook_settings),
    ("PUT", r"/settings/sipgateio", "settings:sipgateio:write", _BOTH, _write_hook_settings),
    ("GET", r"/log/webhooks", "log:webhooks:read", _BOTH, _hook_log),
    ("GET", r"/history", "history:read", _BOTH, _history),
    ("GET", r"/history/(\d+)", "history:read", _BOTH, _history_entry),
    ("POST", r"/sessions/calls", "sessions:calls:write", _CLASSIC, _call),
    ("POST", r"/calls", "rtcm:write", _NEO, _call_on_neo),
]
_ENDPOINTS = [
    Endpoint(method=method, path=re.compile(path), scope=scope, kinds=kinds, serve=serve)
    for method, path, scope, kinds, serve in _ROWS
]


def answered(
    sim: SimulatedSipgate, method: str, path: str, query: dict[str, list[str]], body: dict[str, Json]
) -> Reply:
    """`path` begins behind the base path. Whoever asks has the right token."""
    for endpoint in _ENDPOINTS:
        found = endpoint.path.fullmatch(path)
        if endpoint.method != method or not found:
            continue
        if sim.kind not in endpoint.kinds:
            return for_classic_alone() if Kind.CLASSIC in endpoint.kinds else missing()
        if endpoint.scope and not sim.may(endpoint.scope):
            return refused(403, "FORBIDDEN", "insufficient scope")
        return endpoint.serve(sim, Request(query=query, body=body, part=(*found.groups(), "")[0] or ""))
    return refused(501, "NOT_SIMULATED", f"the simulated sipgate does not do {method} {path}")
