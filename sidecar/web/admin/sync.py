"""For admins: how fresh is what was read from Zammad, and which rows could not be understood."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection, Database
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.sync.full_pass import State, load_state
from sidecar.sync.rules_in_force import saved_rules
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import AdminFrame


class SyncPage:
    def __init__(self, *, frame: AdminFrame, database: Database) -> None:
        self._frame = frame
        self._database = database

    async def show(self, request: Request, visitor: Visitor) -> Response:
        return await self._frame.page(request, visitor, "sync", await self._database.read(self._read))

    def _read(self, connection: Connection) -> dict[str, object]:
        rules = saved_rules(connection, self._frame.country)
        state: State = load_state(connection)
        return {
            "ages": snapshot_times(connection),
            "full_pass": state,
            "rules": rules,
            "warnings": rules.warnings if rules else (),
        }
