"""What has changed for people who look on: a log that every replica reads to bring open pages up to date.

Whoever writes to it holds the lock "page changes" until the commit. So its ids appear in their order, also between
replicas, and a reader that has seen one has seen all before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Integer, bindparam, delete, func, insert, select

from sidecar.store.database import serialised
from sidecar.store.replicas.tables import page_changes
from sidecar.store.replicas.wake_ups import Written, wake_replicas, waking
from sidecar.store.row_lists import adding, execute_rows

_NOTE = waking(adding(page_changes, ("at", "kind", "subject")), Written.PAGES)
_AFTER = (
    select(page_changes)
    .where(page_changes.c.id > bindparam("after"))
    .order_by(page_changes.c.id)
    .limit(bindparam("most", type_=Integer))
)


class Kind(StrEnum):
    CALL = "call"
    MISSED = "missed"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    id: int
    kind: Kind
    subject: int | None = None
    session: str | None = None


def take_turn(connection: Connection) -> None:
    """Before any row is changed that two writers may meet at: the same order everywhere, so none waits in a circle."""
    serialised(connection, "page changes")


def note_changes(connection: Connection, kind: Kind, subjects: Iterable[int], *, now: float) -> None:
    """These conversations or entries look different now, or are gone. Whoever changed them took their turn before."""
    rows = [{"at": now, "kind": str(kind), "subject": subject} for subject in subjects]
    execute_rows(connection, _NOTE, rows)


def note_ended_session(connection: Connection, key: str, *, now: float) -> None:
    take_turn(connection)
    connection.execute(insert(page_changes).values(at=now, kind=str(Kind.SESSION), session=key))
    wake_replicas(connection, Written.PAGES)


def position(connection: Connection) -> int:
    """Id of the newest change; a page read in this transaction shows everything up to it."""
    return connection.execute(select(func.max(page_changes.c.id))).scalar() or 0


def oldest_position(connection: Connection) -> int:
    """From here on nothing is lost: changes after it are all there."""
    oldest = connection.execute(select(func.min(page_changes.c.id))).scalar()
    return position(connection) if oldest is None else oldest - 1


def changes_after(connection: Connection, after: int, *, limit: int) -> list[PageChange]:
    rows = connection.execute(_AFTER, {"after": after, "most": limit}).all()
    return [PageChange(id=row.id, kind=Kind(row.kind), subject=row.subject, session=row.session) for row in rows]


def forget_changes(connection: Connection, *, before: float) -> int:
    """How many were deleted. The newest one stays, so that positions never begin anew."""
    newest = select(func.max(page_changes.c.id)).scalar_subquery()
    old = delete(page_changes).where(page_changes.c.at < before, page_changes.c.id < newest)
    return connection.execute(old).rowcount
