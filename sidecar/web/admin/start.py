"""For admins, until the first call has come: what is still to be done, step by step, each with its cure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.sipgate.events import Direction
from sidecar.hooks.http import callback_url
from sidecar.store.calls.search import is_any_call
from sidecar.store.database import Connection
from sidecar.store.replicas.snapshots import NOTE, load_snapshot, save_snapshot
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import framed
from sidecar.web.parts import Parts

PUT_AWAY = f"{NOTE}start put away"


class FirstStep(StrEnum):
    ZAMMAD = "zammad"
    SWITCH = "switch"
    AGENTS = "agents"
    TEST = "test"
    HOOKS = "hooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What has come so far."""

    test: bool
    real: bool


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """The addresses of the hooks hold the token: they are shown when asked for (`urls`)."""
    seen = await parts.database.read(calls_seen)
    readiness = await parts.workings.readiness()
    rules, token = parts.workings.rules.rules, parts.workings.rules.tokens.current
    done = {
        FirstStep.ZAMMAD: readiness.zammad is None,
        FirstStep.SWITCH: rules is not None and rules.enabled,
        FirstStep.AGENTS: rules is not None and bool(rules.agents.by_sipgate_id),
        FirstStep.TEST: seen.test or seen.real,
        FirstStep.HOOKS: seen.real,
    }
    public_url, shown = parts.options.public_url, "urls" in request.query_params
    values = {
        "steps": [(str(step), is_done) for step, is_done in done.items()],
        "zammad_problem": readiness.zammad,
        "known": token is not None,
        "urls": [(each, callback_url(public_url, token, each)) for each in Direction] if token and shown else [],
    }
    return await framed(request, visitor, parts, "start", values)


async def put_away(_request: Request, _visitor: Visitor, parts: Parts) -> Response:
    """For good: /admin leads here no longer."""
    now = parts.clock()
    await parts.database.write(lambda connection: save_snapshot(connection, PUT_AWAY, {}, now))
    return RedirectResponse(f"{parts.options.root_path}/admin", 303)


def is_to_be_shown(connection: Connection) -> bool:
    return not calls_seen(connection).real and load_snapshot(connection, PUT_AWAY) is None


def calls_seen(connection: Connection) -> Calls:
    return Calls(test=is_any_call(connection, test=True), real=is_any_call(connection, test=False))
