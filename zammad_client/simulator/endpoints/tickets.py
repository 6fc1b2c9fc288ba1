"""Tickets, articles and tags over REST (docs/reference/zammad.md section 6)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zammad_client.simulator.models.people import GROUP_NAMES
from zammad_client.simulator.models.recognition import numbers_of
from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal, found, masked
from zammad_client.simulator.models.ticket_search import chosen_by_condition, chosen_by_text
from zammad_client.simulator.models.tickets import ARTICLE_TYPES, PRIORITIES, SENDERS, STATES

from .answers import JsonAnswer
from .call import id_in
from .requester import note_write, requester_of
from .users import new_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.models.tickets import Article, Ticket
    from zammad_client.simulator.state import Simulator

    from .call import Call
    from .requester import Requester

_SORTABLE = frozenset({"id", "created_at", "updated_at", "title"})
_CHANGEABLE = frozenset({"title", "group", "group_id", "state", "state_id", "priority", "priority_id", "owner_id"})


def shown(sim: Simulator, ticket: Ticket, *, expand: bool) -> dict[str, Json]:
    record = ticket.as_json()
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
    return record | names


def create_ticket(sim: Simulator, call: Call) -> Response:
    requester = _agent(sim, call)
    fields = call.fields
    group_id = _lookup(fields, "group", GROUP_NAMES)
    if group_id is None:
        raise Refusal(422, "The required value 'group_id' is missing.")
    customer_id = _customer_id(sim, fields, requester)
    customer = sim.people.find(customer_id)
    values = {
        "title": str(fields.get("title", "")),
        "group_id": group_id,
        "customer_id": customer_id,
        "organization_id": customer.organization_id if customer else None,
        "state_id": _lookup(fields, "state", STATES) or 1,
        "priority_id": _lookup(fields, "priority", PRIORITIES) or 2,
    }
    ticket = sim.tickets.add(values, by=requester.id, now=sim.now())
    ticket.tags.extend(_tags(fields.get("tags")))
    if fields.get("article"):
        _write_article(sim, ticket, fields["article"], requester)
    _count_tickets(sim, customer_id)
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, ticket, expand=call.expand), status_code=201)


def show_ticket(sim: Simulator, call: Call) -> Response:
    _agent(sim, call)
    return JsonAnswer(shown(sim, _found(sim, call.path_params["id"]), expand=call.expand))


def update_ticket(sim: Simulator, call: Call) -> Response:
    requester = _agent(sim, call)
    ticket = _found(sim, call.path_params["id"])
    unknown = call.fields.keys() - _CHANGEABLE
    if unknown:
        raise NotSimulatedError(f"changing {', '.join(sorted(unknown))} of a ticket")
    ticket.title = str(call.fields.get("title", ticket.title))
    ticket.owner_id = int(call.fields.get("owner_id", ticket.owner_id))
    ticket.group_id = _lookup(call.fields, "group", GROUP_NAMES) or ticket.group_id
    ticket.priority_id = _lookup(call.fields, "priority", PRIORITIES) or ticket.priority_id
    ticket.state_id = _lookup(call.fields, "state", STATES) or ticket.state_id
    sim.tickets.touch(ticket, by=requester.id, now=sim.now())
    if STATES[ticket.state_id] == "closed" and ticket.close_at is None:
        ticket.close_at = ticket.updated_at
    _count_tickets(sim, ticket.customer_id)
    note_write(sim, call, requester)
    return JsonAnswer(shown(sim, ticket, expand=call.expand))


def search_tickets(sim: Simulator, call: Call) -> Response:
    _agent(sim, call)
    if not call.expand:
        raise NotSimulatedError("ticket search without expand")
    wanted = {**call.query, **call.fields}
    if "condition" in wanted:
        chosen = chosen_by_condition(sim.tickets.all(), wanted["condition"])
    else:
        chosen = chosen_by_text(sim.tickets.all(), str(wanted.get("query", "")).replace("*", ""))
    column = str(wanted.get("sort_by", "updated_at"))
    if column not in _SORTABLE:
        raise NotSimulatedError(f"sort_by={column}")
    key: Callable[[Ticket], Json] = lambda ticket: getattr(ticket, column)  # noqa: E731 - typed for mypy
    chosen.sort(key=key, reverse=wanted.get("order_by", "desc") == "desc")
    limit = int(wanted.get("per_page", wanted.get("limit", 50)))
    start = (int(wanted.get("page", 1)) - 1) * limit
    return JsonAnswer([shown(sim, ticket, expand=True) for ticket in islice(chosen, start, start + limit)])


def create_article(sim: Simulator, call: Call) -> Response:
    requester = _agent(sim, call)
    ticket = _found(sim, call.fields.get("ticket_id"))
    article = _write_article(sim, ticket, call.fields, requester)
    if call.fields.get("time_unit"):
        sim.tickets.book(ticket, float(call.fields["time_unit"]))
    sim.tickets.touch(ticket, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(article.as_json(requester.person.login), status_code=201)


def no_time_accountings(_sim: Simulator, call: Call) -> Response:
    raise Refusal(404, f"No route matches [{call.method}] {call.path}")


def add_tag(sim: Simulator, call: Call) -> Response:
    requester = _agent(sim, call)
    ticket = _tagged(sim, call.fields)
    item = str(call.fields.get("item", ""))
    if item not in ticket.tags:
        ticket.tags.append(item)
        sim.tickets.touch(ticket, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(True, status_code=201)


def list_tags(sim: Simulator, call: Call) -> Response:
    _agent(sim, call)
    return JsonAnswer({"tags": _tagged(sim, call.query).tags})


def _write_article(sim: Simulator, ticket: Ticket, fields: Mapping[str, Json], requester: Requester) -> Article:
    sender_id = _lookup(fields, "sender", SENDERS) or 1
    customer = sim.people.find(ticket.customer_id)
    author = customer if sender_id == 2 and customer else requester.person
    values = {
        "subject": fields.get("subject"),
        "body": str(fields.get("body", "")),
        "content_type": str(fields.get("content_type", "text/plain")),
        "type_id": _lookup(fields, "type", ARTICLE_TYPES) or 10,
        "sender_id": sender_id,
        "internal": bool(fields.get("internal", False)),
        "author": author.fullname,
    }
    article = sim.tickets.add_article(ticket, values, by=requester.id, now=sim.now())
    if sender_id == 2 and article is ticket.articles[0]:  # only the first article, and only a customer's, is indexed
        for number in numbers_of([article.subject or "", article.body, article.author]):
            sim.index.add(number, level="maybe", model="Ticket", o_id=article.id, user_id=requester.id, now=sim.now())
    return article


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


def _lookup(fields: Mapping[str, Json], name: str, names: Mapping[int, str]) -> int | None:
    """The id behind `group` or `group_id`. Raises: Refusal for a name nobody has."""
    if fields.get(f"{name}_id") is not None:
        return int(fields[f"{name}_id"])
    wanted = fields.get(name)
    if wanted is None:
        return None
    for record_id, known in names.items():
        if known == wanted:
            return record_id
    raise Refusal(422, f"No lookup value found for '{name}': \"{wanted}\"")


def _tags(value: Json) -> list[str]:
    items = value if isinstance(value, list) else str(value or "").split(",")
    return [item.strip() for item in items if item.strip()]


def _tagged(sim: Simulator, fields: Mapping[str, Json]) -> Ticket:
    if fields.get("object") != "Ticket":
        raise NotSimulatedError("tags of anything but tickets")
    return _found(sim, fields.get("o_id"))


def _found(sim: Simulator, ticket_id: object) -> Ticket:
    return found(sim.tickets.find(id_in(ticket_id)), "Ticket", ticket_id)


def _agent(sim: Simulator, call: Call) -> Requester:
    requester = requester_of(sim, call)
    if not requester.may("ticket.agent"):
        raise Refusal(403, "Not authorized")
    return requester


ENDPOINTS = (
    ("POST", "/api/v1/tickets", create_ticket),
    ("GET", "/api/v1/tickets/search", search_tickets),
    ("POST", "/api/v1/tickets/search", search_tickets),
    ("GET", "/api/v1/tickets/{id}", show_ticket),
    ("PUT", "/api/v1/tickets/{id}", update_ticket),
    ("GET", "/api/v1/tickets/{id}/time_accountings", no_time_accountings),
    ("POST", "/api/v1/ticket_articles", create_article),
    ("POST", "/api/v1/tags/add", add_tag),
    ("GET", "/api/v1/tags", list_tags),
)
