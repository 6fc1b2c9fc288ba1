"""For admins: is everything well? Readiness at once, the findings of `check` as soon as they are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Database
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import AdminFrame
from sidecar.web.admin.workings import Workings


class HealthPage:
    def __init__(self, *, frame: AdminFrame, database: Database, workings: Workings) -> None:
        self._frame = frame
        self._database = database
        self._workings = workings

    async def show(self, request: Request, visitor: Visitor) -> Response:
        readiness = await self._workings.readiness()
        values = {
            "ready": readiness.ready,
            "checks": readiness.checks,
            "zammad_problem": readiness.zammad,
            "details": dict(_flat(readiness.details)),
            "ages": await self._database.read(snapshot_times),
        }
        return await self._frame.page(request, visitor, "health", values)

    async def findings(self, request: Request, visitor: Visitor) -> Response:
        """Fetched by the page when it is there, and again on demand; a page of its own without a script."""
        report = await self._workings.checkup.report(anew="anew" in request.query_params)
        counts = {level: sum(each.level == level for each in report.findings) for level in ("problem", "warning", "ok")}
        values = {"report": report, "counts": counts}
        if "HX-Request" in request.headers:
            return self._frame.fragment(visitor, "findings.html", values)
        return await self._frame.page(request, visitor, "health", values, template="admin_check.html")


def _flat(details: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in details.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}_")
        else:
            yield f"{before}{name}", value
