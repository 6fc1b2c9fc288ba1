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


def note_deed(connection: Connection, deed: Deed) -> None:
    connection.execute(insert(audit).values({**asdict(deed), "subject": as_text(deed.subject)}))


def latest_deeds(connection: Connection, *, limit: int = 200) -> list[Deed]:
    """The newest first."""
    rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
    return [
        Deed(at=row.at, user_id=row.user_id, name=row.name, what=row.what, subject=reason_in(row.subject))
        for row in rows
    ]
