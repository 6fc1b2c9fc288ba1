"""Who is signed in. A session is found by the hash of the cookie; the cookie itself is kept nowhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.store.pages.tables import web_sessions
from sidecar.store.replicas.page_changes import note_ended_session
from sidecar.store.value_lists import is_one_of_many, rows_about

BY_ZAMMAD, BY_OAUTH = "zammad", "oauth"  # its cookie, or its OAuth2
_c = web_sessions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    key: str  # hash of the cookie
    user_id: int
    name: str
    signed_in_by: str  # zammad | oauth
    grant: str | None  # encrypted
    created_at: float
    expires_at: float
    checked_at: float
    zammads_cookie: str | None = None  # hash


_NAMES = tuple(field.name for field in fields(WebSession))


def open_session(connection: Connection, session: WebSession) -> None:
    connection.execute(insert(web_sessions).values(asdict(session)))


def find_session(connection: Connection, key: str, *, now: float) -> WebSession | None:
    row = connection.execute(select(web_sessions).where(_c.key == key, _c.expires_at > now)).first()
    return None if row is None else WebSession(**{name: getattr(row, name) for name in _NAMES})


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingSession:
    user_id: int
    signed_in_by: str
    checked_at: float


def living_sessions(connection: Connection, keys: Collection[str], *, now: float) -> dict[str, LivingSession]:
    """Those of them that have not ended."""
    query = select(_c.key, _c.user_id, _c.signed_in_by, _c.checked_at)
    rows = rows_about(connection, query.where(is_one_of_many(_c.key), _c.expires_at > now), keys)
    return {
        row.key: LivingSession(user_id=row.user_id, signed_in_by=row.signed_in_by, checked_at=row.checked_at)
        for row in rows
    }


def all_sessions(connection: Connection, *, now: float) -> list[WebSession]:
    """Last signed in first."""
    query = select(web_sessions).where(_c.expires_at > now).order_by(_c.created_at.desc()).limit(500)
    return [WebSession(**{name: getattr(row, name) for name in _NAMES}) for row in connection.execute(query)]


def claim_check(connection: Connection, session: WebSession, *, now: float) -> bool:
    """Whether the caller is the one who asks Zammad again; of several requests at once only one does."""
    claim = update(web_sessions).where(_c.key == session.key, _c.checked_at == session.checked_at)
    return connection.execute(claim.values(checked_at=now)).rowcount == 1


def put_back_check(connection: Connection, session: WebSession) -> None:
    """Zammad could not be asked: it counts as last checked when it was."""
    connection.execute(update(web_sessions).where(_c.key == session.key).values(checked_at=session.checked_at))


def save_zammads_cookie(connection: Connection, key: str, cookie: str) -> None:
    """`cookie`: its hash."""
    connection.execute(update(web_sessions).where(_c.key == key).values(zammads_cookie=cookie))


def save_grant(connection: Connection, key: str, grant: str) -> None:
    connection.execute(update(web_sessions).where(_c.key == key).values(grant=grant))


def end_session(connection: Connection, key: str, *, now: float) -> bool:
    """Also closes its open pages, on every replica."""
    ended = connection.execute(delete(web_sessions).where(_c.key == key)).rowcount == 1
    if ended:
        note_ended_session(connection, key, now=now)
    return ended


def forget_expired_sessions(connection: Connection, *, now: float) -> int:
    return connection.execute(delete(web_sessions).where(_c.expires_at <= now)).rowcount
