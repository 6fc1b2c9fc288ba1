"""Roles, what they permit, and tokens that permit less (docs/reference/zammad.md section 8.1)."""

from __future__ import annotations

from dataclasses import dataclass

SERVICE_PERMISSIONS = frozenset(
    {
        "ticket.agent",
        "cti.agent",
        "admin.integration",
        "admin.user",
        "admin.organization",
        "admin.object",
        "admin.api",
        "user_preferences",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    id: int
    name: str
    permissions: frozenset[str]


ADMIN = Role(id=1, name="Admin", permissions=frozenset({"admin", "report", "user_preferences"}))
AGENT = Role(id=2, name="Agent", permissions=frozenset({"ticket.agent", "cti.agent", "user_preferences"}))
CUSTOMER = Role(id=3, name="Customer", permissions=frozenset({"ticket.customer", "user_preferences"}))
SERVICE = Role(id=4, name="Sipgate sidecar", permissions=SERVICE_PERMISSIONS)
ROLES = {role.id: role for role in (ADMIN, AGENT, CUSTOMER, SERVICE)}
ROLE_IDS = {role.name: role.id for role in ROLES.values()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    user_id: int
    permissions: frozenset[str]


def within(area: str, held: frozenset[str]) -> bool:
    """Some permission of an area, `admin.*`."""
    return any(permission.partition(".")[0] == area for permission in held)


def covers(held: frozenset[str], permission: str) -> bool:
    return permission in held or permission.partition(".")[0] in held


def roles_with(permission: str) -> frozenset[int]:
    return frozenset(role.id for role in ROLES.values() if covers(role.permissions, permission))
