"""The pages put together: addresses, who may go there, and the headers around all of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from sidecar.store.database import Database
from sidecar.web.access.attempts import AttemptLimit
from sidecar.web.access.guard import Guard
from sidecar.web.access.oauth import Grants
from sidecar.web.access.rights import Rights
from sidecar.web.access.security import SecurityHeaders
from sidecar.web.access.sessions import Sessions
from sidecar.web.access.sign_in import SignIn
from sidecar.web.access.trust import Trust
from sidecar.web.admin.frame import AdminFrame
from sidecar.web.admin.routes import admin_routes
from sidecar.web.admin.workings import Workings
from sidecar.web.assets import asset_routes
from sidecar.web.calls_page import CallsPage
from sidecar.web.events import Events
from sidecar.web.export import Export
from sidecar.web.live import Live
from sidecar.web.missed_page import MissedPage
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
from sidecar.web.preferences import Preferences
from sidecar.web.statistics_page import StatisticsPage
from zammad_client import Zammad
from zammad_client.oauth import OAuthProvider


def web_app(
    *,
    database: Database,
    zammad: Zammad,
    rights: Rights,
    live: Live,
    trust: Trust,
    options: WebOptions,
    clock: Callable[[], float],
    workings: Workings,
    oauth: OAuthProvider | None = None,
) -> Starlette:
    """To be mounted at `options.root_path`. `oauth`: where the pages are not under Zammad's own host."""
    pages = Pages(options)
    grants = Grants(provider=oauth, clock=clock) if oauth else None
    sessions = Sessions(
        database=database, zammad=zammad, grants=grants, rights=rights, trust=trust, options=options, clock=clock
    )
    guard = Guard(sessions=sessions, pages=pages, options=options)
    limit = AttemptLimit(time.monotonic)
    sign_in = SignIn(sessions=sessions, grants=grants, pages=pages, options=options, limit=limit)
    frame = AdminFrame(database=database, pages=pages, options=options, clock=clock)
    shown = _pages(database=database, pages=pages, live=live, options=options, clock=clock, guard=guard)
    return Starlette(
        routes=[
            *shown,
            *admin_routes(frame=frame, database=database, guard=guard, live=live, zammad=zammad, workings=workings),
            Route("/sign-in", guard.opens(sign_in.enter)),
            Route("/sign-in/done", guard.opens(sign_in.come_back)),
            Route("/sign-out", guard.admits(sign_in.leave), methods=["POST"]),
            asset_routes(),
        ],
        middleware=[Middleware(SecurityHeaders)],
    )


def _pages(
    *,
    database: Database,
    pages: Pages,
    live: Live,
    options: WebOptions,
    clock: Callable[[], float],
    guard: Guard,
) -> list[BaseRoute]:
    calls = CallsPage(database=database, pages=pages, options=options, clock=clock)
    missed = MissedPage(database=database, pages=pages, live=live, options=options, clock=clock)
    numbers = StatisticsPage(database=database, pages=pages, clock=clock)
    events = Events(database=database, live=live, pages=pages, options=options)
    export = Export(database=database, options=options, clock=clock)
    preferences = Preferences(options)
    return [
        Route("/", guard.admits(calls.show)),
        Route("/calls.csv", guard.admits(export.download)),
        Route("/calls/{number:int}", guard.admits(calls.story)),
        Route("/missed", guard.admits(missed.show)),
        Route("/missed/{number:int}/take", guard.admits(missed.take), methods=["POST"]),
        Route("/missed/{number:int}/release", guard.admits(missed.release), methods=["POST"]),
        Route("/missed/{number:int}/close", guard.admits(missed.close), methods=["POST"]),
        Route("/missed/{number:int}/note", guard.admits(missed.note), methods=["POST"]),
        Route("/numbers", guard.admits(numbers.show)),
        Route("/wallboard", guard.admits(numbers.wallboard)),
        Route("/events", guard.admits(events.stream)),
        Route("/preferences", guard.admits(preferences.save), methods=["POST"]),
    ]
