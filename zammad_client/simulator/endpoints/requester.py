"""Who asks, what that person and their token may do, and what they changed (docs/reference/zammad.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zammad_client.simulator.models.refusals import Refusal
from zammad_client.simulator.models.roles import covers, within
from zammad_client.simulator.seen import Write

if TYPE_CHECKING:
    from zammad_client.simulator.models.people import Person
    from zammad_client.simulator.state import Simulator
    from zammad_client.simulator.versions import Version

    from .call import Call

SESSION_COOKIE = "_zammad_session_sim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The person asking; `limits` are the token's permissions, None where no token narrows the person's rights."""

    version: Version
    person: Person
    limits: frozenset[str] | None = None

    @property
    def id(self) -> int:
        return self.person.id

    def may(self, permission: str) -> bool:
        return self.person.holds(permission) and self._token_may(permission)

    @property
    def _lacks(self) -> str:
        return self.version.person_lacks if self.limits is None else self.version.user_lacks

    def _token_may(self, permission: str) -> bool:
        return self.limits is None or covers(self.limits, permission)

    def require(self, permission: str) -> None:
        if not self.person.holds(permission):
            raise Refusal(403, self._lacks)
        if not self._token_may(permission):
            raise Refusal(403, self.version.token_lacks)

    def require_any(self, area: str) -> None:
        """Some permission of an area, `admin.*`."""
        if not self.person.holds_some(area):
            raise Refusal(403, self._lacks)
        if self.limits is not None and not within(area, self.limits):
            raise Refusal(403, self.version.token_lacks)


def requester_of(sim: Simulator, call: Call) -> Requester:
    """Raises: Refusal 401 or 403, as Zammad words it."""
    requester = _authenticated(sim, call)
    wanted = call.headers.get("from", call.headers.get("x-on-behalf-of"))
    if not wanted:
        return requester
    if not requester.person.holds("admin.user"):
        raise Refusal(403, "Current user has no permission to use 'From'/'X-On-Behalf-Of'!")
    person = sim.people.named(wanted)
    if person is None:
        raise Refusal(403, f"No such user '{wanted}'")
    return Requester(version=sim.version, person=person)


def _authenticated(sim: Simulator, call: Call) -> Requester:
    header = call.headers.get("authorization", "")
    if header.startswith("Token "):
        return _with_token(sim, header.removeprefix("Token ").removeprefix("token=").strip('" '))
    if header.startswith("Bearer "):
        user_id = sim.oauth.user_of(header.removeprefix("Bearer ").strip(), sim.now())
        return Requester(version=sim.version, person=_active(sim, user_id))
    session = sim.sessions.get(call.cookies.get(SESSION_COOKIE, ""))
    if session is None:
        raise Refusal(403, "Authentication required")
    if call.method not in {"GET", "HEAD"}:
        raise Refusal(401, "CSRF token verification failed!")
    return Requester(version=sim.version, person=_active(sim, session))


def _with_token(sim: Simulator, secret: str) -> Requester:
    token = sim.api_tokens.get(secret)
    if token is None:
        raise Refusal(401, "Can't find User for Token")
    return Requester(version=sim.version, person=_active(sim, token.user_id), limits=token.permissions)


def _active(sim: Simulator, user_id: int | None) -> Person:
    person = sim.people.find(user_id) if user_id else None
    if person is None:
        raise Refusal(401, "Can't find User for Token")
    if not person.active:
        raise Refusal(
            401, "Login failed. Have you double-checked your credentials and completed the email verification?"
        )
    return person


def note_write(sim: Simulator, call: Call, requester: Requester) -> None:
    sim.writes.append(Write(method=call.method, path=call.path, changes=call.fields, by=requester.id, at=sim.now()))
