"""Hooks taken down and folded, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.sipgate.events import CallEvent
from sidecar.follow_up.callers import Call
from sidecar.follow_up.fold import fold_waiting
from sidecar.follow_up.office import Office
from sidecar.follow_up.sheets import Folded
from sidecar.store.calls import outbox
from sidecar.store.calls.conversations import Caller
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from sidecar.store.journal.rows import HookRow
from tests.sidecar.calls.conversation.switchboard import DESK, HABITS
from tests.sidecar.calls.sipgate.forms import body_of
from tests.sidecar.store.journal.hook_rows import keep

START = 1_795_376_000.0


def hook(event: CallEvent, *, at: float = START, rejected: bool = False, decision: str = "let ring") -> HookRow:
    return HookRow(
        received_at=at,
        path="in",
        content_type="application/x-www-form-urlencoded",
        body=body_of(event),
        source="127.0.0.1",
        signature="off",
        event="newCall",
        call_id=event.call_id,
        direction="in",
        caller="",
        callee="",
        status="ok",
        decision=decision,
        rejected=rejected,
        answer="<Response/>",
    )


def nobody(_connection: Connection, calls: Sequence[Call]) -> Sequence[Caller | None]:
    return [known or Caller(number="491713920010", certainty="unknown") for _, known in calls]


OFFICE = Office(habits=HABITS, desk=DESK, identify=nobody)


def take_down(database: Database, *rows: HookRow) -> None:
    keep(database, *rows)


def fold(database: Database, *, now: float = START) -> Folded:
    with database.writing() as connection:
        return fold_waiting(connection, OFFICE, now=now)


def effects(database: Database) -> list[object]:
    with database.reading() as connection:
        found = outbox.parcels(connection, states=[ParcelState.PENDING], limit=1000)
    return [parcel.effect for parcel in reversed(found)]


def states(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(conversations.c.state).order_by(conversations.c.id)).scalars())
