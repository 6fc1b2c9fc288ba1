"""The open tickets of a customer, as an agent sees them in Zammad."""

from __future__ import annotations

from collections.abc import Sequence

from sidecar.calls.callbacks.work import ENDED
from zammad_client import Zammad
from zammad_client.records import Ticket

MOST = 50  # asked for: what is more is "many"


async def open_tickets_of(zammad: Zammad, customer: int, *, agent_id: int) -> Sequence[Ticket]:
    """Newest first. A faulty condition would find every ticket: only the customer's own count. Raises: ZammadError."""
    states = [str(state.id) for state in await zammad.tickets.states() if state.type_id not in ENDED]
    condition = {
        "ticket.customer_id": {"operator": "is", "pre_condition": "specific", "value": [str(customer)]},
        "ticket.state_id": {"operator": "is", "value": states},
    }
    found = await zammad.tickets.search(condition, limit=MOST, on_behalf_of=str(agent_id))
    return [ticket for ticket in found if ticket.customer_id == customer]
