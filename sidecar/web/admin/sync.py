"""For admins: how fresh is what was read from Zammad, and which rows could not be understood."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import snapshot_times
from sidecar.sync.kept import kept_goal, kept_pass, saved_rules
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import framed
from sidecar.web.admin.searching import fits, wanted_in
from sidecar.web.parts import Parts
from sidecar.words.sentences import sentence


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    q, words, country = wanted_in(request), visitor.words, parts.options.country
    values = await parts.database.read(lambda connection: _read(connection, country))
    warnings = [
        each
        for each in values["warnings"]
        if fits(q, sentence(each.place, words), each.text, sentence(each.problem, words), country=country)
    ]
    return await framed(request, visitor, parts, "sync", {**values, "warnings": warnings, "q": q})


def _read(connection: Connection, country: str) -> dict[str, Any]:
    rules = saved_rules(connection, country)
    state = kept_pass(connection)
    return {
        "ages": snapshot_times(connection),
        "full_pass": state,
        "goal": kept_goal(connection) if state.begun_at is not None and state.what == "users" else None,
        "rules": rules,
        "warnings": rules.warnings if rules else (),
    }
