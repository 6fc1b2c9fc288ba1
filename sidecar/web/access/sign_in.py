"""Signing in without an account of our own: by Zammad's cookie under its host, elsewhere by its OAuth2; signing out."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from posixpath import normpath
from urllib.parse import unquote, urlencode, urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sidecar.logs import Streak
from sidecar.web.access.attempts import ATTEMPT_SECONDS, Attempt, AttemptLimit, Seal
from sidecar.web.access.oauth import Grants, challenge_of
from sidecar.web.access.security import needs_secure_cookies
from sidecar.web.access.sessions import BY_OAUTH, COOKIE, Newcomer, Sessions, new_token, zammads_cookie
from sidecar.web.access.visitor import Visitor
from sidecar.web.options import WebOptions
from sidecar.web.pages import Pages
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
LOG_EVERY = 1000  # refused attempts: a flood of them is one line

log = structlog.get_logger(__name__)


class SignIn:
    def __init__(
        self, *, sessions: Sessions, grants: Grants | None, pages: Pages, options: WebOptions, limit: AttemptLimit
    ) -> None:
        self._sessions = sessions
        self._limit = limit
        self._streak = Streak("sign-ins", log=log)
        self._seal = Seal(options.oauth_client_secret)
        self._grants = grants
        self._pages = pages
        self._options = options

    async def enter(self, request: Request) -> Response:
        """GET: signs in at once where Zammad's cookie says who it is, else sends on to Zammad or explains."""
        wanted = self.own_path(request.query_params.get("next", ""))
        if refusal := self._not_now(request, wanted):
            return refusal
        try:
            newcomer = await self._sessions.zammads_user(request)
        except ZammadError as error:
            self._streak.failed(error)
            return self._explain(request, wanted, ZAMMAD_DOWN, status=503)
        self._streak.worked()
        if newcomer is not None:
            return await self._welcome(request, newcomer, new_token(), wanted)
        if self._grants is None:
            return self._explain(request, wanted, FIRST_ZAMMAD)
        return await self._over_zammad(request, self._grants, wanted)

    def _not_now(self, request: Request, wanted: str) -> Response | None:
        if SIGNED_OUT_COOKIE in request.cookies and "again" not in request.query_params:
            return self._explain(request, wanted, SIGNED_OUT)
        if WELCOME_COOKIE in request.cookies and COOKIE not in request.cookies:
            return self._explain(request, wanted, NEEDS_HTTPS, status=400)
        if zammads_cookie(request) and not self._may_ask_zammad(request):
            return self._explain(request, wanted, TOO_MANY, status=429)
        return None

    async def _over_zammad(self, request: Request, grants: Grants, wanted: str) -> Response:
        lost = self._seal.open(request.cookies.get(ATTEMPT_COOKIE, ""))
        if lost and "again" not in request.query_params:  # Zammad lets nobody come back who was not signed in there
            return self._explain(request, self._more_wanted(wanted, lost), ZAMMAD_THEN_HERE)
        return await self._send_to_zammad(request, grants, wanted)

    async def come_back(self, request: Request) -> Response:
        """GET: the browser returns from Zammad's OAuth2 with a code."""
        attempt = self._seal.open(request.cookies.get(ATTEMPT_COOKIE, ""))
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        if self._grants is None or attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
            return self._explain(request, "", STALE, status=400)
        wanted, token = self.own_path(attempt.wanted), new_token()
        if not code:
            return self._explain(request, wanted, REFUSED, status=403)
        if not self._may_ask_zammad(request):
            return self._explain(request, wanted, TOO_MANY, status=429)
        try:
            known = await self._grants.redeem(
                code, redirect_uri=self._redirect_uri(request), verifier=attempt.verifier or None, token=token
            )
        except ZammadError as error:
            log.warning("sign_in_failed", problem=str(error))
            known = None
        if known is None:
            return self._explain(request, wanted, REFUSED, status=403)
        newcomer = Newcomer(user_id=known.user_id, name=known.name, signed_in_by=BY_OAUTH, grant=known.grant)
        return await self._welcome(request, newcomer, token, wanted)

    async def leave(self, request: Request, _visitor: Visitor) -> Response:
        """POST."""
        response = RedirectResponse(f"{self._options.root_path}/sign-in", 303)
        await self._sessions.close(request, response)
        response.delete_cookie(WELCOME_COOKIE, path=self._options.root_path)
        self._set_cookie(response, SIGNED_OUT_COOKIE, "1", secure=needs_secure_cookies(request))
        return response

    def own_path(self, wanted: str) -> str:
        """Only back to our own pages."""
        home = f"{self._options.root_path}/"
        path = unquote(urlsplit(wanted).path)
        safe = wanted.startswith(home) and path == normpath(path) + ("/" if path.endswith("/") else "")
        if not safe or not path.isprintable() or "\\" in path or not wanted.isprintable():
            return home
        return home if path.startswith(f"{home}sign-") else wanted

    def _more_wanted(self, wanted: str, lost: Attempt) -> str:
        """Whoever begins anew at the first page still wants the one they came for."""
        return self.own_path(lost.wanted) if wanted == self.own_path("") else wanted

    def _may_ask_zammad(self, request: Request) -> bool:
        allowed = self._limit.allows(request.client.host if request.client else "")
        if not allowed and self._limit.refused % LOG_EVERY == 1:
            log.warning("sign_ins_refused", so_far=self._limit.refused, reason="too many attempts")
        return allowed

    async def _welcome(self, request: Request, newcomer: Newcomer, token: str, wanted: str) -> Response:
        if not self._sessions.may_enter(newcomer.user_id):
            return self._explain(request, wanted, NO_RIGHTS, status=403, name=newcomer.name)
        response = RedirectResponse(wanted, 303)
        await self._sessions.open(newcomer, token, request, response)
        for name in (ATTEMPT_COOKIE, SIGNED_OUT_COOKIE):
            response.delete_cookie(name, path=self._options.root_path)
        self._set_cookie(response, WELCOME_COOKIE, "1", secure=False, max_age=WELCOME_SECONDS)
        log.info("signed_in", user_id=newcomer.user_id, by=newcomer.signed_in_by)
        return response

    async def _send_to_zammad(self, request: Request, grants: Grants, wanted: str) -> Response:
        state, verifier = new_token(), new_token() if await grants.provider.offers_pkce() else ""
        target = grants.provider.authorize_url(
            redirect_uri=self._redirect_uri(request),
            state=state,
            challenge=challenge_of(verifier) if verifier else None,
        )
        response = RedirectResponse(target, 303)
        attempt = self._seal.close(Attempt(state=state, verifier=verifier, wanted=wanted))
        secure = needs_secure_cookies(request)
        self._set_cookie(response, ATTEMPT_COOKIE, attempt, secure=secure, max_age=ATTEMPT_SECONDS)
        return response

    def _set_cookie(
        self, response: Response, name: str, value: str, *, secure: bool, max_age: int | None = None
    ) -> None:
        response.set_cookie(
            name,
            value,
            max_age=max_age,
            path=self._options.root_path,
            httponly=True,
            secure=secure,
            samesite="lax",
        )

    def _redirect_uri(self, request: Request) -> str:
        scheme = "https" if needs_secure_cookies(request) else request.url.scheme
        return f"{scheme}://{request.url.netloc}{self._options.root_path}/sign-in/done"

    def _explain(self, request: Request, wanted: str, reason: str, *, status: int = 401, name: str = "") -> Response:
        again = urlencode({"again": "1", **({"next": wanted} if wanted else {})})
        values: Mapping[str, object] = {"reason": reason, "name": name, "again": again}
        return self._pages.open_page(request, "sign_in.html", values, status=status)
