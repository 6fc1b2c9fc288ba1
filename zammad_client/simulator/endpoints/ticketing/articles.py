"""Articles of tickets, the mails they cause, time accounted with them (docs/reference/zammad.md sections 6.2, 6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.endpoints.answers import JsonAnswer
from zammad_client.simulator.endpoints.call import id_in
from zammad_client.simulator.endpoints.requester import note_write
from zammad_client.simulator.models.recognition import numbers_of
from zammad_client.simulator.models.refusals import Refusal, found
from zammad_client.simulator.models.ticketing import Mail
from zammad_client.simulator.models.tickets import ARTICLE_TYPES, SENDERS, SYSTEM

from .lookups import agent_asking, named, ticket_found, ticket_to_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from zammad_client.records import Json
    from zammad_client.simulator.endpoints.call import Call
    from zammad_client.simulator.endpoints.requester import Requester
    from zammad_client.simulator.models.people import Person
    from zammad_client.simulator.models.tickets import Article, Ticket
    from zammad_client.simulator.state import Simulator

_CUSTOMER = 2
_PHONE = 5


def list_articles(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    ticket = ticket_found(sim, call.path_params["id"], requester)
    return JsonAnswer([_shown(sim, article) for article in ticket.articles])


def show_article(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    ticket, article = found(sim.tickets.with_article(call.record_id), "Ticket::Article", call.path_params["id"])
    ticket_found(sim, ticket.id, requester)
    return JsonAnswer(_shown(sim, article))


def create_article(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    ticket = ticket_to_change(sim, call.fields.get("ticket_id"), requester)
    article = write_article(sim, ticket, call.fields, requester)
    sim.tickets.touch(ticket, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    book_time_of(sim, ticket, article, call.fields)
    return JsonAnswer(_shown(sim, article), status_code=201)


def write_article(sim: Simulator, ticket: Ticket, fields: Mapping[str, Json], requester: Requester) -> Article:
    sender_id = named(fields, "sender", SENDERS) or 1
    customer = sim.people.find(ticket.customer_id)
    author = customer if sender_id == _CUSTOMER and customer else requester.person
    values = {
        "subject": fields.get("subject"),
        "body": str(fields.get("body", "")),
        "content_type": str(fields.get("content_type", "text/plain")),
        "type_id": named(fields, "type", ARTICLE_TYPES) or 10,
        "sender_id": sender_id,
        "internal": bool(fields.get("internal", False)),
        "author": _from(sim, author, of_customer=sender_id == _CUSTOMER),
        "preferences": dict(fields.get("preferences") or {}),
        "origin_by_id": customer.id if customer and sender_id == _CUSTOMER and _names_origins(sim) else None,
    }
    article = sim.tickets.add_article(ticket, values, by=requester.id, now=sim.now())
    if sender_id == _CUSTOMER and article is ticket.articles[0]:  # only the first article, and only a customer's
        for number in numbers_of([article.subject or "", article.body, article.author]):
            sim.index.add(number, level="maybe", model="Ticket", o_id=article.id, user_id=requester.id, now=sim.now())
    if sender_id == _CUSTOMER and article.type_id == _PHONE:
        _answer_by_mail(sim, ticket, article, customer)
    return article


def book_time_of(sim: Simulator, ticket: Ticket, article: Article, fields: Mapping[str, Json]) -> None:
    """What an article says besides. Raises: Refusal while that is off; the article stands."""
    if units := fields.get("time_unit"):
        _refuse_time_that_is_off(sim)
        by = article.created_by_id
        sim.tickets.book(ticket, float(units), article_id=article.id, by=by, now=sim.now())


def _names_origins(sim: Simulator) -> bool:
    return sim.version.customer_with_address


def _from(sim: Simulator, author: Person, *, of_customer: bool) -> str:
    if of_customer and author.email and sim.version.customer_with_address:
        return f"{author.fullname} <{author.email}>"
    return author.fullname


def _answer_by_mail(sim: Simulator, ticket: Ticket, article: Article, customer: Person | None) -> None:
    """As the triggers that come with Zammad do, unless the article says no (recording auto_reply_ticket)."""
    wanted = sim.ticketing.answers_mail and article.preferences.get("send-auto-response") is not False
    if not wanted or customer is None or not customer.email:
        return
    sim.ticketing.mails.append(Mail(ticket_id=ticket.id, to=customer.email))
    mail = {"subject": f"Thanks for your inquiry ({ticket.title})", "body": "<div>received</div>",
            "content_type": "text/html", "type_id": 1, "sender_id": 3, "internal": False, "author": "Support",
            "preferences": {"perform_origin": "trigger"}}  # fmt: skip
    sim.tickets.add_article(ticket, mail, by=SYSTEM, now=sim.now())


def list_times(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    _refuse_unknown_route(sim, call)
    ticket = ticket_found(sim, call.path_params["id"], requester)
    return JsonAnswer([each.as_json() for each in ticket.booked])


def create_time(sim: Simulator, call: Call) -> Response:
    requester = agent_asking(sim, call)
    _refuse_unknown_route(sim, call)
    ticket = ticket_to_change(sim, call.path_params["id"], requester)
    _refuse_time_that_is_off(sim)
    article_id = call.fields.get("ticket_article_id")
    if article_id is not None and any(each.article_id == id_in(article_id) for each in ticket.booked):
        raise Refusal(422, "Ticket article has already been taken")
    units = float(call.fields["time_unit"])
    kept = None if article_id is None else id_in(article_id)
    booking = sim.tickets.book(ticket, units, article_id=kept, by=requester.id, now=sim.now())
    note_write(sim, call, requester)
    return JsonAnswer(booking.as_json(), status_code=201)


def _refuse_unknown_route(sim: Simulator, call: Call) -> None:
    if not sim.version.time_accountings:
        raise Refusal(404, f"No route matches [{call.method}] {call.path}")


def _refuse_time_that_is_off(sim: Simulator) -> None:
    if sim.version.time_accountings and not sim.ticketing.time_accounting():
        raise Refusal(403, "Not authorized (Time Accounting is not enabled)!")


def _shown(sim: Simulator, article: Article) -> dict[str, Json]:
    record = {**article.as_json(sim.people.login_of(article.created_by_id)), **sim.version.article_extra}
    if article.origin_by_id is not None:
        record["origin_by"] = sim.people.login_of(article.origin_by_id)
    if "time_unit" in sim.version.article_extra:
        record["time_unit"] = _booked_with(sim, article)
    return {name: value for name, value in record.items() if name not in sim.version.article_lacks}


def _booked_with(sim: Simulator, article: Article) -> str | None:
    ticket = sim.tickets.find(article.ticket_id)
    booked = [each.units for each in ticket.booked if each.article_id == article.id] if ticket else []
    return str(booked[0]) if booked else None


ENDPOINTS = (
    ("GET", "/api/v1/ticket_articles/by_ticket/{id}", list_articles),
    ("GET", "/api/v1/ticket_articles/{id}", show_article),
    ("POST", "/api/v1/ticket_articles", create_article),
    ("GET", "/api/v1/tickets/{id}/time_accountings", list_times),
    ("POST", "/api/v1/tickets/{id}/time_accountings", create_time),
)
