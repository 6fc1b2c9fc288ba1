"""For admins: what sipgate sent, how it was answered, and what became of it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from sidecar.calls.sipgate.form import on_one_line
from sidecar.store.calls.hook_search import find_hooks
from sidecar.store.database import Connection
from sidecar.store.journal.hooks import find_hook, recent_hooks
from sidecar.store.journal.rows import StoredHook
from sidecar.web.access.visitor import Visitor
from sidecar.web.admin.call_facts import CallFacts, facts_of_call
from sidecar.web.admin.frame import framed, missing
from sidecar.web.inputs import id_in_path, id_in_query
from sidecar.web.parts import Parts

ON_A_PAGE = 50
MOST_FIELDS = 200


async def show(request: Request, visitor: Visitor, parts: Parts) -> Response:
    wanted = on_one_line(request.query_params.get("q", "").strip(), 200)
    before = id_in_query(request, "before")

    def read(connection: Connection) -> list[StoredHook]:
        if wanted:
            return find_hooks(connection, wanted, country=parts.options.country)
        return recent_hooks(connection, limit=ON_A_PAGE, before=before)

    hooks = await parts.database.read(read)
    older = hooks[-1].id if not wanted and len(hooks) == ON_A_PAGE else None
    return await framed(request, visitor, parts, "hooks", {"hooks": hooks, "wanted": wanted, "older": older})


async def show_one(request: Request, visitor: Visitor, parts: Parts) -> Response:
    number, now = id_in_path(request), parts.clock()

    def read(connection: Connection) -> tuple[StoredHook | None, CallFacts | None]:
        hook = find_hook(connection, number)
        if hook is None or not hook.call_id:
            return hook, None
        rules, habits = parts.workings.rules.rules, parts.workings.habits
        return hook, facts_of_call(connection, [hook.call_id], rules=rules, habits=habits, now=now)

    hook, facts = await parts.database.read(read)
    if hook is None:
        return missing(request, parts)
    form = hook.body.decode(errors="backslashreplace")
    values = {"hook": hook, "facts": facts, "form": form, "fields": _fields(hook.body)}
    return await framed(request, visitor, parts, "hooks", values, template="admin/hook.html")


def _fields(body: bytes) -> list[tuple[str, str]]:
    """As sent, decoded, in their order; none of what is no form."""
    try:
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []
