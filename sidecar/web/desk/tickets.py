"""The open tickets of a call's customer, looked up in Zammad beside the page: that stands without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import anyio
from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.calls.listed import listed_calls
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.inputs import id_in_path
from sidecar.web.parts import Parts
from zammad_client import Zammad
from zammad_client.errors import ZammadError
from zammad_client.records import Ticket

PATIENCE = 4.0  # seconds, for both requests together
SHOWN = 5
MOST = 50  # asked for: what is more is "many"
OPEN = range(1, 5)  # types of states: new, open, pending reminder, pending action (docs/reference/zammad.md section 6)


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
    call = listed_calls(connection, [number]).get(number)
    return call.customer if call is not None and visitor.viewer.may_see(call) else None


async def _looked_up(zammad: Zammad, customer: int, visitor: Visitor) -> OpenTickets | None:
    """As this agent sees them. None where Zammad does not say, or not soon enough."""
    try:
        with anyio.fail_after(PATIENCE):
            return _newest(await _open_tickets(zammad, customer, str(visitor.user_id)), customer)
    except (ZammadError, TimeoutError):
        return None


async def _open_tickets(zammad: Zammad, customer: int, agent: str) -> Sequence[Ticket]:
    states = [str(state.id) for state in await zammad.tickets.states() if state.type_id in OPEN]
    condition = {
        "ticket.customer_id": {"operator": "is", "pre_condition": "specific", "value": [str(customer)]},
        "ticket.state_id": {"operator": "is", "value": states},
    }
    return await zammad.tickets.search(condition, limit=MOST, on_behalf_of=agent)


def _newest(found: Sequence[Ticket], customer: int) -> OpenTickets:
    """A faulty condition would find every ticket: only the customer's own count."""
    own = [ticket for ticket in found if ticket.customer_id == customer]
    return OpenTickets(newest=tuple(own[:SHOWN]), more=len(own[SHOWN:]))
