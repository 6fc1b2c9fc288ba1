"""Tickets, articles and tags over REST (docs/reference/zammad.md section 6)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zammad_client.simulator.models.people import GROUP_NAMES
from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, masked
from zammad_client.simulator.models.ticket_search import chosen_by_condition, chosen_by_text
from zammad_client.simulator.models.tickets import (
    ARTICLE_TYPES,
    CLOSED,
    MERGED,
    NOBODY,
    PENDING,
    PRIORITIES,
    SENDERS,
    STATES,
)

from .answers import JsonAnswer
from .requester import note_write, requester_of
from .ticketing.articles import book_time_of, write_article
from .ticketing.lookups import agent_asking, may_change, may_see, named, ticket_found, ticket_to_change
from .users import new_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.models.tickets import Ticket
    from zammad_client.simulator.state import Simulator

    from .call import Call
    from .requester import Requester

_SORTABLE = frozenset({"id", "created_at", "updated_at", "title"})
_CHANGEABLE = frozenset(
    {
        "title",
        "group",
        "group_id",
        "state",
        "state_id",
        "priority",
        "priority_id",
        "owner_id",
        "pending_time",
        "customer_id",
    }
)
_NEWEST = 15  # of the open and of the closed tickets of a customer
_OF_NEW = _CHANGEABLE | {"customer", "article", "tags", "number"}


def shown(sim: Simulator, ticket: Ticket, *, expand: bool) -> dict[str, Json]:
    record: dict[str, Json] = {**ticket.as_json(), **sim.version.ticket_extra}
    if not expand:
        return record
    login_of = sim.people.login_of
    names: dict[str, Json] = {
        "group": GROUP_NAMES[ticket.group_id],
        "state": STATES[ticket.state_id],
        "priority": PRIORITIES[ticket.priority_id],
        "owner": login_of(ticket.owner_id),
        "customer": login_of(ticket.customer_id),
        "created_by": login_of(ticket.created_by_id),
        "updated_by": login_of(ticket.updated_by_id),
    }
    organization = sim.organizations.find(ticket.organization_id or 0)
    if organization:
        names["organization"] = organization.name
    if not ticket.booked:
        names["ticket_time_accounting"] = []
    if ticket.articles:
        names["create_article_type"] = ARTICLE_TYPES[ticket.articles[0].type_id]
        names["create_article_sender"] = SENDERS[ticket.articles[0].sender_id]
    return {**record, **names, **sim.version.ticket_names_extra}


def create_ticket(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    fields = call.fields
    group_id = named(fields, "group", GROUP_NAMES)
    if group_id is None:
        raise Refusal(422, "The required value 'group_id' is missing.")
    if not may_change(requester, group_id):
        raise Refusal(403, "Not authorized")
    if any(not fields.get(name) for name in sim.ticketing.mandatory):
        raise masked(422)
    customer_id = _customer_id(sim, fields, requester)
    customer = sim.people.find(customer_id)
    values = {
        "title": str(fields.get("title", "")),
        "group_id": group_id,
        "customer_id": customer_id,
        "organization_id": customer.organization_id if customer else None,
        "state_id": named(fields, "state", STATES) or 1,
        "priority_id": named(fields, "priority", PRIORITIES) or 2,
        "owner_id": _owner_id(sim, fields.get("owner_id")),
        "extra": _own_attributes(sim, fields),
    }
    ticket = sim.tickets.add(values, by=requester.id, now=sim.now())
    ticket.tags.extend(_tags(fields.get("tags")))
    if fields.get("article"):
        article = write_article(sim, ticket, fields["article"], requester)
        book_time_of(sim, ticket, article, fields["article"])
    _count_tickets(sim, customer_id)
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, ticket, expand=call.expand), status_code=201)


def show_ticket(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    return JsonAnswer(shown(sim, ticket_found(sim, call.path_params["id"], requester), expand=call.expand))


def update_ticket(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    ticket = ticket_to_change(sim, call.path_params["id"], requester)
    change_ticket(sim, ticket, call.fields, by=requester.id)
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, ticket, expand=call.expand))


def change_ticket(sim: Simulator, ticket: Ticket, fields: Mapping[str, Json], *, by: int) -> None:
    """Raises: Refusal, NotSimulatedError."""
    unknown = fields.keys() - _CHANGEABLE - sim.ticketing.options.keys() - sim.ticketing.mandatory
    if unknown:
        raise NotSimulatedError(f"changing {', '.join(sorted(unknown))} of a ticket")
    state_id = named(fields, "state", STATES) or ticket.state_id
    if state_id in PENDING and not fields.get("pending_time", ticket.pending_time):
        raise masked(422)
    ticket.title = str(fields.get("title", ticket.title))
    ticket.owner_id = _owner_id(sim, fields.get("owner_id", ticket.owner_id))
    ticket.group_id = named(fields, "group", GROUP_NAMES) or ticket.group_id
    ticket.priority_id = named(fields, "priority", PRIORITIES) or ticket.priority_id
    ticket.pending_time = fields.get("pending_time", ticket.pending_time)
    ticket.extra |= _own_attributes(sim, fields)
    if fields.get("customer_id"):
        sim.tickets.give(ticket, int(fields["customer_id"]))
    ticket.state_id = state_id
    if state_id == CLOSED:
        sim.tickets.close(ticket, by=by, now=sim.now())
    else:
        sim.tickets.touch(ticket, by=by, now=sim.now())
    _count_tickets(sim, ticket.customer_id)


def _owner_id(sim: Simulator, wanted: Json) -> int:
    """Whoever may not own a ticket is nobody."""
    person = sim.people.find(int(wanted or NOBODY))
    return person.id if person and person.active and person.holds("ticket.agent") else NOBODY


def _own_attributes(sim: Simulator, fields: Mapping[str, Json]) -> dict[str, Json]:
    names = (sim.ticketing.options.keys() | sim.ticketing.mandatory) - _OF_NEW
    return {name: fields[name] for name in names if name in fields}


def merge_tickets(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    source = ticket_found(sim, call.path_params["id"], requester)
    target = next((each for each in sim.tickets.all() if each.number == call.path_params["number"]), None)
    if target is None:
        return JsonAnswer({"result": "failed", "message": "The target ticket number could not be found."})
    sim.tickets.merge(source, target, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    both = {"target_ticket": _columns_of(sim, target), "source_ticket": _columns_of(sim, source)}
    return JsonAnswer({"result": "success", **both})


def _columns_of(sim: Simulator, ticket: Ticket) -> dict[str, Json]:
    """Without lists of what belongs to it."""
    return {name: value for name, value in shown(sim, ticket, expand=False).items() if not name.endswith("_ids")}


def tickets_of_customer(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    customer_id = int(call.query["customer_id"])
    theirs = [each for each in sim.tickets.all() if each.customer_id == customer_id and each.state_id != MERGED]
    seen = sorted((each for each in theirs if may_see(requester, each.group_id)), key=lambda each: -each.id)
    opened = [each for each in seen if each.state_id != CLOSED][:_NEWEST]
    closed = [each for each in seen if each.state_id == CLOSED][:_NEWEST]
    assets = {str(each.id): shown(sim, each, expand=False) for each in (*opened, *closed)}
    return JsonAnswer(
        {
            "ticket_ids_open": [each.id for each in opened],
            "ticket_ids_closed": [each.id for each in closed],
            "assets": {"Ticket": assets},
        }
    )


def search_tickets(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    if not call.expand:
        raise NotSimulatedError("ticket search without expand")
    wanted = {**call.query, **call.fields}
    if "condition" in wanted:
        chosen = chosen_by_condition(sim.tickets.all(), wanted["condition"])
    else:
        chosen = chosen_by_text(sim.tickets.all(), str(wanted.get("query", "")).replace("*", ""))
    chosen = [ticket for ticket in chosen if may_see(requester, ticket.group_id)]
    column = str(wanted.get("sort_by", "updated_at"))
    if column not in _SORTABLE:
        raise NotSimulatedError(f"sort_by={column}")
    key: Callable[[Ticket], Json] = lambda ticket: getattr(ticket, column)  # noqa: E731 - typed for mypy
    chosen.sort(key=key, reverse=wanted.get("order_by", "desc") == "desc")
    limit = int(wanted.get("per_page", wanted.get("limit", 50)))
    start = (int(wanted.get("page", 1)) - 1) * limit
    return JsonAnswer([shown(sim, ticket, expand=True) for ticket in islice(chosen, start, start + limit)])


def add_tag(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    ticket = _tagged(sim, call.fields, requester)
    item = str(call.fields.get("item", ""))
    if item not in ticket.tags:
        ticket.tags.append(item)
        sim.tickets.touch(ticket, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(True, status_code=201)


def list_tags(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    return JsonAnswer({"tags": _tagged(sim, call.query, requester).tags})


def _customer_id(sim: Simulator, fields: Mapping[str, Json], requester: Requester) -> int:
    customer = fields.get("customer")
    if isinstance(customer, dict):
        return new_user(sim, customer, by=requester).id
    wanted = str(fields.get("customer_id") or "")
    if wanted.startswith("guess:"):
        email = wanted.removeprefix("guess:")
        person = sim.people.with_email(email) or new_user(sim, {"email": email}, by=requester)
        return person.id
    if not wanted.isdecimal() or sim.people.find(int(wanted)) is None:
        raise masked(422)
    return int(wanted)


def _count_tickets(sim: Simulator, customer_id: int) -> None:
    """Zammad keeps the counters in the customer's preferences, which moves the customer's updated_at."""
    customer = sim.people.find(customer_id)
    if customer is not None:
        opened, closed = sim.tickets.open_and_closed_of(customer_id)
        counters = {"preferences": {"tickets_closed": closed, "tickets_open": opened}}
        sim.people.change(customer, counters, by=customer.updated_by_id, now=sim.now())


def _tags(value: Json) -> list[str]:
    items = value if isinstance(value, list) else str(value or "").split(",")
    return [item.strip() for item in items if item.strip()]


def _tagged(sim: Simulator, fields: Mapping[str, Json], requester: Requester) -> Ticket:
    if fields.get("object") != "Ticket":
        raise NotSimulatedError("tags of anything but tickets")
    return ticket_found(sim, fields.get("o_id"), requester)


def remove_ticket(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
    requester.require("admin")
    sim.tickets.remove(ticket_found(sim, call.path_params["id"], requester))
    note_write(sim, call, requester)
    return JsonAnswer({})


ENDPOINTS = (
    ("POST", "/api/v1/tickets", create_ticket),
    ("GET", "/api/v1/tickets/search", search_tickets),
    ("POST", "/api/v1/tickets/search", search_tickets),
    ("GET", "/api/v1/tickets/{id}", show_ticket),
    ("PUT", "/api/v1/tickets/{id}", update_ticket),
    ("DELETE", "/api/v1/tickets/{id}", remove_ticket),
    ("PUT", "/api/v1/ticket_merge/{id}/{number}", merge_tickets),
    ("GET", "/api/v1/ticket_customer", tickets_of_customer),
    ("POST", "/api/v1/tags/add", add_tag),
    ("GET", "/api/v1/tags", list_tags),
)
