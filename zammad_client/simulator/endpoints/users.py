"""The users' endpoints (docs/reference/zammad.md section 5)."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import TYPE_CHECKING

from zammad_client.simulator.models.people import TEMPLATE
from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, found, masked
from zammad_client.simulator.models.roles import CUSTOMER, ROLE_IDS, roles_with

from .answers import JsonAnswer
from .requester import note_write, requester_of
from .views.core_workflows import require_mandatory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.models.people import Person
    from zammad_client.simulator.state import Simulator

    from .call import Call
    from .requester import Requester

_SORTABLE = frozenset({"id", "login", "firstname", "lastname", "email", "created_at", "updated_at"})


def shown(sim: Simulator, person: Person, *, expand: bool) -> dict[str, Json]:
    if not expand:
        return sim.people.shown(person)
    organization = sim.organizations.find(person.organization_id) if person.organization_id else None
    return sim.people.shown_with_names(person, organization.name if organization else None)


def list_users(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    call.refuse_parameters("full")
    if not _sees_everybody(requester):
        return JsonAnswer([shown(sim, requester.person, expand=call.expand)])
    people = (sim.people.find(user_id) for user_id in sim.people.ids[call.page(default=500, largest=1000)])
    return JsonAnswer([shown(sim, person, expand=call.expand) for person in people if person])


def show_me(sim: Simulator, call: Call) -> Response:
    call.refuse_parameters("full")
    return JsonAnswer(shown(sim, requester_of(sim, call).person, expand=call.expand))


def show_user(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    call.refuse_parameters("full")
    person = _found(sim, call)
    if not _sees_everybody(requester) and person.id != requester.id:
        raise Refusal(403, "Not authorized")
    return JsonAnswer(shown(sim, person, expand=call.expand))


def search_users(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    call.refuse_parameters("full", "term", "label", "condition", "ids", "role_ids", "group_ids")
    if not _sees_everybody(requester):
        raise Refusal(403, "Not authorized")
    if sim.version.query_required and "query" not in call.query:
        raise masked(500)
    page = call.page(default=sim.version.page_default, largest=sim.version.page_largest)
    indexed = (
        each for each in _matching(sim, call) if not (sim.version.query_required and each.id in sim.people.not_indexed)
    )
    people = islice(_sorted(indexed, call), page.start, page.stop)
    return JsonAnswer([shown(sim, person, expand=call.expand) for person in people])


def create_user(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    if not _sees_everybody(requester):
        raise Refusal(403, "Not authorized")
    person = new_user(sim, call.fields, by=requester)
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, person, expand=call.expand), status_code=201)


def update_user(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    person = _found(sim, call)
    if not _may_change(requester, person):
        raise Refusal(403, "Not authorized")
    before = sim.people.shown(person)
    wanted = {name: value for name, value in call.fields.items() if _settable(sim, name, requester)}
    changes = {name: value for name, value in wanted.items() if before.get(name) != value}
    if "email" in changes:
        _require_free_email(sim, str(changes["email"]))
    _require_organization(sim, changes)
    require_mandatory(sim, "User", before | changes, requester)
    if changes:  # where nothing differs Zammad saves nothing and moves no updated_at
        sim.people.change(person, changes, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, person, expand=call.expand))


def update_preferences(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("user_preferences")
    if call.fields:
        changes = {"preferences": dict(call.fields)}
        sim.people.change(requester.person, changes, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer({"message": "ok"})


def new_user(sim: Simulator, fields: Json, *, by: Requester) -> Person:
    """Raises: Refusal where the e-mail is in use."""
    email = str(fields.get("email") or "").strip().lower()
    _require_free_email(sim, email)
    role_ids = [ROLE_IDS[name] for name in fields.get("roles", []) if name in ROLE_IDS]
    own: dict[str, Json] = {name: str(fields.get(name) or "") for name in ("firstname", "lastname", "phone", "mobile")}
    custom = sim.attributes.columns("User")
    extra = {name: value for name, value in fields.items() if name in TEMPLATE or name in custom}
    return sim.people.add(
        now=sim.now(),
        login=str(fields.get("login") or email or f"auto-{uuid.uuid4()}"),
        email=email,
        organization_id=fields.get("organization_id"),
        role_ids=tuple(role_ids or fields.get("role_ids") or (CUSTOMER.id,)),
        created_by_id=by.id,
        updated_by_id=by.id,
        extra=extra,
        **own,
    )


def _require_free_email(sim: Simulator, email: str) -> None:
    if email and sim.people.with_email(email):
        raise Refusal(422, f"Email address '{email}' is already used for {sim.version.other_user}.")


def _require_organization(sim: Simulator, changes: Mapping[str, Json]) -> None:
    wanted = changes.get("organization_id")
    if sim.version.unknown_organization and wanted and sim.organizations.find(int(wanted)) is None:
        raise masked(422)


def _found(sim: Simulator, call: Call) -> Person:
    return found(sim.people.find(call.record_id), "User", call.path_params["id"])


def _sees_everybody(requester: Requester) -> bool:
    return requester.may("ticket.agent") or requester.may("admin.user")


def _may_change(requester: Requester, person: Person) -> bool:
    if requester.may("admin.user"):
        return True
    return requester.may("ticket.agent") and person.holds("ticket.customer") and not person.holds("ticket.agent")


def _settable(sim: Simulator, name: str, requester: Requester) -> bool:
    if name in {"roles", "role_ids"}:
        return requester.may("admin.user")
    return sim.people.known_attribute(name)


def _matching(sim: Simulator, call: Call) -> Iterable[Person]:
    permissions = call.lists.get("permissions", ())
    if permissions:
        wanted = frozenset[int]().union(*(roles_with(permission) for permission in permissions))
        people: Iterable[Person] = sim.people.with_a_role_of(wanted)
    else:
        people = sim.people.newest_first()
    text = call.query.get("query", "").replace("*", "").lower()
    everything = sim.version.searches_every_text
    return (person for person in people if _says(person, text, everything=everything)) if text else people


def _says(person: Person, text: str, *, everything: bool) -> bool:
    names = (person.firstname, person.lastname, person.email, person.login)
    return any(text in each.lower() for each in (person.texts() if everything else names))


def _sorted(people: Iterable[Person], call: Call) -> Iterable[Person]:
    column = call.query.get("sort_by", "updated_at")
    descending = call.query.get("order_by", "desc" if "sort_by" not in call.query else "asc").lower() == "desc"
    if column == "updated_at" and descending:
        return people  # their order already
    if column not in _SORTABLE:
        raise NotSimulatedError(f"sort_by={column}")
    return sorted(people, key=lambda person: getattr(person, column), reverse=descending)


ENDPOINTS = (
    ("GET", "/api/v1/users", list_users),
    ("POST", "/api/v1/users", create_user),
    ("GET", "/api/v1/users/me", show_me),
    ("GET", "/api/v1/users/search", search_users),
    ("PUT", "/api/v1/users/preferences", update_preferences),
    ("GET", "/api/v1/users/{id}", show_user),
    ("PUT", "/api/v1/users/{id}", update_user),
)
