"""Zammad as OAuth2 provider (reference section 8)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from .answers import JsonAnswer, NotSimulatedError, Refusal
from .clock import stamp
from .rights import SESSION_COOKIE

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.records import Json

    from .call import Call
    from .state import Simulator

_LIFETIME = 7200


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    id: int
    name: str
    client_id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    client_id: str
    user_id: int
    expires_at: float


class OAuth:
    def __init__(self) -> None:
        self._applications: dict[str, Application] = {}
        self._codes: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def register(self, name: str, redirect_uri: str) -> Application:
        application = Application(
            id=len(self._applications) + 1,
            name=name,
            client_id=secrets.token_urlsafe(32),
            secret=secrets.token_urlsafe(32),
            redirect_uri=redirect_uri,
        )
        self._applications[application.client_id] = application
        return application

    def application(self, client_id: str) -> Application | None:
        return self._applications.get(client_id)

    def user_of(self, access_token: str, now: float) -> int | None:
        grant = self._access.get(access_token)
        return grant.user_id if grant and grant.expires_at > now else None

    def code_for(self, client_id: str, user_id: int, now: float) -> str:
        code = secrets.token_urlsafe(32)
        self._codes[code] = Grant(client_id=client_id, user_id=user_id, expires_at=now + 600)
        return code

    def exchange(self, kind: str, secret: str, client_id: str, now: float) -> Json | None:
        """Codes and refresh tokens serve once."""
        store = self._codes if kind == "authorization_code" else self._refresh
        grant = store.pop(secret, None)
        if grant is None or grant.client_id != client_id or grant.expires_at <= now:
            return None
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._access[access] = Grant(client_id=client_id, user_id=grant.user_id, expires_at=now + _LIFETIME)
        self._refresh[refresh] = Grant(client_id=client_id, user_id=grant.user_id, expires_at=float("inf"))
        return {
            "access_token": access, "token_type": "Bearer", "expires_in": _LIFETIME, "refresh_token": refresh,
            "scope": "full", "created_at": int(now),
        }  # fmt: skip

    def revoke(self, token: str) -> None:
        self._access.pop(token, None)
        self._refresh.pop(token, None)


def create_application(sim: Simulator, call: Call) -> Response:
    requester = sim.requester(call)
    requester.require("admin.api")
    name, redirect_uri = str(call.fields.get("name", "")), str(call.fields.get("redirect_uri", ""))
    if not name or not redirect_uri:
        raise Refusal(422, "Validation failed: Name can't be blank, Redirect URI can't be blank")
    application = sim.oauth.register(name, redirect_uri)
    return JsonAnswer({"id": application.id, "name": application.name, "created_at": stamp(sim.now())})


def authorize(sim: Simulator, call: Call) -> Response:
    """Consent is given at once; whoever is not logged in is sent to the simulator's login."""
    call.refuse_parameters("code_challenge")
    application = sim.oauth.application(call.query.get("client_id", ""))
    if application is None or call.query.get("redirect_uri") != application.redirect_uri:
        raise Refusal(401, "Client authentication failed due to unknown client.", plain=True)
    if call.query.get("response_type") != "code":
        raise NotSimulatedError("another response_type than code")
    user_id = sim.sessions.get(call.cookies.get(SESSION_COOKIE, ""))
    if user_id is None:
        return RedirectResponse("/sim/login?" + urlencode({"next": f"{call.path}?{urlencode(call.query)}"}), 302)
    answer = {"code": sim.oauth.code_for(application.client_id, user_id, sim.now())}
    if "state" in call.query:
        answer["state"] = call.query["state"]
    return RedirectResponse(f"{application.redirect_uri}?{urlencode(answer)}", 302)


def issue_token(sim: Simulator, call: Call) -> Response:
    application = sim.oauth.application(str(call.fields.get("client_id", "")))
    if application is None or not secrets.compare_digest(application.secret, str(call.fields.get("client_secret"))):
        return _oauth_error(401, "invalid_client")
    kind = str(call.fields.get("grant_type", ""))
    if kind not in {"authorization_code", "refresh_token"}:
        return _oauth_error(400, "unsupported_grant_type")
    if kind == "authorization_code" and call.fields.get("redirect_uri") != application.redirect_uri:
        return _oauth_error(400, "invalid_grant")
    secret = str(call.fields.get("code" if kind == "authorization_code" else "refresh_token", ""))
    issued = sim.oauth.exchange(kind, secret, application.client_id, sim.now())
    return _oauth_error(400, "invalid_grant") if issued is None else JsonAnswer(issued)


def revoke_token(sim: Simulator, call: Call) -> Response:
    sim.oauth.revoke(str(call.fields.get("token", "")))
    return JsonAnswer({})


def _oauth_error(status: int, error: str) -> Response:
    return JsonAnswer({"error": error, "error_description": f"OAuth error {error}."}, status_code=status)


ENDPOINTS = (
    ("POST", "/api/v1/applications", create_application),
    ("GET", "/oauth/authorize", authorize),
    ("POST", "/oauth/token", issue_token),
    ("POST", "/oauth/revoke", revoke_token),
)
