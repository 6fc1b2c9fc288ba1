"""What can be asked and done about tickets (docs/reference/zammad.md section 6); all of it raises ZammadError.

Tickets are asked for with names beside ids: this shape alone is equal in all versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from zammad_client.errors import ZammadRefusedError
from zammad_client.reading import (
    acknowledged,
    article_from,
    group_from,
    group_rights_from,
    list_of,
    ticket_form_from,
    ticket_from,
    ticket_state_from,
)
from zammad_client.records import Article, Group, GroupRights, Json, Ticket, TicketForm, TicketState
from zammad_client.session import Session

EXPANDED = {"expand": "true"}
GROUPS_PAGE = 500
NO_ROUTE = "No route matches"


class Tickets:
    """With `on_behalf_of` (id, login or e-mail) something is asked or done as that person."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, ticket_id: int, *, on_behalf_of: str | None = None) -> Ticket:
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.read(
            lambda api: api.ticket.find(ticket_id), ticket_from, headers=headers, params=EXPANDED
        )

    async def search(
        self, condition: Mapping[str, Json], *, limit: int = 10, on_behalf_of: str | None = None
    ) -> list[Ticket]:
        """Newest first. A faulty condition finds every ticket: look again (docs/reference/zammad.md section 6.1)."""
        search = {"condition": dict(condition), "sort_by": "created_at", "order_by": "desc", "limit": limit}
        return await self._session.read(
            lambda api: api.session.post("tickets/search", json=search).json(),
            list_of(ticket_from),
            headers=self._session.headers_for(on_behalf_of),
            params=EXPANDED,
        )

    async def matching(self, text: str, *, limit: int = 10, on_behalf_of: str | None = None) -> list[Ticket]:
        """Some whose number, title or articles have this text; the same ticket may come more than once."""
        params = {**EXPANDED, "query": text, "limit": str(limit)}
        return await self._session.read(
            lambda api: api.session.get("tickets/search").json(),
            list_of(ticket_from),
            headers=self._session.headers_for(on_behalf_of),
            params=params,
        )

    async def create(self, ticket: Mapping[str, Json], *, on_behalf_of: str | None = None) -> Ticket:
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.write(
            lambda api: api.ticket.create(dict(ticket)), ticket_from, headers=headers, params=EXPANDED
        )

    async def update(self, ticket_id: int, changes: Mapping[str, Json], *, on_behalf_of: str | None = None) -> Ticket:
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.write(
            lambda api: api.ticket.update(ticket_id, dict(changes)), ticket_from, headers=headers, params=EXPANDED
        )

    async def articles(self, ticket_id: int, *, on_behalf_of: str | None = None) -> list[Article]:
        path = f"ticket_articles/by_ticket/{ticket_id}"
        return await self._session.read(
            lambda api: api.session.get(path).json(),
            list_of(article_from),
            headers=self._session.headers_for(on_behalf_of),
            params=EXPANDED,
        )

    async def article(self, article_id: int) -> Article:
        """Its `ticket_id` is that of the ticket into which its own has been merged meanwhile."""
        path = f"ticket_articles/{article_id}"
        return await self._session.read(lambda api: api.session.get(path).json(), article_from, params=EXPANDED)

    async def create_article(self, article: Mapping[str, Json], *, on_behalf_of: str | None = None) -> Article:
        headers = self._session.headers_for(on_behalf_of)
        return await self._session.write(
            lambda api: api.ticket_article.create(dict(article)), article_from, headers=headers
        )

    async def states(self) -> list[TicketState]:
        return await self._session.read(lambda api: api.session.get("ticket_states").json(), list_of(ticket_state_from))

    async def form(self, *, on_behalf_of: str | None = None) -> TicketForm:
        """What a new ticket needs, and in which groups one may be created."""
        return await self._session.read(
            lambda api: api.session.get("ticket_create").json(),
            ticket_form_from,
            headers=self._session.headers_for(on_behalf_of),
        )

    async def groups(self) -> Sequence[Group]:
        """Every group; those that a new ticket may go into, up to 5.5 (docs/reference/zammad.md section 6.4)."""
        params = {"page": "1", "per_page": str(GROUPS_PAGE)}
        try:
            return await self._session.read(
                lambda api: api.session.get("groups").json(), list_of(group_from), params=params
            )
        except ZammadRefusedError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
        return (await self.form()).groups

    async def rights_of(self, user_id: int) -> GroupRights:
        """Theirs and those of their roles; up to 5.5 roles are not shown (docs/reference/zammad.md section 6.4)."""
        own = await self._session.read(lambda api: api.user.find(user_id), group_rights_from)
        try:
            roles = await self._session.read(
                lambda api: api.session.get("roles").json(), list_of(group_rights_from), params=EXPANDED
            )
        except ZammadRefusedError:
            return replace(own, complete=False)
        theirs = (role.changes for role in roles if role.id in own.role_ids)
        return replace(own, changes=own.changes.union(*theirs))

    async def books_time_by_itself(self) -> bool:
        """Whether this Zammad has a request for accounted time; up to 5.5 it is a part of an article."""
        path = "tickets/0/time_accountings"  # of no ticket: what is asked is whether there is such an address
        try:
            await self._session.read(lambda api: api.session.get(path).json(), lambda _value: None)
        except ZammadRefusedError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return not error.message.startswith(NO_ROUTE)
        return True

    async def book_time(self, ticket_id: int, *, article_id: int, units: str, on_behalf_of: str) -> None:
        """Once for each article: a second time is refused, 422 "has already been taken"."""
        booking = {"time_unit": units, "ticket_article_id": article_id}
        path = f"tickets/{ticket_id}/time_accountings"
        headers = self._session.headers_for(on_behalf_of)
        await self._session.write(
            lambda api: api.session.post(path, json=booking).json(), acknowledged, headers=headers
        )
