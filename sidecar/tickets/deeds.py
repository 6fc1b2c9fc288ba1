"""Steps about callbacks as they are taken in Zammad; what was done earlier is looked for before it is repeated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from sidecar.calls.callbacks.course import Deed, Over
from sidecar.calls.callbacks.work import StateType, has_been_worked_on
from sidecar.calls.pages.listing import ListedCall
from sidecar.config.sections import Tickets
from sidecar.store.missed.callbacks.cases import Callback, KeptStep
from sidecar.tickets.helpdesk import Helpdesk
from sidecar.tickets.wording import TicketWording
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import Article, Ticket

TAGS = "sipgate,callback"
TAG = "callback"
CLOCKS_DIFFER = 600.0  # seconds that Zammad's clock may be behind ours
MOST = 200  # tickets that are looked through for our own

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    ticket: Ticket
    found: bool = False  # of an earlier attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldInTicket:
    ticket: Ticket
    merged: bool
    found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOpen:
    """A talk was told, and a person has the ticket, or wants it open."""

    ticket: Ticket
    merged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotThere:
    """An earlier attempt has certainly not made a ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    why: Over
    ticket: Ticket | None = None
    since: float = 0.0  # calls later than this may begin a callback of their own


Result = Made | ToldInTicket | LeftOpen | NotThere | Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A ticket that is still ours to write into."""

    ticket: Ticket
    articles: Collection[Article]
    merged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """All of them raise ZammadError."""

    zammad: Zammad
    tickets: Tickets
    helpdesk: Helpdesk
    wording: TicketWording

    async def take(self, callback: Callback, step: KeptStep, calls: Mapping[int, ListedCall]) -> Result:
        told = [calls[number] for number in step.tells if number in calls]
        if not told and step.talk not in calls and step.deed is not Deed.CLOSE:
            return NotThere()  # its calls were erased
        match step.deed:
            case Deed.CREATE:
                return await self._create(callback, step, told)
            case Deed.REPEAT | Deed.TALK:
                return await self._tell(callback, step, told, calls.get(step.talk or 0))
            case Deed.CLOSE:
                return await self._close(callback)

    async def _create(self, callback: Callback, step: KeptStep, told: list[ListedCall]) -> Result:
        if callback.step is not None:
            earlier = await self._made_earlier(callback)
            return Made(ticket=earlier, found=True) if earlier else NotThere()
        ticket = {
            "title": self.wording.title(told[-1]),
            "group_id": callback.group_id,
            "customer_id": callback.person_id or self.helpdesk.unknown_customer,
            "state": self.helpdesk.state_of_new or "new",
            "tags": TAGS,
            **self.tickets.attributes,
            "article": self._article(self.wording.first(told), step.mark),
        }
        return Made(ticket=await self.zammad.tickets.create(ticket))

    async def _made_earlier(self, callback: Callback) -> Ticket | None:
        """By the mark in an article: what a search finds is looked at again (docs/reference/zammad.md section 6.1).

        Not by its customer: a person may have given it to another one by now.
        """
        since = datetime.fromtimestamp((callback.step_at or 0.0) - CLOCKS_DIFFER, UTC)
        condition = {
            "ticket.tags": {"operator": "contains one", "value": TAG},
            "ticket.created_at": {
                "operator": "after (absolute)",
                "value": since.isoformat(timespec="seconds").replace("+00:00", "Z"),
            },
        }
        for ticket in await self.zammad.tickets.search(condition, limit=MOST):
            if ticket.created_at < since:
                continue
            if any(article.mark == callback.key for article in await self.zammad.tickets.articles(ticket.id)):
                return ticket
        return None

    async def _tell(
        self, callback: Callback, step: KeptStep, told: list[ListedCall], talk: ListedCall | None
    ) -> Result:
        seen = await self._look(callback)
        if isinstance(seen, Ended):
            return seen
        if any(article.mark == step.mark for article in seen.articles):
            return ToldInTicket(ticket=seen.ticket, merged=seen.merged, found=True)
        total = len(callback.attempts)
        if talk is not None:
            text = self.wording.talk(talk, told, total=total)
            article = self._article(text, step.mark) | {
                "subject": self.wording.subject_of_talk(talk), "type": "note", "sender": "Agent", "internal": True,
            }  # fmt: skip
        else:
            article = self._article(self.wording.again(told, total=total), step.mark)
        await self.zammad.tickets.create_article({"ticket_id": seen.ticket.id, **article})
        return ToldInTicket(ticket=seen.ticket, merged=seen.merged)

    async def _close(self, callback: Callback) -> Result:
        seen = await self._look(callback)
        if isinstance(seen, Ended):
            closed_by_us = callback.step is not None and seen.why is Over.CLOSED_BY_OTHERS
            return Ended(why=Over.CLOSED, ticket=seen.ticket, since=seen.since) if closed_by_us else seen
        worked_on = has_been_worked_on(
            authors={article.author_id for article in seen.articles},
            owner_id=seen.ticket.owner_id,
            state_type=self.helpdesk.type_of(seen.ticket),
            service_user=self.helpdesk.service_user,
        )
        closed = self.helpdesk.state_of_closed
        if seen.merged or worked_on or closed is None or not self.tickets.close_after_talk:
            return LeftOpen(ticket=seen.ticket, merged=seen.merged)
        ticket = await self.zammad.tickets.update(seen.ticket.id, {"state": closed})
        return Ended(why=Over.CLOSED, ticket=ticket, since=closed_at(ticket))

    async def _look(self, callback: Callback) -> _Seen | Ended:
        """The ticket as it is now, or the one it was merged into; or why it is not ours any more."""
        try:
            ticket = await self.zammad.tickets.find(callback.ticket_id or 0)
            merged = callback.merged
            if self.helpdesk.type_of(ticket) == StateType.MERGED:
                ticket, merged = await self._target(callback), True
            if self.helpdesk.has_ended(ticket):
                return _ended(ticket, merged=merged)
            return _Seen(ticket=ticket, articles=await self.zammad.tickets.articles(ticket.id), merged=merged)
        except ZammadRefusedError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return Ended(why=Over.DELETED)
            if error.status == HTTPStatus.FORBIDDEN:
                return Ended(why=Over.NO_ACCESS)
            raise

    async def _target(self, callback: Callback) -> Ticket:
        """Where our first article is now."""
        article = await self.zammad.tickets.article(callback.first_article_id or 0)
        return await self.zammad.tickets.find(article.ticket_id)

    def _article(self, body: str, mark: str) -> dict[str, Json]:
        """Of the customer, and never answered by mail (docs/reference/zammad.md section 6.2)."""
        return {
            "subject": self.wording.subject,
            "body": body,
            "content_type": "text/plain",
            "type": "phone",
            "sender": "Customer",
            "internal": False,
            "preferences": {"send-auto-response": False, "sidecar": mark},
        }


def _ended(ticket: Ticket, *, merged: bool) -> Ended:
    why = Over.MERGED if merged else Over.CLOSED_BY_OTHERS
    return Ended(why=why, ticket=ticket, since=closed_at(ticket))


def closed_at(ticket: Ticket) -> float:
    return ticket.closed_at.timestamp() if ticket.closed_at else 0.0
