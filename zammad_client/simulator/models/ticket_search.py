"""Which tickets a search finds, traps included (docs/reference/zammad.md section 6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clock import seconds_of
from .refusals import NotSimulatedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from zammad_client.records import Json

    from .tickets import Ticket

_TIMES = {"ticket.created_at": "created_at", "ticket.updated_at": "updated_at"}
_NUMBERS = {"ticket.customer_id": "customer_id", "ticket.state_id": "state_id", "ticket.group_id": "group_id"}


def chosen_by_condition(tickets: Iterable[Ticket], condition: Mapping[str, Json]) -> list[Ticket]:
    """An empty condition finds every ticket.

    Raises: NotSimulatedError for an attribute or operator nobody has recorded.
    """
    return [ticket for ticket in tickets if all(_holds(ticket, name, rule) for name, rule in condition.items())]


def chosen_by_text(tickets: Iterable[Ticket], text: str) -> list[Ticket]:
    """Once per article, as the join without Elasticsearch gives them."""
    return [ticket for ticket in tickets if _mentions(ticket, text.lower()) for _ in ticket.articles or (None,)]


def _mentions(ticket: Ticket, text: str) -> bool:
    searched = [ticket.title, ticket.number]
    searched += [part for each in ticket.articles for part in (each.subject or "", each.body, each.author)]
    return any(text in each.lower() for each in searched)


def _holds(ticket: Ticket, name: str, rule: Mapping[str, Json]) -> bool:
    operator, value = rule.get("operator"), rule.get("value")
    values = [str(each) for each in (value if isinstance(value, list) else [value])]
    match name, operator:
        case ("ticket.tags", "contains one"):
            return any(tag in ticket.tags for tag in _split(values))
        case ("ticket.tags", "contains all"):
            return all(tag in ticket.tags for tag in _split(values))
        case (_, "is") if name in _NUMBERS:
            return str(getattr(ticket, _NUMBERS[name])) in values
        case (_, "after (absolute)") if name in _TIMES:
            return bool(getattr(ticket, _TIMES[name]) > seconds_of(values[0]))
        case (_, "before (absolute)") if name in _TIMES:
            return bool(getattr(ticket, _TIMES[name]) < seconds_of(values[0]))
        case _:
            raise NotSimulatedError(f"condition {name} {operator}")


def _split(values: list[str]) -> list[str]:
    return [tag.strip() for value in values for tag in value.split(",")]
