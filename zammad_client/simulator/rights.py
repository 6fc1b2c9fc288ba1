"""Who asks, and what that person and their token may do (reference section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answers import Refusal

if TYPE_CHECKING:
    from .call import Call
    from .people import Person
    from .state import Simulator

SESSION_COOKIE = "_zammad_session_sim"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The person asking; `limits` are the token's permissions, None where no token narrows the person's rights."""

    person: Person
    limits: frozenset[str] | None = None

    @property
    def id(self) -> int:
        return self.person.id

    def may(self, permission: str) -> bool:
        return holds(self.person, permission) and self._token_may(permission)

    def _token_may(self, permission: str) -> bool:
        return self.limits is None or covers(self.limits, permission)

    def require(self, permission: str) -> None:
        if not holds(self.person, permission):
            raise Refusal(403, "Not authorized (user)!")
        if not self._token_may(permission):
            raise Refusal(403, "Not authorized (token)!")

    def require_any(self, area: str) -> None:
        """Some permission of an area, `admin.*`."""
        if not any(_within(area, ROLES[role_id].permissions) for role_id in self.person.role_ids):
            raise Refusal(403, "Not authorized (user)!")
        if self.limits is not None and not _within(area, self.limits):
            raise Refusal(403, "Not authorized (token)!")


def _within(area: str, held: frozenset[str]) -> bool:
    return any(permission.partition(".")[0] == area for permission in held)


def covers(held: frozenset[str], permission: str) -> bool:
    return permission in held or permission.partition(".")[0] in held


def holds(person: Person, permission: str) -> bool:
    return any(covers(ROLES[role_id].permissions, permission) for role_id in person.role_ids)


def roles_with(permission: str) -> frozenset[int]:
    return frozenset(role.id for role in ROLES.values() if covers(role.permissions, permission))


def requester_of(sim: Simulator, call: Call) -> Requester:
    """Raises: Refusal 401 or 403, as Zammad words it."""
    requester = _authenticated(sim, call)
    wanted = call.headers.get("from", call.headers.get("x-on-behalf-of"))
    if not wanted:
        return requester
    if not holds(requester.person, "admin.user"):
        raise Refusal(403, "Current user has no permission to use 'From'/'X-On-Behalf-Of'!")
    person = sim.people.named(wanted)
    if person is None:
        raise Refusal(403, f"No such user '{wanted}'")
    return Requester(person=person)


def _authenticated(sim: Simulator, call: Call) -> Requester:
    header = call.headers.get("authorization", "")
    if header.startswith("Token "):
        return _with_token(sim, header.removeprefix("Token ").removeprefix("token=").strip('" '))
    if header.startswith("Bearer "):
        user_id = sim.oauth.user_of(header.removeprefix("Bearer ").strip(), sim.now())
        return Requester(person=_active(sim, user_id))
    session = sim.sessions.get(call.cookies.get(SESSION_COOKIE, ""))
    if session is None:
        raise Refusal(403, "Authentication required")
    if call.method not in {"GET", "HEAD"}:
        raise Refusal(401, "CSRF token verification failed!")
    return Requester(person=_active(sim, session))


def _with_token(sim: Simulator, secret: str) -> Requester:
    token = sim.api_tokens.get(secret)
    if token is None:
        raise Refusal(401, "Can't find User for Token")
    return Requester(person=_active(sim, token.user_id), limits=token.permissions)


def _active(sim: Simulator, user_id: int | None) -> Person:
    person = sim.people.find(user_id) if user_id else None
    if person is None:
        raise Refusal(401, "Can't find User for Token")
    if not person.active:
        raise Refusal(
            401, "Login failed. Have you double-checked your credentials and completed the email verification?"
        )
    return person
