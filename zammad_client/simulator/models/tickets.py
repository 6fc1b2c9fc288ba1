"""Tickets with their articles, tags and booked time: the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .clock import later, stamp, stamp_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from zammad_client.records import Json

STATES = {1: "new", 2: "open", 3: "pending reminder", 4: "closed", 5: "merged", 7: "pending close"}
PRIORITIES = {1: "1 low", 2: "2 normal", 3: "3 high"}
ARTICLE_TYPES = {1: "email", 5: "phone", 10: "note", 11: "web"}
SENDERS = {1: "Agent", 2: "Customer", 3: "System"}

# Columns that stay empty here; Zammad fills them from its escalations and reminders.
_EMPTY = dict.fromkeys(
    ("note", "first_response_at", "first_response_escalation_at", "first_response_in_min",
     "first_response_diff_in_min", "close_escalation_at", "close_in_min", "close_diff_in_min",
     "update_escalation_at", "update_in_min", "update_diff_in_min", "last_owner_update_at", "escalation_at",
     "pending_time", "type")
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

    def as_json(self, login: str) -> dict[str, Json]:
        unused = ("to", "cc", "reply_to", "message_id", "message_id_md5", "in_reply_to", "references", "origin_by_id")
        return {
            "id": self.id,
            "ticket_id": self.ticket_id,
            "type_id": self.type_id,
            "sender_id": self.sender_id,
            "from": self.author,
            **dict.fromkeys(unused),
            "subject": self.subject,
            "content_type": self.content_type,
            "body": self.body,
            "internal": self.internal,
            "preferences": {},
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
    articles: list[Article] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    booked: list[tuple[int, float]] = field(default_factory=list)  # id of the time accounting, units

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
            "number": str(33000 + self.id),
            "title": self.title,
            "owner_id": self.owner_id,
            "customer_id": self.customer_id,
            **_EMPTY,
            "close_at": stamp_or_none(self.close_at),
            "last_contact_at": stamp_or_none(contact),
            "last_contact_agent_at": stamp_or_none(agent_contact),
            "last_contact_customer_at": stamp_or_none(customer_contact),
            "create_article_type_id": first.type_id if first else None,
            "create_article_sender_id": first.sender_id if first else None,
            "article_count": len(self.articles),
            "time_unit": str(sum(units for _, units in self.booked)) if self.booked else None,
            "preferences": {},
            "updated_by_id": self.updated_by_id,
            "created_by_id": self.created_by_id,
            "created_at": stamp(self.created_at),
            "updated_at": stamp(self.updated_at),
            "article_ids": [each.id for each in self.articles],
            "ticket_time_accounting_ids": [booking_id for booking_id, _ in self.booked],
        }


def _reached_customer(article: Article) -> bool:
    return article.sender_id == 1 and not article.internal and article.type_id != 10


class Tickets:
    def __init__(self) -> None:
        self._by_id: dict[int, Ticket] = {}
        self._by_customer: dict[int, list[Ticket]] = {}
        self._touched: dict[int, float] = {}  # customer id -> newest updated_at of their tickets
        self._last_article_id = 0
        self._last_booking_id = 0

    def find(self, ticket_id: int) -> Ticket | None:
        return self._by_id.get(ticket_id)

    def all(self) -> Iterator[Ticket]:
        return iter(self._by_id.values())

    def open_and_closed_of(self, customer_id: int) -> tuple[int, int]:
        closed = [each.state_id in {4, 5} for each in self._by_customer.get(customer_id, ())]
        return closed.count(False), closed.count(True)

    def touched_since(self, customer_id: int, moment: float) -> bool:
        return self._touched.get(customer_id, float("-inf")) > moment

    def add(self, fields: Mapping[str, Json], *, by: int, now: float) -> Ticket:
        ticket = Ticket(
            id=len(self._by_id) + 1, created_by_id=by, updated_by_id=by, created_at=now, updated_at=now,
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

    def add_article(self, ticket: Ticket, fields: Mapping[str, Json], *, by: int, now: float) -> Article:
        self._last_article_id += 1
        article = Article(id=self._last_article_id, ticket_id=ticket.id, created_by_id=by, created_at=now, **fields)
        ticket.articles.append(article)
        return article

    def book(self, ticket: Ticket, units: float) -> None:
        self._last_booking_id += 1
        ticket.booked.append((self._last_booking_id, units))
