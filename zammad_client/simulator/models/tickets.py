"""Tickets with their articles, tags and booked time: the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .clock import later, stamp, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zammad_client.records import Json

STATES = {1: "new", 2: "open", 3: "pending reminder", 4: "closed", 5: "merged", 7: "pending close"}
STATE_TYPES = {1: 1, 2: 2, 3: 3, 4: 5, 5: 6, 7: 4}
CLOSED, MERGED = 4, 5
PENDING = frozenset({3, 7})
NOBODY, SYSTEM = 1, 1  # users
PRIORITIES = {1: "1 low", 2: "2 normal", 3: "3 high"}
ARTICLE_TYPES = {1: "email", 5: "phone", 10: "note", 11: "web"}
SENDERS = {1: "Agent", 2: "Customer", 3: "System"}

# Columns that stay empty here; Zammad fills them from its escalations and reminders.
_EMPTY = dict.fromkeys(
    ("note", "first_response_at", "first_response_escalation_at", "first_response_in_min",
     "first_response_diff_in_min", "close_escalation_at", "close_in_min", "close_diff_in_min",
     "update_escalation_at", "update_in_min", "update_diff_in_min", "last_owner_update_at", "escalation_at",
     "type")
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Article:
    id: int
    ticket_id: int
    subject: str | None
    body: str
    content_type: str
    type_id: int
    sender_id: int
    internal: bool
    author: str
    created_by_id: int
    created_at: float
    preferences: Mapping[str, Json] = field(default_factory=dict)
    origin_by_id: int | None = None  # the customer for whom it was written

    def as_json(self, login: str) -> dict[str, Json]:
        unused = ("to", "cc", "reply_to", "message_id", "message_id_md5", "in_reply_to", "references")
        return {
            "id": self.id,
            "ticket_id": self.ticket_id,
            "type_id": self.type_id,
            "sender_id": self.sender_id,
            "from": self.author,
            **dict.fromkeys(unused),
            "origin_by_id": self.origin_by_id,
            "subject": self.subject,
            "content_type": self.content_type,
            "body": self.body,
            "internal": self.internal,
            "preferences": self.preferences,
            "updated_by_id": self.created_by_id,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.created_at),
            "attachments": [],
            "type": ARTICLE_TYPES[self.type_id],
            "sender": SENDERS[self.sender_id],
            "created_by": login,
            "updated_by": login,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Accounted time."""

    id: int
    ticket_id: int
    article_id: int | None
    units: float
    created_by_id: int
    created_at: float

    def as_json(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "ticket_id": self.ticket_id,
            "ticket_article_id": self.article_id,
            "time_unit": str(self.units),
            "type_id": None,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.created_at),
        }


@dataclass(slots=True, kw_only=True)
class Ticket:
    id: int
    title: str
    group_id: int
    customer_id: int
    organization_id: int | None
    state_id: int
    priority_id: int
    created_by_id: int
    updated_by_id: int
    created_at: float
    updated_at: float
    owner_id: int = 1
    close_at: float | None = None
    pending_time: str | None = None
    extra: dict[str, Json] = field(default_factory=dict)  # attributes of an admin's own
    articles: list[Article] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    booked: list[Booking] = field(default_factory=list)

    @property
    def number(self) -> str:
        return str(33000 + self.id)

    def as_json(self) -> dict[str, Json]:
        first = self.articles[0] if self.articles else None
        customer_contact = max((each.created_at for each in self.articles if each.sender_id == 2), default=None)
        agent_contact = max((each.created_at for each in self.articles if _reached_customer(each)), default=None)
        contact = max((at for at in (customer_contact, agent_contact) if at is not None), default=None)
        return {
            "id": self.id,
            "group_id": self.group_id,
            "priority_id": self.priority_id,
            "state_id": self.state_id,
            "organization_id": self.organization_id,
            "number": self.number,
            "title": self.title,
            "owner_id": self.owner_id,
            "customer_id": self.customer_id,
            **_EMPTY,
            "close_at": stamp_or_none(self.close_at),
            "pending_time": self.pending_time,
            "last_contact_at": stamp_or_none(contact),
            "last_contact_agent_at": stamp_or_none(agent_contact),
            "last_contact_customer_at": stamp_or_none(customer_contact),
            "create_article_type_id": first.type_id if first else None,
            "create_article_sender_id": first.sender_id if first else None,
            "article_count": len(self.articles),
            "time_unit": str(sum(each.units for each in self.booked)) if self.booked else None,
            "preferences": {},
            "updated_by_id": self.updated_by_id,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            "article_ids": [each.id for each in self.articles],
            "ticket_time_accounting_ids": [each.id for each in self.booked],
            **self.extra,
        }


def _reached_customer(article: Article) -> bool:
    return article.sender_id == 1 and not article.internal and article.type_id != 10


class Tickets:
    def __init__(self) -> None:
        self._by_id: dict[int, Ticket] = {}
        self._by_customer: dict[int, list[Ticket]] = {}
        self._touched: dict[int, float] = {}  # customer id -> newest updated_at of their tickets
        self._last_id = 0
        self._last_article_id = 0
        self._last_booking_id = 0

    def find(self, ticket_id: int) -> Ticket | None:
        return self._by_id.get(ticket_id)

    def all(self) -> Iterator[Ticket]:
        return iter(self._by_id.values())

    def open_and_closed_of(self, customer_id: int) -> tuple[int, int]:
        closed = [each.state_id in {CLOSED, MERGED} for each in self._by_customer.get(customer_id, ())]
        return closed.count(False), closed.count(True)

    def touched_since(self, customer_id: int, moment: float) -> bool:
        return self._touched.get(customer_id, float("-inf")) > moment

    def add(self, fields: Mapping[str, Json], *, by: int, now: float) -> Ticket:
        self._last_id += 1
        ticket = Ticket(
            id=self._last_id, created_by_id=by, updated_by_id=by, created_at=now, updated_at=now,
            **fields,
        )  # fmt: skip
        self._by_id[ticket.id] = ticket
        self._by_customer.setdefault(ticket.customer_id, []).append(ticket)
        self._touched[ticket.customer_id] = max(now, self._touched.get(ticket.customer_id, now))
        return ticket

    def touch(self, ticket: Ticket, *, by: int, now: float) -> None:
        ticket.updated_at = later(now, ticket.updated_at)
        ticket.updated_by_id = by
        self._touched[ticket.customer_id] = max(ticket.updated_at, self._touched[ticket.customer_id])

    def give(self, ticket: Ticket, customer_id: int) -> None:
        """It is another customer's now."""
        self._by_customer[ticket.customer_id].remove(ticket)
        ticket.customer_id = customer_id
        self._by_customer.setdefault(customer_id, []).append(ticket)
        self._touched.setdefault(customer_id, ticket.updated_at)

    def add_article(self, ticket: Ticket, fields: Mapping[str, Json], *, by: int, now: float) -> Article:
        self._last_article_id += 1
        article = Article(id=self._last_article_id, ticket_id=ticket.id, created_by_id=by, created_at=now, **fields)
        ticket.articles.append(article)
        return article

    def book(self, ticket: Ticket, units: float, *, article_id: int | None, by: int, now: float) -> Booking:
        self._last_booking_id += 1
        booking = Booking(
            id=self._last_booking_id, ticket_id=ticket.id, article_id=article_id, units=units,
            created_by_id=by, created_at=now,
        )  # fmt: skip
        ticket.booked.append(booking)
        return booking

    def with_article(self, article_id: int) -> tuple[Ticket, Article] | None:
        found = ((ticket, each) for ticket in self.all() for each in ticket.articles if each.id == article_id)
        return next(found, None)

    def close(self, ticket: Ticket, *, by: int, now: float) -> None:
        ticket.state_id = CLOSED
        self.touch(ticket, by=by, now=now)
        ticket.close_at = ticket.close_at or ticket.updated_at

    def merge(self, source: Ticket, target: Ticket, *, by: int, now: float) -> None:
        """Its articles move, and a note stays behind: where it went stands in a link alone."""
        for article in source.articles:
            article.ticket_id = target.id
        target.articles += source.articles
        source.articles = []
        source.state_id = MERGED
        note = {"subject": None, "body": "merged", "content_type": "text/plain", "type_id": 10, "sender_id": 1,
                "internal": False, "author": "-"}  # fmt: skip
        self.add_article(source, note, by=by, now=now)
        self.touch(source, by=by, now=now)

    def remove(self, ticket: Ticket) -> None:
        del self._by_id[ticket.id]
        self._by_customer[ticket.customer_id].remove(ticket)
