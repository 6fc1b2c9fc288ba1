"""What Zammad offers an agent for a note: open tickets of the customer, groups, outcomes, whether time is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.calls.pages.listing import ListedCall
from sidecar.tickets.open_tickets import open_tickets_of
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.records import Group, Ticket, TicketForm

OUTCOME = "cti_outcome"
OURS = frozenset({"title", "customer_id", "group_id", "state_id", "priority_id", "body", "tags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    tickets: Sequence[Ticket]
    barred: frozenset[int]  # of them: this agent may read them, and not write into them
    groups: Sequence[Group]  # where this agent may create a ticket
    outcomes: Sequence[str]
    times: bool  # minutes are asked for
    unit: str  # what they become: hour, quarter, minute, or empty
    missing: Sequence[str]  # mandatory fields of a new ticket that this form does not have


async def offers_for(zammad: Zammad, call: ListedCall, agent_id: int, *, ticket_id: int | None = None) -> Offers:
    """As this agent. `ticket_id`: one that is offered first, if the agent may see it. Raises: ZammadError."""
    form = await _form(zammad, str(agent_id))
    shown = await zammad.shown_settings()
    tickets = await _tickets(zammad, call.customer, ticket_id, agent_id)
    return Offers(
        tickets=tickets,
        barred=await _barred(zammad, tickets, agent_id),
        groups=await _groups(zammad, form),
        outcomes=[option for option in form.options.get(OUTCOME, ()) if option] if form else (),
        times=shown.get("time_accounting", True) is not False,
        unit=str(shown.get("time_accounting_unit") or ""),
        missing=sorted(form.mandatory - OURS) if form else (),
    )


async def _form(zammad: Zammad, agent: str) -> TicketForm | None:
    try:
        return await zammad.tickets.form(on_behalf_of=agent)
    except ZammadRefusedError:
        return None  # who may create none can write into others


async def _groups(zammad: Zammad, form: TicketForm | None) -> Sequence[Group]:
    if form is None:
        return ()
    groups = form.groups or await zammad.tickets.groups()
    return [each for each in groups if each.active and (form.group_ids is None or each.id in form.group_ids)]


async def _barred(zammad: Zammad, tickets: Sequence[Ticket], agent_id: int) -> frozenset[int]:
    if not tickets:
        return frozenset()
    rights = await zammad.tickets.rights_of(agent_id)
    return frozenset(ticket.id for ticket in tickets if rights.forbid(ticket.group_id))


async def _tickets(zammad: Zammad, customer: int | None, first: int | None, agent_id: int) -> Sequence[Ticket]:
    found = [] if customer is None else await open_tickets_of(zammad, customer, agent_id=agent_id)
    if first is None:
        return found
    try:
        wanted = await zammad.tickets.find(first, on_behalf_of=str(agent_id))
    except ZammadRefusedError:
        return found
    return [wanted, *(ticket for ticket in found if ticket.id != wanted.id)]
