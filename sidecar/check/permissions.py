"""Every permission of the service user and its token, by trying each."""

from __future__ import annotations

from collections.abc import Mapping

import anyio

from sidecar.calls.reasons import because
from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.codes.findings import Permitted, Topic, Without
from sidecar.faults import reason_of
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError

NEEDED: Mapping[str, Without] = {
    "ticket.agent": Without.TICKET_AGENT,
    "cti.agent": Without.CTI_AGENT,
    "admin.integration": Without.ADMIN_INTEGRATION,
    "admin.user": Without.ADMIN_USER,
}
FOR_INSTALL = "admin.object"
_FORBIDDEN = 403


async def permissions_held(zammad: Zammad) -> tuple[frozenset[str], list[Finding]]:
    """Those the token has, and what is to be said of the others."""
    failures: dict[str, ZammadError] = {}

    async def attempt(permission: str) -> None:
        try:
            await zammad.try_permission(permission)
        except ZammadError as error:
            failures[permission] = error

    async with anyio.create_task_group() as tasks:
        for permission in (*NEEDED, FOR_INSTALL):
            tasks.start_soon(attempt, permission)
    held = frozenset({*NEEDED, FOR_INSTALL} - failures.keys())
    findings = [_missing(name, failures[name]) for name in (*NEEDED, FOR_INSTALL) if name in failures]
    if there := [name for name in NEEDED if name in held]:
        findings.insert(0, ok(Topic.PERMISSIONS, because(Permitted.THERE, permissions=there)))
    return held, findings


def _missing(permission: str, error: ZammadError) -> Finding:
    subject = because(Topic.PERMISSION, permission=permission)
    without = because(NEEDED.get(permission, Without.ADMIN_OBJECT))
    said = reason_of(error)
    if error.status != _FORBIDDEN:
        return warning(subject, because(Permitted.UNTRIED, permission=permission, error=said, without=without))
    if permission == FOR_INSTALL:
        return warning(subject, because(Permitted.NO_OBJECTS))
    of_the_role = "(user)" in error.message  # up to 5.4; later versions do not tell which of the two it is
    code = Permitted.ROLE_LACKS if of_the_role else Permitted.EITHER_LACKS
    return problem(subject, because(code, permission=permission, error=said, without=without))
