"""Tickets and ids as requests name them, and who may have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zammad_client.simulator.endpoints.call import id_in
from zammad_client.simulator.endpoints.requester import requester_of
from zammad_client.simulator.models.refusals import Refusal, found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zammad_client.records import Json
    from zammad_client.simulator.endpoints.call import Call
    from zammad_client.simulator.endpoints.requester import Requester
    from zammad_client.simulator.models.tickets import Ticket
    from zammad_client.simulator.state import Simulator


def agent_asking(sim: Simulator, call: Call) -> Requester:
    """Raises: Refusal."""
    requester = requester_of(sim, call)
    if not requester.may("ticket.agent"):
        raise Refusal(403, "Not authorized")
    return requester


def ticket_found(sim: Simulator, ticket_id: object, requester: Requester) -> Ticket:
    """Raises: Refusal where it is not there, or in a group that this person has nothing to do with."""
    ticket = found(sim.tickets.find(id_in(ticket_id)), "Ticket", ticket_id)
    if not may_see(requester, ticket.group_id):
        raise Refusal(403, "Not authorized")
    return ticket


def ticket_to_change(sim: Simulator, ticket_id: object, requester: Requester) -> Ticket:
    """Raises: Refusal, also where it may only be read."""
    ticket = ticket_found(sim, ticket_id, requester)
    if not may_change(requester, ticket.group_id):
        raise Refusal(403, "Not authorized")
    return ticket


def may_see(requester: Requester, group_id: int) -> bool:
    return may_change(requester, group_id) or group_id in requester.person.read_only_group_ids


def may_change(requester: Requester, group_id: int) -> bool:
    return group_id in requester.person.group_ids


def named(fields: Mapping[str, Json], name: str, names: Mapping[int, str]) -> int | None:
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
