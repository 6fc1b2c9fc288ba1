"""Who is signed in: our own sessions, held in the database, and now and then confirmed by Zammad."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.pages import sessions as web_sessions
from sidecar.store.pages.sessions import BY_OAUTH, BY_ZAMMAD, WebSession
from sidecar.web.access.oauth import Grants
from sidecar.web.access.permissions import ADMIN, AGENT
from sidecar.web.access.queues import Queues
from sidecar.web.access.rights import Rights
from sidecar.web.access.security import csrf_token, needs_secure_cookies
from sidecar.web.access.trust import Trust
from sidecar.web.access.visitor import Visitor, viewer_of, words_for
from sidecar.web.inputs import is_by_itself, is_for_the_wall
from sidecar.web.options import WebOptions
from zammad_client import Zammad
from zammad_client.errors import ZammadError, ZammadUnavailableError

COOKIE = "sidecar_session"
ZAMMAD_COOKIE = "_zammad_session"  # its name goes on with a part of Zammad's own
CONFIRM_EVERY = {BY_ZAMMAD: 60.0, BY_OAUTH: 600.0}  # seconds


class Standing(StrEnum):
    """What an open page is told of itself."""

    HERE = "here"
    PAUSED = "paused"  # nobody has used it for long
    GONE = "gone"  # nobody is signed in any more, or somebody else


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody Zammad has vouched for."""

    user_id: int
    name: str
    signed_in_by: str
    grant: str | None = field(default=None, repr=False)


class Sessions:
    def __init__(
        self,
        *,
        database: Database,
        zammad: Zammad,
        grants: Grants | None,
        rights: Rights,
        queues: Queues,
        trust: Trust,
        options: WebOptions,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._zammad = zammad
        self._grants = grants
        self._rights = rights
        self._queues = queues
        self._trust = trust
        self._options = options
        self._clock = clock

    async def visitor(self, request: Request) -> Visitor | None:
        """The person signed in, if they still may be here.

        What a page asks by itself keeps no session of Zammad's alive: Zammad's cookie goes there only where a person
        has done something. Meanwhile the page sees for itself whether that cookie is still the same (`standing`).
        """
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        session = await self._session(token)
        if session is None or not self.may_enter(session.user_id):
            return None
        if session.signed_in_by == BY_ZAMMAD and is_by_itself(request):
            if self._pauses(session, request):
                return None
        elif not await self._confirmed(session, token, request):
            await self.end(session.key)
            return None
        permissions = self._rights.permissions_of(session.user_id)
        return Visitor(
            user_id=session.user_id,
            name=session.name,
            permissions=permissions,
            session_key=session.key,
            csrf=csrf_token(token),
            viewer=await self.viewer_of(session.user_id),
            words=words_for(request, self._options),
        )

    async def standing(self, request: Request) -> Standing:
        """Asked by open pages every half minute. Zammad is asked only where its cookie is another one, and once."""
        token = request.cookies.get(COOKIE, "")
        session = await self._session(token) if token else None
        if session is None or not self.may_enter(session.user_id):
            return Standing.GONE
        still = self._is_same_person if session.signed_in_by == BY_ZAMMAD else self._confirmed
        if not await still(session, token, request):
            await self.end(session.key)
            return Standing.GONE
        if session.signed_in_by == BY_ZAMMAD and self._pauses(session, request):
            return Standing.PAUSED
        return Standing.HERE

    async def _is_same_person(self, session: WebSession, _token: str, request: Request) -> bool:
        cookie = zammads_cookie(request)
        if not cookie:
            return False
        if session.zammads_cookie not in {None, key_of(cookie)}:
            try:
                newcomer = await self.zammads_user(request)
            except ZammadError:  # asked again by the next page that wants to know
                return True
            if newcomer is None or newcomer.user_id != session.user_id:
                return False
        await self._keep_cookie(session, cookie)
        return True

    async def _keep_cookie(self, session: WebSession, cookie: str) -> None:
        if session.zammads_cookie != (kept := key_of(cookie)):
            await self._database.write(
                lambda connection: web_sessions.save_zammads_cookie(connection, session.key, kept)
            )

    def _pauses(self, session: WebSession, request: Request) -> bool:
        unused = self._clock() - session.checked_at
        return unused > self._options.unattended and not is_for_the_wall(request)

    async def viewer_of(self, user_id: int) -> Viewer:
        """What this person may see of calls now."""
        queues = await self._queues.of(user_id)
        return viewer_of(user_id, self._rights.permissions_of(user_id), self._options, queues)

    def may_enter(self, user_id: int) -> bool:
        return bool(self._rights.permissions_of(user_id) & {AGENT, ADMIN})

    async def open(self, newcomer: Newcomer, token: str, request: Request, response: Response) -> None:
        """Always under the new `token`: one that a browser brought along is worth nothing, and ends."""
        now = self._clock()
        session = WebSession(
            key=key_of(token),
            user_id=newcomer.user_id,
            name=newcomer.name,
            signed_in_by=newcomer.signed_in_by,
            grant=newcomer.grant,
            created_at=now,
            expires_at=now + self._options.session_seconds,
            checked_at=now,
            zammads_cookie=_cookie_hash(request) if newcomer.signed_in_by == BY_ZAMMAD else None,
        )
        await self.end(key_of(request.cookies.get(COOKIE, "")))
        await self._database.write(lambda connection: web_sessions.open_session(connection, session))
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(self._options.session_seconds),
            path=self._options.root_path,
            httponly=True,
            secure=needs_secure_cookies(request),
            samesite="lax",
        )

    async def close(self, request: Request, response: Response) -> None:
        """Sign out: here, at Zammad's OAuth2, and on every open page of this session."""
        token = request.cookies.get(COOKIE, "")
        session = await self._session(token)
        if session and session.grant and self._grants:
            await self._grants.revoke(session.grant, token)
        await self.end(key_of(token))
        response.delete_cookie(COOKIE, path=self._options.root_path)

    async def end(self, key: str) -> bool:
        now = self._clock()
        return await self._database.write(lambda connection: web_sessions.end_session(connection, key, now=now))

    async def zammads_user(self, request: Request) -> Newcomer | None:
        """Whom Zammad's own cookie belongs to. Raises: ZammadError where Zammad cannot say."""
        cookie = zammads_cookie(request)
        if not cookie:
            return None
        user = await self._zammad.session_user(
            cookie,
            user_agent=request.headers.get("User-Agent", ""),
            client_ip=request.client.host if request.client else "",
        )
        if user is None:
            return None
        name = f"{user.firstname} {user.lastname}".strip() or user.login
        return Newcomer(user_id=user.id, name=name, signed_in_by=BY_ZAMMAD)

    async def _session(self, token: str) -> WebSession | None:
        now = self._clock()
        return await self._database.read(
            lambda connection: web_sessions.find_session(connection, key_of(token), now=now)
        )

    async def _confirmed(self, session: WebSession, token: str, request: Request) -> bool:
        """Whether Zammad still knows this person; of several requests at once one asks."""
        now = self._clock()
        age = now - session.checked_at
        if age < CONFIRM_EVERY[session.signed_in_by]:
            return True
        if not self._trust.may_ask():
            return self._trust.goes_on(age)
        if not await self._database.write(lambda connection: web_sessions.claim_check(connection, session, now=now)):
            return True
        try:
            known = await self._still_known(session, token, request)
        except ZammadError as error:
            if isinstance(error, ZammadUnavailableError):  # another error is about this request alone
                self._trust.note_silence()
            await self._database.write(lambda connection: web_sessions.put_back_check(connection, session))
            return self._trust.goes_on(age)
        self._trust.note_answer()
        return known

    async def _still_known(self, session: WebSession, token: str, request: Request) -> bool:
        if session.signed_in_by == BY_ZAMMAD:
            newcomer = await self.zammads_user(request)
            if newcomer is None or newcomer.user_id != session.user_id:
                return False
            await self._keep_cookie(session, zammads_cookie(request))
            return True
        if self._grants is None or session.grant is None:
            return False
        known = await self._grants.confirm(session.grant, token)
        if known is None or known.user_id != session.user_id:
            return False
        if known.grant != session.grant:
            grant = known.grant
            await self._database.write(lambda connection: web_sessions.save_grant(connection, session.key, grant))
        return True


def new_token() -> str:
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    """Under which the session is found; the token cannot be had from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _cookie_hash(request: Request) -> str | None:
    cookie = zammads_cookie(request)
    return key_of(cookie) if cookie else None


def zammads_cookie(request: Request) -> str:
    """Of all the cookies of the host only Zammad's own goes to Zammad."""
    own = {name: value for name, value in request.cookies.items() if name.startswith(ZAMMAD_COOKIE)}
    return "; ".join(f"{name}={value}" for name, value in own.items())
