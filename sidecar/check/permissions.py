"""Every permission of the service user and its token, by trying each."""

from __future__ import annotations

from collections.abc import Mapping

import anyio

from sidecar.check.finding import Finding, ok, problem, warning
from sidecar.check.reach import TOKEN_PAGE
from zammad_client.client import Zammad
from zammad_client.errors import ZammadError

NEEDED: Mapping[str, str] = {
    "ticket.agent": "Without it people and tickets cannot be read: callers stay unknown.",
    "cti.agent": "Without it the caller log cannot be read: an interrupted delivery cannot be finished safely.",
    "admin.integration": "Without it switch, block list, routing table and agent map cannot be read at all.",
    "admin.user": "Without it agents' records cannot be written, and nothing can be done in an agent's name.",
    "admin.organization": "Without it organizations cannot be written.",
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
        findings.insert(0, ok("permissions", f"{', '.join(there)}: there"))
    return held, findings


def _missing(permission: str, error: ZammadError) -> Finding:
    if error.status != _FORBIDDEN:
        return warning(
            f"permission {permission}",
            f"{permission} could not be tried: {error}",
            why=NEEDED.get(permission, "Only `install` needs it."),
            cure="run `sipgate-sidecar check` again; if it stays so, look into Zammad's log",
        )
    if permission == FOR_INSTALL:
        return warning(
            f"permission {permission}",
            f"{permission} is missing, so the custom attributes could not be looked at",
            why="Only `install` needs it; a token for every day is better without it.",
            cure="nothing, if `install` has been run; else run it with a token and a role that have admin.object",
        )
    return problem(
        f"permission {permission}",
        f"{permission} is missing: {error}",
        why=NEEDED[permission],
        cure=_cure(permission, error.message),
    )


def _cure(permission: str, words: str) -> str:
    """Zammad says at which of the two it fails."""
    token = f"create the token anew with {permission} ticked ({TOKEN_PAGE})"
    role = f"give the service user a role with {permission} (Manage > Roles)"
    if "(token)" in words:
        return token
    return f"{role}, then {token}"
