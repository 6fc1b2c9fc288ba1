"""The ticket of a missed call as pages show it."""

from __future__ import annotations

from sqlalchemy import insert

from sidecar.calls.callbacks.lines import GroupOfLines, lines_from
from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.database import Connection, Database
from sidecar.store.missed.callbacks.intake import take_in
from sidecar.store.missed.callbacks.shown import ShownTicket, tickets_of_calls
from sidecar.store.missed.callbacks.steps import ticket_seen
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sidecar.store.missed.entries import open_missed
from tests.sidecar.store.calls.saved_calls import LINE, NOON, add_calls, missed

LINES = lines_from([GroupOfLines(id=2, name="Support", written=LINE)], "DE")


def with_a_ticket(connection: Connection) -> int:
    [call] = add_calls(connection, missed())
    take_in(connection, LINES, since=NOON - 60, grace=180.0, now=NOON + 30, new_key=lambda: "k")
    changes = {"ticket_id": 17, "ticket_number": "33017", "ticket_state": "new", "phase": "open"}
    connection.execute(callbacks.update().values(changes))
    return call


def test_the_entry_of_a_missed_call_has_its_ticket(database: Database) -> None:
    with database.writing() as connection:
        with_a_ticket(connection)
        [entry] = open_missed(connection, SEES_ALL)
    assert entry.ticket == ShownTicket(id=17, number="33017", state="new", ended=False)


def test_a_state_that_was_seen_in_zammad_is_shown(database: Database) -> None:
    with database.writing() as connection:
        call = with_a_ticket(connection)
        ticket_seen(connection, 17, state="closed", ended=True, now=NOON + 60)
        assert tickets_of_calls(connection, [call])[call].state == "closed"


def test_a_talk_that_was_told_has_the_ticket_too(database: Database) -> None:
    with database.writing() as connection:
        with_a_ticket(connection)
        [talk] = add_calls(connection, missed(started_at=NOON + 100))
        [callback] = connection.execute(callbacks.select()).all()
        row = {"conversation_id": talk, "callback_id": callback.id, "told": True, "talk": True}
        connection.execute(insert(callback_calls).values(row))
        assert tickets_of_calls(connection, [talk])[talk].id == 17
