"""Callback tickets as one part of the service."""

from __future__ import annotations

from collections.abc import Callable

from sidecar.config import Settings
from sidecar.metrics import Metrics
from sidecar.store.database import Database
from sidecar.tickets.notes import CallNotes
from sidecar.tickets.rounds import CallbackTickets, RoundLimits
from zammad_client import Zammad


def call_notes(
    settings: Settings, *, zammad: Zammad, database: Database, clock: Callable[[], float], metrics: Metrics
) -> CallNotes:
    return CallNotes(
        zammad=zammad,
        database=database,
        clock=clock,
        count=lambda what, outcome: metrics.tickets.labels(what=what, outcome=outcome).inc(),
        doubt=settings.zammad.timeout,
    )


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
