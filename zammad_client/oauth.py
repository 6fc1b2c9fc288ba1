"""Zammad as OAuth2 provider: the authorization-code grant of one application (docs/reference/zammad.md section 8.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode

import anyio
import httpx

from rest_transport.body import ACCEPTED, Body, without_packing
from rest_transport.errors import PartyError, UnreadableAnswerError
from rest_transport.party import Sent
from rest_transport.trust import trusting
from zammad_client.errors import ZammadRefusedError, ZammadUnavailableError
from zammad_client.failures import ZAMMAD, failure_of_answer
from zammad_client.reading import user_from
from zammad_client.records import Json, User

DISCOVERY = "/.well-known/oauth-authorization-server"  # RFC 8414
LIFETIME = 7200.0  # seconds, where the provider does not say, or says what no token lasts
LONGEST = 366 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lifetime: float  # seconds


class OAuthProvider:
    """All verbs raise ZammadError and nothing else; no secret stands in an error.

    `browser_url` is where browsers find Zammad, if not at `url`.
    """

    def __init__(
        self,
        *,
        url: str,
        browser_url: str = "",
        client_id: str,
        client_secret: str,
        timeout: float = 10.0,
        verify: bool | str = True,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._browser_url = browser_url.rstrip("/") or self._url
        self._client_id = client_id
        self._client_secret = client_secret
        self._pkce: bool | None = None
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            timeout=timeout,
            verify=trusting(verify=verify),
            transport=transport,
            headers={"Accept": "application/json", "Accept-Encoding": ACCEPTED},
            limits=httpx.Limits(max_keepalive_connections=0),
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),  # of one person, for the next one
        )

    def __repr__(self) -> str:
        return f"OAuthProvider(url={self._url!r})"

    async def aclose(self) -> None:
        await self._client.aclose()

    async def offers_pkce(self) -> bool:
        """Whether the provider says that it checks code challenges; asked once, silence counts as no."""
        if self._pkce is None:
            try:
                said = await self._send("GET", DISCOVERY)
            except ZammadUnavailableError:
                return False
            except ZammadRefusedError:
                said = {}
            methods = said.get("code_challenge_methods_supported") if isinstance(said, dict) else None
            self._pkce = isinstance(methods, list) and "S256" in methods
        return self._pkce

    def authorize_url(self, *, redirect_uri: str, state: str, challenge: str | None = None) -> str:
        """Where the browser is sent. `challenge`: of PKCE, method S256."""
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": "full",
            "state": state,
        }
        if challenge:
            query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{self._browser_url}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, code: str, *, redirect_uri: str, verifier: str | None = None) -> Tokens:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if verifier:
            form["code_verifier"] = verifier
        return _tokens_from(await self._send("POST", "/oauth/token", form=form))

    async def refresh(self, refresh_token: str) -> Tokens:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return _tokens_from(await self._send("POST", "/oauth/token", form=form))

    async def revoke(self, token: str) -> None:
        await self._send("POST", "/oauth/revoke", form={"token": token})

    async def knows_application(self) -> bool:
        """Whether id and secret are right: tried with a code that nobody was given."""
        try:
            await self.exchange("no-such-code", redirect_uri="https://localhost/")
        except ZammadRefusedError as error:
            if error.message in {"invalid_client", "unauthorized_client"}:
                return False
            if error.message != "invalid_grant":
                raise
        return True

    async def user_of(self, access_token: str) -> User | None:
        """None where the token is worth nothing any more."""
        try:
            return _user_from(await self._send("GET", "/api/v1/users/me", bearer=access_token))
        except ZammadRefusedError as error:
            if error.status in {401, 403}:
                return None
            raise

    async def _send(
        self, method: str, path: str, *, form: Mapping[str, str] | None = None, bearer: str | None = None
    ) -> Json:
        """Raises outside of `except`: httpx's errors repeat what was sent, so no chain may lead there."""
        data = {**form, "client_id": self._client_id, "client_secret": self._client_secret} if form else None
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else None
        secrets = (self._client_secret, bearer or "", *(form or {}).values())
        failure: PartyError
        try:
            with anyio.fail_after(self._timeout):  # httpx's own begins anew with each piece of an answer
                response = await self._received(method, self._url + path, data=data, headers=headers)
        except TimeoutError:
            failure = ZAMMAD.out_of_time(repeatable=True)
        except UnreadableAnswerError as error:
            failure = ZAMMAD.unreadable(str(error))
        except httpx.HTTPError as error:
            failure = ZAMMAD.failure_of_connection(error, repeatable=True)
        else:
            if response.is_success:
                return _json_of(response)
            failure = failure_of_answer(response, Sent(repeatable=True, secrets=secrets))
        raise failure

    async def _received(
        self, method: str, url: str, *, data: Mapping[str, str] | None, headers: Mapping[str, str] | None
    ) -> httpx.Response:
        async with self._client.stream(method, url, data=data, headers=headers) as response:
            body = Body(response.headers.get("Content-Encoding", ""))
            async for piece in response.aiter_raw():
                body.add(piece)
        return httpx.Response(response.status_code, content=body.content, headers=without_packing(response.headers))


def _json_of(response: httpx.Response) -> Json:
    try:
        return response.json()
    except (ValueError, RecursionError):
        pass
    raise ZAMMAD.unreadable("not JSON", status=response.status_code)


def _tokens_from(said: Json) -> Tokens:
    access = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(access, str) or not _is_token(access):
        raise ZAMMAD.unreadable("no access token")
    refresh, lifetime = said.get("refresh_token"), said.get("expires_in")
    return Tokens(
        access=access,
        refresh=refresh if isinstance(refresh, str) and _is_token(refresh) else "",
        lifetime=float(lifetime) if isinstance(lifetime, int | float) and 0 < lifetime < LONGEST else LIFETIME,
    )


def _is_token(text: str) -> bool:
    """Whether it can be sent in a header."""
    return text != "" and text.isascii() and text.isprintable()


def _user_from(said: Json) -> User:
    try:
        return user_from(said)
    except UnreadableAnswerError as error:
        reason = str(error)
    raise ZAMMAD.unreadable(reason)
