"""The addresses of the admin pages, for people with `admin.integration` alone."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from sidecar.store.database import Database
from sidecar.web.access.guard import Endpoint, Guard, View
from sidecar.web.admin.agents import AgentsPage
from sidecar.web.admin.audit import AuditPage
from sidecar.web.admin.deliveries import DeliveriesPage
from sidecar.web.admin.frame import AdminFrame
from sidecar.web.admin.health import HealthPage
from sidecar.web.admin.hooks import HooksPage
from sidecar.web.admin.sessions import SessionsPage
from sidecar.web.admin.simulate import SimulatePage
from sidecar.web.admin.sync import SyncPage
from sidecar.web.admin.workings import Workings
from sidecar.web.live import Live
from sidecar.web.permissions import ADMIN
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
