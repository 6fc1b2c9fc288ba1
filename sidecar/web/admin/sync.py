"""For admins: how fresh is what was read from Zammad, and which rows could not be understood."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.sync.kept import kept_goal, kept_pass, saved_rules
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import framed
from sidecar.web.parts import Parts


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    values = await parts.database.read(partial(_read, country=parts.options.country))
    return await framed(request, visitor, parts, "sync", values)


def _read(connection: Connection, country: str) -> dict[str, object]:
    rules = saved_rules(connection, country)
    state = kept_pass(connection)
    return {
        "ages": snapshot_times(connection),
        "full_pass": state,
        "goal": kept_goal(connection) if state.begun_at is not None and state.what == "users" else None,
        "rules": rules,
        "warnings": rules.warnings if rules else (),
    }
