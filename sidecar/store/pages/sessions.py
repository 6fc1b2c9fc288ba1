"""Who is signed in. A session is found by the hash of the cookie; the cookie itself is kept nowhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.store.pages.tables import web_sessions
from sidecar.store.replicas.page_changes import note_ended_session
from sidecar.store.value_lists import is_one_of_many, rows_about

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


_NAMES = tuple(field.name for field in fields(WebSession))


def open_session(connection: Connection, session: WebSession) -> None:
    connection.execute(insert(web_sessions).values(asdict(session)))


def find_session(connection: Connection, key: str, *, now: float) -> WebSession | None:
    row = connection.execute(select(web_sessions).where(_c.key == key, _c.expires_at > now)).first()
    return None if row is None else WebSession(**{name: getattr(row, name) for name in _NAMES})


def living_sessions(
    connection: Connection, keys: Collection[str], *, now: float, checked_since: float
) -> dict[str, int]:
    """Those of them that have not ended and that Zammad has confirmed since then, with the users behind them."""
    living = (_c.expires_at > now, _c.checked_at >= checked_since)
    query = select(_c.key, _c.user_id).where(is_one_of_many(_c.key), *living)
    return {row.key: row.user_id for row in rows_about(connection, query, keys)}


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
