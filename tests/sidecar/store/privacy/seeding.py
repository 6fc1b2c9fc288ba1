"""A database with two callers in every table that can hold something about them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from sqlalchemy import insert

from sidecar.calls.conversation.conversation import Habits
from sidecar.calls.conversation.desk import desk_for
from sidecar.calls.sipgate.events import Direction, read_hook
from sidecar.follow_up.callers import Callers
from sidecar.follow_up.fold import fold_waiting
from sidecar.follow_up.office import Office
from sidecar.hooks.http import HookAddress
from sidecar.hooks.judgement import Hook, hook_row, judge
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Connection, Database
from sidecar.store.pages.changed_calls import note_changed_calls
from sidecar.store.people.people import write_people
from sidecar.store.replicas.snapshots import save_snapshot
from sidecar.sync.records import Reader, person_from
from tests.sidecar.store.journal.hook_rows import keep
from tests.sidecar.sync.people_of_zammad import user

NOW = 1_800_000_000.0
ERIKA, OTTO = "49301234567", "498999887766"
FORM = "application/x-www-form-urlencoded"


def office() -> Office:
    callers = Callers(country="DE", clock=lambda: NOW)
    desk = desk_for(None, country="DE", popup_ttl=20.0, log_blocked_calls=False)
    habits = Habits(missing_hangup_after=14_400.0, shortest_ring=0.0)
    return Office(habits=habits, desk=desk, identify=callers.callers_of)


def ring(
    database: Database,
    call_id: str,
    caller: str,
    *,
    at: float = NOW,
    events: str = "newCall hangup",
    readable: bool = True,
) -> None:
    """Hooks as sipgate sends them, on disk and not yet looked at."""
    rows = []
    for place, event in enumerate(events.split()):
        form = {"event": event, "callId": call_id, "from": caller, "to": "4930600001", "direction": "in"}
        more = {"newCall": {"user[]": "Jane Doe", "userId[]": "w0"}, "hangup": {"cause": "cancel"}}.get(event, {})
        body = urlencode({**form, **more}).encode()
        hook = Hook(
            received_at=at + place,
            path=HookAddress(token="secret", direction=Direction.IN),
            content_type=FORM,
            body=body,
            source="192.0.2.1",
            signature="valid",
        )
        judged = judge(read_hook(body, content_type=FORM, path_direction=Direction.IN), None)
        row = hook_row(hook, judged, b"<Response/>")
        rows.append(row if readable else replace(row, event=None))
    keep(database, *rows)


def fold(database: Database, *, now: float = NOW) -> None:
    with database.writing() as connection:
        fold_waiting(connection, office(), now=now)


def seed(database: Database, *, calls: int = 5) -> None:
    """Erika and Otto call in turn; both are in the directory, with numbers as people write them."""
    with database.writing() as connection:
        people = [
            user(42, "Erika Mustermann", phone="030/1234567", mobile="+49 (0)171 9876543"),
            user(43, "Otto Normal", phone="+49 89 99887766"),
        ]
        write_people(connection, [person_from(one, is_agent=False, reader=Reader(country="DE")) for one in people])
        blocked = [{"pattern": ERIKA, "reason": "Erika Mustermann"}, {"pattern": OTTO, "reason": "Otto Normal"}]
        save_snapshot(connection, "blocked", blocked, NOW)
    for number in range(calls):
        ring(database, f"erika-{number}", ERIKA)
        ring(database, f"otto-{number}", OTTO)
    fold(database, now=NOW + 60)
    with database.writing() as connection:
        note_changed_calls(connection, list(range(1, 2 * calls + 1)), now=NOW)


def ended_call(connection: Connection, *, at: float, ended: bool = True) -> int:
    """A conversation alone."""
    values = {
        "direction": "in", "internal": False, "test": False, "state": "ended", "caller": ERIKA, "callee": "4930600001",
        "number": ERIKA, "line": "4930600001", "started_at": at, "ended_at": at + 60 if ended else None, "story": [],
        "told": {}, "changed_at": at,
    }  # fmt: skip
    number: int = connection.execute(insert(conversations).values(values).returning(conversations.c.id)).scalar_one()
    return number
