"""Callback tickets as one part of the service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sidecar.config import Settings
from sidecar.metrics import Metrics
from sidecar.store.database import Database
from sidecar.tickets.customers import Customers
from sidecar.tickets.notes import CallNotes
from sidecar.tickets.rounds import CallbackTickets, RoundLimits
from zammad_client import Zammad
from zammad_client.records import User


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWork:
    """What people do with a call that is written into Zammad."""

    notes: CallNotes
    customers: Customers


def call_work(
    settings: Settings,
    *,
    zammad: Zammad,
    database: Database,
    learn: Callable[[Sequence[User]], Awaitable[object]],
    clock: Callable[[], float],
    metrics: Metrics,
) -> CallWork:
    """`learn`: takes in users as Zammad has them now."""
    notes = CallNotes(
        zammad=zammad,
        database=database,
        clock=clock,
        count=lambda what, outcome: metrics.tickets.labels(what=what, outcome=outcome).inc(),
        doubt=settings.zammad.timeout,
    )
    customers = Customers(zammad=zammad, database=database, country=settings.phone.country, learn=learn, clock=clock)
    return CallWork(notes=notes, customers=customers)


def callback_tickets(
    settings: Settings,
    *,
    zammad: Zammad,
    database: Database,
    holder: str,
    clock: Callable[[], float],
    metrics: Metrics,
) -> CallbackTickets:
    pages = f"{settings.server.public_url}{settings.web.root_path}"
    return CallbackTickets(
        zammad=zammad,
        database=database,
        tickets=settings.tickets,
        country=settings.phone.country,
        story=lambda call_id: f"{pages}/calls/{call_id}",
        holder=holder,
        clock=clock,
        count=lambda what, outcome: metrics.tickets.labels(what=what, outcome=outcome).inc(),
        limits=RoundLimits(doubt=settings.zammad.timeout),
    )
