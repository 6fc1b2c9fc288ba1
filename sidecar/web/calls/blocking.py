"""For admins: the number of a call onto Zammad's block list, as a row that says why and by whom."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.calls.reasons import because
from sidecar.calls.rules.rules import rules_from
from sidecar.store.calls.listed import call_shown_to
from sidecar.store.database import Connection
from sidecar.sync.setting_rows import RowExistsError, add_to_block_list
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.frame import note
from sidecar.web.admin.setting_rows import problem_of
from sidecar.web.inputs import id_in_path, is_for_htmx, read_form
from sidecar.web.parts import Parts
from sidecar.words.deeds import Concerned
from sidecar.words.marks import N_
from zammad_client.records import Json

DONE = N_("The number is blocked: its calls are rejected from now on.")
ALREADY = N_("The number is blocked already.")
NO_NUMBER = N_("This call has no number that could be blocked.")
LONGEST_REASON = 100


async def block(request: Request, visitor: Visitor, parts: Parts) -> Response:
    number = id_in_path(request)
    digits = await parts.database.read(lambda connection: _number_of(connection, number, visitor))
    reason = " ".join((await read_form(request)).get("reason", "").split())[:LONGEST_REASON]
    said = NO_NUMBER if digits is None else await _blocked(digits, reason, number, visitor, parts)
    if is_for_htmx(request):
        return parts.rendering.fragment(visitor, "calls/blocked.html", {"said": said, "done": said == DONE})
    return RedirectResponse(f"{parts.options.root_path}/calls/{number}", 303)


async def _blocked(digits: str, reason: str, number: int, visitor: Visitor, parts: Parts) -> str:
    """What the admin is told."""
    row_note = f"{reason} ({visitor.name})" if reason else visitor.name
    adding = add_to_block_list(
        parts.zammad,
        digits,
        row_note,
        is_blocked=lambda config: _is_blocked(digits, config, parts),
        on_behalf_of=str(visitor.user_id),
    )
    try:
        if problem := await problem_of(adding):
            return problem
    except RowExistsError:
        return ALREADY
    subject = because(Concerned.BLOCKED_CALLER, number=number)
    await parts.database.write(lambda connection: note(connection, visitor, parts, "number_blocked", subject))
    await parts.workings.rules.renew_settings()
    return DONE


def _is_blocked(digits: str, config: Json, parts: Parts) -> bool:
    """By the rules in force, or by the setting as it stands in Zammad at this moment."""
    kept, in_force = parts.workings.rules.settings, parts.workings.rules.rules
    if in_force is not None and in_force.blocking(digits):
        return True
    now = rules_from(replace(kept, sipgate_config=config), (), (), parts.options.country) if kept else None
    return now is not None and now.block_list.named(digits, digits) is not None


def _number_of(connection: Connection, number: int, visitor: Visitor) -> str | None:
    """Digits without plus."""
    call = call_shown_to(connection, number, visitor.viewer)
    return call.number if call else None
