"""Zammad as OAuth2 provider: applications, consent, tokens (docs/reference/zammad.md section 8.4)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from zammad_client.simulator.models.clock import stamp
from zammad_client.simulator.models.refusals import NotSimulatedError, Refusal

from .answers import JsonAnswer
from .requester import SESSION_COOKIE, requester_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from zammad_client.simulator.state import Simulator

    from .call import Call


def create_application(sim: Simulator, call: Call) -> Response:
    requester = requester_of(sim, call)
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
