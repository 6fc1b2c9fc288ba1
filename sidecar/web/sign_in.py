"""Signing in without an account of our own: by Zammad's cookie under its host, elsewhere by its OAuth2; signing out."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from posixpath import normpath
from urllib.parse import unquote, urlencode, urlsplit

import anyio
import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from sidecar.store.pages.sessions import BY_OAUTH
from sidecar.web.access.attempts import ATTEMPT_SECONDS, AttemptLimit, SignInAttempt
from sidecar.web.access.oauth import Grants, Vouched, challenge_of
from sidecar.web.access.security import needs_secure_cookies
from sidecar.web.access.sessions import COOKIE, Newcomer, new_token, zammads_cookie
from sidecar.web.access.visitor import Visitor
from sidecar.web.parts import Parts
from sidecar.words.marks import N_
from zammad_client.errors import ZammadError

SIGNED_OUT = N_("You are signed out.")
NEEDS_HTTPS = N_(
    "Your browser has not kept the sign-in. These pages need HTTPS: open their address with https:// in front."
)
ZAMMAD_DOWN = N_("Zammad does not answer at the moment, so nobody can sign in. Try again in a minute.")
TOO_MANY = N_("Too many attempts to sign in. Wait a minute and try again.")
ZAMMAD_THEN_HERE = N_("First sign in to Zammad: open it and come back to this page. Then continue.")
FIRST_ZAMMAD = N_("Sign in to Zammad in this browser, then come back here.")
STALE = N_("This sign-in was begun elsewhere or too long ago. Please begin again.")
REFUSED = N_("Zammad has refused the sign-in.")
NO_RIGHTS = N_("{name} has no right to see calls here. It needs the permission cti.agent in Zammad.")
ATTEMPT_COOKIE = "sidecar_sign_in"  # an attempt, sealed
SIGNED_OUT_COOKIE = "sidecar_signed_out"  # whoever signed out is not signed in again by itself
WELCOME_COOKIE = "sidecar_welcome"  # kept even at plain HTTP: who comes back with it alone has lost the session's
WELCOME_SECONDS = 60
TOO_OFTEN = 429
REFUSED_AFTER = 1.0  # seconds: whoever tries again as soon as it is answered takes no time from calls
LOG_EVERY = 1000  # refused attempts: a flood of them is one line

log = structlog.get_logger(__name__)


async def enter(request: Request, parts: Parts) -> Response:
    """GET: signs in at once where Zammad's cookie says who it is, else sends on to Zammad or explains."""
    wanted = own_path(request.query_params.get("next", ""), parts.options.root_path)
    if refusal := _not_now(request, parts, wanted):
        if refusal.status_code == TOO_OFTEN:
            await anyio.sleep(REFUSED_AFTER)
        return refusal
    try:
        newcomer = await parts.sessions.zammads_user(request)
    except ZammadError as error:
        parts.entrance.streak.failed(error)
        return _explain(request, parts, wanted, ZAMMAD_DOWN, status=503)
    parts.entrance.streak.worked()
    if newcomer is not None:
        return await _welcome(request, parts, newcomer, new_token(), wanted)
    if parts.entrance.grants is None:
        return _explain(request, parts, wanted, FIRST_ZAMMAD)
    return await _over_zammad(request, parts, parts.entrance.grants, wanted)


async def standing(request: Request, parts: Parts) -> Response:
    """GET: what an open page asks about itself, every half minute."""
    return PlainTextResponse(await parts.sessions.standing(request))


def _not_now(request: Request, parts: Parts, wanted: str) -> Response | None:
    if SIGNED_OUT_COOKIE in request.cookies and "again" not in request.query_params:
        return _explain(request, parts, wanted, SIGNED_OUT)
    if WELCOME_COOKIE in request.cookies and COOKIE not in request.cookies:
        return _explain(request, parts, wanted, NEEDS_HTTPS, status=400)
    if zammads_cookie(request) and not _may_ask_zammad(request, parts.entrance.limit):
        return _explain(request, parts, wanted, TOO_MANY, status=TOO_OFTEN)
    return None


async def _over_zammad(request: Request, parts: Parts, grants: Grants, wanted: str) -> Response:
    lost = parts.entrance.seal.open(request.cookies.get(ATTEMPT_COOKIE, ""))
    if lost and "again" not in request.query_params:  # Zammad lets nobody come back who was not signed in there
        return _explain(request, parts, _more_wanted(wanted, lost, parts.options.root_path), ZAMMAD_THEN_HERE)
    return await _send_to_zammad(request, parts, grants, wanted)


async def come_back(request: Request, parts: Parts) -> Response:
    """GET: the browser returns from Zammad's OAuth2 with a code."""
    grants, attempt = parts.entrance.grants, parts.entrance.seal.open(request.cookies.get(ATTEMPT_COOKIE, ""))
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    if grants is None or attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
        return _explain(request, parts, "", STALE, status=400)
    wanted = own_path(attempt.wanted, parts.options.root_path)
    if not code:
        return _explain(request, parts, wanted, REFUSED, status=403)
    if not _may_ask_zammad(request, parts.entrance.limit):
        await anyio.sleep(REFUSED_AFTER)
        return _explain(request, parts, wanted, TOO_MANY, status=TOO_OFTEN)
    token = new_token()
    known = await _redeemed(request, parts, grants, code=code, attempt=attempt, token=token)
    if known is None:
        return _explain(request, parts, wanted, REFUSED, status=403)
    newcomer = Newcomer(user_id=known.user_id, name=known.name, signed_in_by=BY_OAUTH, grant=known.grant)
    return await _welcome(request, parts, newcomer, token, wanted)


async def _redeemed(
    request: Request, parts: Parts, grants: Grants, *, code: str, attempt: SignInAttempt, token: str
) -> Vouched | None:
    redirect_uri = _redirect_uri(request, parts.options.root_path)
    try:
        return await grants.redeem(code, redirect_uri=redirect_uri, verifier=attempt.verifier or None, token=token)
    except ZammadError as error:
        log.warning("sign_in_failed", problem=str(error))
        return None


async def leave(request: Request, _visitor: Visitor, parts: Parts) -> Response:
    """POST."""
    root_path = parts.options.root_path
    response = RedirectResponse(f"{root_path}/sign-in", 303)
    await parts.sessions.close(request, response)
    response.delete_cookie(WELCOME_COOKIE, path=root_path)
    _set_cookie(response, parts, SIGNED_OUT_COOKIE, "1", secure=needs_secure_cookies(request))
    return response


def own_path(wanted: str, root_path: str) -> str:
    """Only back to our own pages."""
    home = f"{root_path}/"
    path = unquote(urlsplit(wanted).path)
    safe = wanted.startswith(home) and path == normpath(path) + ("/" if path.endswith("/") else "")
    if not safe or not path.isprintable() or "\\" in path or not wanted.isprintable():
        return home
    return home if path.startswith(f"{home}sign-") else wanted


def _more_wanted(wanted: str, lost: SignInAttempt, root_path: str) -> str:
    """Whoever begins anew at the first page still wants the one they came for."""
    return own_path(lost.wanted, root_path) if wanted == own_path("", root_path) else wanted


def _may_ask_zammad(request: Request, limit: AttemptLimit) -> bool:
    allowed = limit.allows(request.client.host if request.client else "")
    if not allowed and limit.refused % LOG_EVERY == 1:
        log.warning("sign_ins_refused", so_far=limit.refused, reason="too many attempts")
    return allowed


async def _welcome(request: Request, parts: Parts, newcomer: Newcomer, token: str, wanted: str) -> Response:
    if not parts.sessions.may_enter(newcomer.user_id):
        return _explain(request, parts, wanted, NO_RIGHTS, status=403, name=newcomer.name)
    response = RedirectResponse(wanted, 303)
    await parts.sessions.open(newcomer, token, request, response)
    for name in (ATTEMPT_COOKIE, SIGNED_OUT_COOKIE):
        response.delete_cookie(name, path=parts.options.root_path)
    _set_cookie(response, parts, WELCOME_COOKIE, "1", secure=False, max_age=WELCOME_SECONDS)
    log.info("signed_in", user_id=newcomer.user_id, by=newcomer.signed_in_by)
    return response


async def _send_to_zammad(request: Request, parts: Parts, grants: Grants, wanted: str) -> Response:
    state, verifier = new_token(), new_token() if await grants.provider.offers_pkce() else ""
    target = grants.provider.authorize_url(
        redirect_uri=_redirect_uri(request, parts.options.root_path),
        state=state,
        challenge=challenge_of(verifier) if verifier else None,
    )
    response = RedirectResponse(target, 303)
    attempt = parts.entrance.seal.close(SignInAttempt(state=state, verifier=verifier, wanted=wanted))
    secure = needs_secure_cookies(request)
    _set_cookie(response, parts, ATTEMPT_COOKIE, attempt, secure=secure, max_age=ATTEMPT_SECONDS)
    return response


def _set_cookie(
    response: Response, parts: Parts, name: str, value: str, *, secure: bool, max_age: int | None = None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=parts.options.root_path,
        httponly=True,
        secure=secure,
        samesite="lax",
    )


def _redirect_uri(request: Request, root_path: str) -> str:
    scheme = "https" if needs_secure_cookies(request) else request.url.scheme
    return f"{scheme}://{request.url.netloc}{root_path}/sign-in/done"


def _explain(
    request: Request, parts: Parts, wanted: str, reason: str, *, status: int = 401, name: str = ""
) -> Response:
    again = urlencode({"again": "1", **({"next": wanted} if wanted else {})})
    values: Mapping[str, object] = {"reason": reason, "name": name, "again": again}
    return parts.rendering.open_page(request, "sign_in.html", values, status=status)
