"""Tokens of Zammad's OAuth2 in a session: encrypted with a key that only the browser's cookie holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from cryptography.fernet import Fernet, InvalidToken

from zammad_client.errors import ZammadError, ZammadRefusedError
from zammad_client.oauth import OAuthProvider, Tokens
from zammad_client.records import User

REFRESH_BEFORE = 900.0  # seconds before the access token ends

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """The provider knows them; `grant` is what to keep from now on."""

    user_id: int
    name: str
    grant: str = field(repr=False)


class Grants:
    def __init__(self, *, provider: OAuthProvider, clock: Callable[[], float]) -> None:
        self.provider = provider
        self._clock = clock

    async def redeem(self, code: str, *, redirect_uri: str, verifier: str | None, token: str) -> Vouched | None:
        """Raises: ZammadError."""
        tokens = await self.provider.exchange(code, redirect_uri=redirect_uri, verifier=verifier)
        return await self._known(tokens, self._clock() + tokens.lifetime, token)

    async def confirm(self, grant: str, token: str) -> Vouched | None:
        """None where the grant is worth nothing any more. Raises: ZammadError where the provider cannot say."""
        opened = _unsealed(grant, token)
        if opened is None:
            return None
        tokens, ends_at = opened
        if ends_at - self._clock() < REFRESH_BEFORE:
            try:
                tokens = await self.provider.refresh(tokens.refresh)
            except ZammadRefusedError:
                return None
            ends_at = self._clock() + tokens.lifetime
        return await self._known(tokens, ends_at, token)

    async def revoke(self, grant: str, token: str) -> None:
        """Best effort: the session ends in any case."""
        opened = _unsealed(grant, token)
        if opened is None:
            return
        for secret in filter(None, (opened[0].refresh, opened[0].access)):
            try:
                await self.provider.revoke(secret)
            except ZammadError as error:
                log.warning("grant_not_revoked", problem=str(error))

    async def _known(self, tokens: Tokens, ends_at: float, token: str) -> Vouched | None:
        user = await self.provider.user_of(tokens.access)
        if user is None:
            return None
        return Vouched(user_id=user.id, name=_name(user), grant=_sealed(tokens, ends_at, token))


def challenge_of(verifier: str) -> str:
    """Of PKCE, method S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _name(user: User) -> str:
    return f"{user.firstname} {user.lastname}".strip() or user.login


def _sealed(tokens: Tokens, ends_at: float, token: str) -> str:
    said = json.dumps([tokens.access, tokens.refresh, ends_at])
    return _box(token).encrypt(said.encode()).decode()


def _unsealed(grant: str, token: str) -> tuple[Tokens, float] | None:
    try:
        access, refresh, ends_at = json.loads(_box(token).decrypt(grant.encode()))
    except (InvalidToken, ValueError):
        return None
    return Tokens(access=access, refresh=refresh, lifetime=0.0), ends_at


def _box(token: str) -> Fernet:
    key = hmac.new(token.encode(), b"grant", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
