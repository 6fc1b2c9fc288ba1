"""For admins: a scripted call for this very process, marked as a test, and what came of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.reasons import because
from sidecar.follow_up.sheets import TEST_CALLS
from sidecar.scripted_calls.rehearsal import Saved, as_sipgate_sends, blocked_caller, colleague, read_saved
from sidecar.scripted_calls.scenarios import SCENARIOS
from sidecar.scripted_calls.script import Script
from sidecar.store.database import Connection
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.call_facts import CallFacts, facts_of_call
from sidecar.web.admin.frame import back, fragment, framed, note
from sidecar.web.inputs import is_for_htmx, read_form
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_

REFUSED = N_("The hook path refused the call.")
SIGNED_ONLY = N_("Only signed hooks are taken (sipgate.signature: enforce), and only sipgate can sign.")
NO_TOKEN = N_("No token is known yet: Zammad's settings have not been read.")
SWITCHED_OFF = N_("Not played: the integration is switched off in Zammad (System > Integrations > sipgate.io).")
NOT_POSSIBLE = N_("That cannot be played: choose a scenario; without a number of the block list, name a number.")
LEGS = ("a", "b")
OK = 200
REFUSALS = {None: NO_TOKEN, 403: SIGNED_ONLY}
_CALL = re.compile(re.escape(TEST_CALLS) + r"[0-9a-f]{8}")
_SIPGATE_ID = re.compile(r"[\w.-]{0,100}", re.ASCII)


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    """With `call`, what has come of that one so far; it looks again by itself while that may change."""
    call = request.query_params.get("call", "")
    if not _CALL.fullmatch(call):
        return await _page(request, visitor, parts)
    values = {"call": call, "facts": await _facts(call, parts)}
    if is_for_htmx(request):
        return fragment(visitor, parts, "admin/simulated.html", values)
    return await _page(request, visitor, parts, values)


async def play(request: Request, visitor: Visitor, parts: Parts) -> Response:
    form, country = await read_form(request), parts.options.country
    saved = await parts.database.read(lambda connection: read_saved(connection, country))
    if saved.rules is not None and not saved.rules.enabled:
        return await _page(request, visitor, parts, problem=SWITCHED_OFF, status=409)
    script = _script(form, saved, country)
    if script is None:
        return await _page(request, visitor, parts, problem=NOT_POSSIBLE, status=400)
    call = f"{TEST_CALLS}{secrets.token_hex(4)}"
    status = await parts.workings.line.ring(script, call=call)
    if status != OK:
        return await _page(request, visitor, parts, problem=REFUSALS.get(status, REFUSED), status=409)
    subject = because(Concerned.CALL, scenario=form["scenario"], call=call)
    await parts.database.write(lambda connection: note(connection, visitor, parts, "call_simulated", subject))
    return back(parts, "simulate", f"call={call}")


async def _facts(call: str, parts: Parts) -> CallFacts | None:
    legs, now = [f"{call}-{leg}" for leg in LEGS], parts.clock()
    rules, habits = parts.workings.rules.rules, parts.workings.habits

    def read(connection: Connection) -> CallFacts | None:
        return facts_of_call(connection, legs, rules=rules, habits=habits, now=now)

    return await parts.database.read(read)


async def _page(
    request: Request,
    visitor: Visitor,
    parts: Parts,
    values: Mapping[str, object] | None = None,
    *,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    rules = parts.workings.rules.rules
    choices = {"scenarios": SCENARIOS, "sipgate_ids": list(rules.agents.by_sipgate_id) if rules else []}
    shown = {"call": None, "facts": None, **choices, **(values or {})}
    return await framed(request, visitor, parts, "simulate", shown, problem=problem, status=status)


def _script(form: Mapping[str, str], saved: Saved, country: str) -> Script | None:
    """None where there is no such scenario, or no number that it could be played with."""
    chosen = SCENARIOS.get(form.get("scenario", ""))
    first, second = form.get("first", ""), form.get("second", "")
    if chosen is None or not (_SIPGATE_ID.fullmatch(first) and _SIPGATE_ID.fullmatch(second)):
        return None
    written = form.get("number", "").strip()[:40]
    given = as_sipgate_sends(written, country) if written else None
    outside = given or chosen.caller or blocked_caller(saved, country)
    if outside is None:
        return None
    return chosen.script(
        outside=outside,
        first=colleague(saved.rules, first or None, position=0),
        second=colleague(saved.rules, second or None, position=1),
    )
