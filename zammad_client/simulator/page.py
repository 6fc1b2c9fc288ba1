"""What an agent would see, for people watching the demo: log, opened dialogs, people."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import jinja2
from starlette.responses import HTMLResponse, RedirectResponse

from .endpoints.answers import JsonAnswer
from .endpoints.requester import SESSION_COOKIE
from .models.refusals import Refusal

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.records import Json

    from .endpoints.call import Call
    from .models.people import Person
    from .state import Simulator

_SHOWN = 30
_EDITABLE = ("phone", "mobile", "cti_more_numbers", "sipgate_users", "sipgate_number")
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)


def show_page(sim: Simulator, _call: Call) -> Response:
    page = _templates.get_template("page.html")
    return HTMLResponse(page.render(**_state(sim), refresh=2))


def show_state(sim: Simulator, _call: Call) -> Response:
    return JsonAnswer(_state(sim))


def edit_person(sim: Simulator, call: Call) -> Response:
    person = _person(sim, call.path_params["id"])
    page = _templates.get_template("person.html")
    known = [name for name in _EDITABLE if sim.people.known_attribute(name)]
    return HTMLResponse(page.render(person=_described(person), names=known, record=sim.people.shown(person)))


def save_person(sim: Simulator, call: Call) -> Response:
    person = _person(sim, call.path_params["id"])
    changes: dict[str, Json] = {name: str(call.fields[name]) for name in _EDITABLE if name in call.fields}
    if sim.people.known_attribute("cti_blocked"):
        changes["cti_blocked"] = "cti_blocked" in call.fields
    if person.holds("cti.agent"):
        changes["preferences"] = {"cti": "phone_switch" in call.fields}
    sim.people.change(person, changes, by=3, now=sim.now())
    return RedirectResponse("/", 303)


def log_in(sim: Simulator, call: Call) -> Response:
    """`?user=4` sets the session cookie of a browser; without it one chooses. `next` stays on this host."""
    target = call.query.get("next", "/")
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        target = "/"
    if "user" not in call.query:
        links = [(each, "/sim/login?" + urlencode({"user": each["id"], "next": target})) for each in _staff(sim)]
        return HTMLResponse(_templates.get_template("login.html").render(links=links))
    person = _person(sim, call.query["user"])
    answer = RedirectResponse(target, 303)
    answer.set_cookie(SESSION_COOKIE, sim.log_in(person.id), httponly=True, path="/", samesite="lax")
    return answer


def _state(sim: Simulator) -> dict[str, Json]:
    names = {each["id"]: each["name"] for each in _people(sim)}
    return {
        "calls": [row.as_json() for row in islice(sim.calls.newest_first(), _SHOWN)],
        "opened": [
            {
                "agent": names.get(each.agent_id, str(each.agent_id)),
                "agent_id": each.agent_id,
                "kind": each.kind,
                "customer": names.get(each.customer_id, "") if each.customer_id else "",
                "customer_id": each.customer_id,
                "call_id": each.call_id,
                "at": datetime.fromtimestamp(each.at, UTC).strftime("%H:%M:%S"),
            }
            for each in reversed(sim.opened[-_SHOWN:])
        ],
        "people": _people(sim),
        "users": len(sim.people),
        "switches": {name: sim.settings.raw(name) for name in ("sipgate_integration", "cti_integration")},
        "not_simulated": list(sim.not_simulated)[-_SHOWN:],
    }


def _people(sim: Simulator) -> list[dict[str, Json]]:
    people = (sim.people.find(user_id) for user_id in sim.people.ids[1:_SHOWN])
    return [_described(person) for person in people if person]


def _staff(sim: Simulator) -> list[dict[str, Json]]:
    return [each for each in _people(sim) if each["agent"]]


def _described(person: Person) -> dict[str, Json]:
    return {
        "id": person.id,
        "name": person.fullname or person.login,
        "numbers": ", ".join(number for number in (person.phone, person.mobile) if number),
        "agent": person.holds("cti.agent"),
        "phone_switch": bool(person.preferences.get("cti")),
        "blocked": bool(person.extra.get("cti_blocked")),
    }


def _person(sim: Simulator, user_id: str) -> Person:
    person = sim.people.find(int(user_id)) if user_id.isdecimal() else None
    if person is None:
        raise Refusal(404, f"Nobody has the id {user_id}")
    return person


ENDPOINTS = (
    ("GET", "/", show_page),
    ("GET", "/sim/state", show_state),
    ("GET", "/sim/login", log_in),
    ("GET", "/sim/users/{id}", edit_person),
    ("POST", "/sim/users/{id}", save_person),
)
