"""Zammad as OAuth2 provider: who was granted what (docs/reference/zammad.md section 8.4)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zammad_client.records import Json

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
