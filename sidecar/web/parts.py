"""What pages are made of. Every page is a function that is handed these parts and takes what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sidecar.store.database import Database
from sidecar.tickets.customers import Customers
from sidecar.tickets.notes import CallNotes
from sidecar.tickets.service import CallWork
from sidecar.web.access.entrance import Entrance, entrance_with
from sidecar.web.access.oauth import Grants
from sidecar.web.access.queues import Queues
from sidecar.web.access.rights import Rights
from sidecar.web.access.sessions import Sessions
from sidecar.web.access.trust import Trust
from sidecar.web.live.office import Office
from sidecar.web.live.open_pages import Live
from sidecar.web.options import WebOptions
from sidecar.web.recent.choices import RecentChoices
from sidecar.web.recent.numbers import RecentNumbers
from sidecar.web.recent.running import RecentRunning
from sidecar.web.rendering.templates import Rendering
from sidecar.web.workings import Workings
from zammad_client import Zammad
from zammad_client.oauth import OAuthProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    database: Database
    zammad: Zammad
    rendering: Rendering
    live: Live
    sessions: Sessions
    entrance: Entrance
    choices: RecentChoices
    numbers: RecentNumbers
    running: RecentRunning
    office: Office
    workings: Workings
    notes: CallNotes | None  # None: switched off
    customers: Customers | None
    options: WebOptions
    clock: Callable[[], float]  # UTC epoch seconds


def parts_of(
    *,
    database: Database,
    zammad: Zammad,
    rights: Rights,
    live: Live,
    trust: Trust,
    options: WebOptions,
    clock: Callable[[], float],
    workings: Workings,
    work: CallWork | None = None,
    oauth: OAuthProvider | None = None,
) -> Parts:
    """`oauth`: where the pages are not under Zammad's own host."""
    grants = Grants(provider=oauth, clock=clock) if oauth else None
    sessions = Sessions(
        database=database, zammad=zammad, grants=grants, rights=rights, trust=trust, options=options, clock=clock,
        queues=Queues(rules=workings.rules, database=database, clock=clock))  # fmt: skip
    return Parts(
        database=database,
        zammad=zammad,
        rendering=Rendering(options, zammad_lost=lambda: live.contact.lost_since),
        live=live,
        sessions=sessions,
        entrance=entrance_with(grants, options),
        choices=RecentChoices(database=database, clock=clock),
        office=live.office,
        numbers=RecentNumbers(database=database, clock=clock, within=options.goals.answer_within),
        running=RecentRunning(database=database, clock=clock),
        workings=workings,
        notes=work.notes if work and options.notes else None,
        customers=work.customers if work else None,
        options=options,
        clock=clock,
    )
