"""Who changed what on the admin pages, and who took a missed call over from whom; kept for good."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from sidecar.calls.reasons import Reason, as_text, reason_in
from sidecar.store.pages.tables import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`subject` names a record or an agent, never a phone number."""

    at: float  # UTC epoch seconds
    user_id: int
    name: str
    what: str  # agent_assigned, session_ended, missed_taken_over …
    subject: Reason
    id: int = 0  # 0: not noted yet


def note_deed(connection: Connection, deed: Deed) -> None:
    values = {**asdict(deed), "subject": as_text(deed.subject)}
    del values["id"]
    connection.execute(insert(audit).values(values))


def latest_deeds(connection: Connection, *, before: int | None = None, limit: int = 200) -> list[Deed]:
    """The newest first. `before`: only those with a smaller id."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [
        Deed(id=row.id, at=row.at, user_id=row.user_id, name=row.name, what=row.what, subject=reason_in(row.subject))
        for row in connection.execute(query)
    ]
