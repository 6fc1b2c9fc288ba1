"""The open tickets of a call's customer, looked up in Zammad beside the page: that stands without them."""

from __future__ import annotations

from dataclasses import dataclass

import anyio
from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.calls.listed import call_shown_to
from sidecar.store.database import Connection
from sidecar.tickets.open_tickets import open_tickets_of
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path
from sidecar.web.parts import Parts
from zammad_client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.records import Ticket

PATIENCE = 4.0  # seconds, for both requests together
SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTickets:
    newest: tuple[Ticket, ...]
    more: int  # that many besides


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    number = id_in_path(request)
    customer = await parts.database.read(lambda connection: _customer(connection, number, visitor))
    found = OpenTickets(newest=(), more=0) if customer is None else await _looked_up(parts.zammad, customer, visitor)
    return parts.rendering.fragment(visitor, "desk/tickets.html", {"tickets": found})


def _customer(connection: Connection, number: int, visitor: Visitor) -> int | None:
    """Whom the call certainly is with, if this person may see it."""
    call = call_shown_to(connection, number, visitor.viewer)
    return call.customer if call else None


async def _looked_up(zammad: Zammad, customer: int, visitor: Visitor) -> OpenTickets | None:
    """As this agent sees them. None where Zammad does not say, or not soon enough."""
    try:
        with anyio.fail_after(PATIENCE):
            found = await open_tickets_of(zammad, customer, agent_id=visitor.user_id)
    except (ZammadError, TimeoutError):
        return None
    return OpenTickets(newest=tuple(found[:SHOWN]), more=len(found[SHOWN:]))
