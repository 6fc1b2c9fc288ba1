"""The addresses of the admin pages, for people with `admin.integration` alone."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from sidecar.store.database import Database
from sidecar.web.admin_frame import AdminFrame
from sidecar.web.agents_page import AgentsPage
from sidecar.web.audit_page import AuditPage
from sidecar.web.deliveries_page import DeliveriesPage
from sidecar.web.guard import Endpoint, Guard, View
from sidecar.web.health_page import HealthPage
from sidecar.web.hooks_page import HooksPage
from sidecar.web.live import Live
from sidecar.web.rights import ADMIN
from sidecar.web.sessions_page import SessionsPage
from sidecar.web.simulate_page import SimulatePage
from sidecar.web.sync_page import SyncPage
from sidecar.web.workings import Workings
from zammad_client import Zammad


def admin_routes(
    *, frame: AdminFrame, database: Database, guard: Guard, live: Live, zammad: Zammad, workings: Workings
) -> list[BaseRoute]:
    agents = AgentsPage(frame=frame, database=database, zammad=zammad, workings=workings)
    simulate = SimulatePage(frame=frame, database=database, workings=workings)
    sessions = SessionsPage(frame=frame, database=database, live=live)
    return [
        *_looking(frame=frame, database=database, workings=workings, guard=guard),
        *_deliveries(frame=frame, database=database, workings=workings, guard=guard),
        Route("/admin/agents", _admits(guard, agents.show)),
        Route("/admin/agents/assign", _admits(guard, agents.assign), methods=["POST"]),
        Route("/admin/simulate", _admits(guard, simulate.show)),
        Route("/admin/simulate/play", _admits(guard, simulate.play), methods=["POST"]),
        Route("/admin/sessions", _admits(guard, sessions.show)),
        Route("/admin/sessions/{key}/end", _admits(guard, sessions.end), methods=["POST"]),
    ]


def _looking(*, frame: AdminFrame, database: Database, workings: Workings, guard: Guard) -> list[BaseRoute]:
    health = HealthPage(frame=frame, database=database, workings=workings)
    hooks = HooksPage(frame=frame, database=database, workings=workings)
    sync = SyncPage(frame=frame, database=database)
    audit = AuditPage(frame=frame, database=database)
    return [
        Route("/admin", _admits(guard, health.show)),
        Route("/admin/check", _admits(guard, health.findings)),
        Route("/admin/hooks", _admits(guard, hooks.show)),
        Route("/admin/hooks/{number:int}", _admits(guard, hooks.hook)),
        Route("/admin/sync", _admits(guard, sync.show)),
        Route("/admin/audit", _admits(guard, audit.show)),
    ]


def _deliveries(*, frame: AdminFrame, database: Database, workings: Workings, guard: Guard) -> list[BaseRoute]:
    deliveries = DeliveriesPage(frame=frame, database=database, workings=workings)
    return [
        Route("/admin/deliveries", _admits(guard, deliveries.show)),
        Route("/admin/deliveries/retry", _admits(guard, deliveries.retry_all), methods=["POST"]),
        Route("/admin/deliveries/{number:int}/retry", _admits(guard, deliveries.retry), methods=["POST"]),
        Route("/admin/deliveries/{number:int}/discard", _admits(guard, deliveries.discard), methods=["POST"]),
    ]


def _admits(guard: Guard, view: View) -> Endpoint:
    return guard.admits(view, permission=ADMIN)
