"""Who called back and reached nobody, as it stands at the missed calls."""

from __future__ import annotations

from typing import Any

import pytest

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.missed.entries import MissedCall, closed_missed, open_missed
from sidecar.store.replicas.page_changes import Kind, changes_after, position
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, Seed, add_calls, add_person, missed, talked

EVERYBODY = Viewer(user_id=1)
OTHER_NUMBER = "4940555"


def tried(at: float, agent: tuple[int, str] = (JANE, "Jane Doe"), **changes: Any) -> Seed:
    outbound: dict[str, Any] = {"state": "not reached", "direction": "out", "agent": agent, "lasting": 15.0}
    return Seed(**{**outbound, "started_at": NOON + at, **changes})


def told(entry: MissedCall) -> list[tuple[float, str | None]]:
    return [(attempt.at - NOON, attempt.agent) for attempt in entry.attempts]


def only_open(connection: Connection) -> MissedCall:
    (entry,) = open_missed(connection, EVERYBODY)
    return entry


def test_every_attempt_is_told_in_the_order_of_time(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), tried(900, (MAX, "Max Roe")), tried(600), tried(1200))
        assert told(only_open(connection)) == [(600, "Jane Doe"), (900, "Max Roe"), (1200, "Jane Doe")]


@pytest.mark.parametrize(
    ("seed", "counts"),
    [
        (tried(600), True),
        (talked(direction="out", started_at=NOON + 600, lasting=5.0), True),  # shorter than a talk
        (tried(600, test=True), False),
        (tried(600, internal=True), False),
        (tried(600, number=OTHER_NUMBER), False),
        (tried(600, state="ringing", lasting=None), False),
        (tried(-600), False),
        (missed(started_at=NOON + 600), False),
    ],
)
def test_what_counts_as_an_attempt(database: Database, seed: Seed, *, counts: bool) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), seed)
        assert len(only_open(connection).attempts) == counts


@pytest.mark.parametrize(("certainty", "counts"), [("certain", True), ("several", False), ("perhaps", False)])
def test_an_attempt_on_another_number_of_the_certain_customer_is_one(
    database: Database, certainty: str, *, counts: bool
) -> None:
    with database.writing() as connection:
        add_person(connection, 7, "Otto Müller")
        attempt = tried(600, number=OTHER_NUMBER, person_id=7, extra={"certainty": certainty})
        add_calls(connection, missed(person_id=7), attempt)
        assert len(only_open(connection).attempts) == counts


def test_an_attempt_by_number_and_customer_counts_once_and_an_earlier_one_is_told_after_another_missed_call(
    database: Database,
) -> None:
    with database.writing() as connection:
        add_person(connection, 7, "Otto Müller")
        add_calls(connection, missed(person_id=7), tried(600, person_id=7), missed(person_id=7, started_at=NOON + 900))
        entry = only_open(connection)
    assert (entry.calls, told(entry)) == (2, [(600, "Jane Doe")])


def test_a_closed_entry_keeps_its_attempts_and_gets_no_more(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(), tried(600), talked(direction="out", started_at=NOON + 900), now=NOON + 1000)
        add_calls(connection, tried(3000))
        (entry,) = closed_missed(connection, EVERYBODY)
    assert told(entry) == [(600, "Jane Doe")]


def test_open_pages_are_told_of_an_attempt_and_nobodys_note_is_in_conflict(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed())
        before, after = only_open(connection), position(connection)
        add_calls(connection, tried(600))
        changed = {
            change.subject for change in changes_after(connection, after, limit=10) if change.kind is Kind.MISSED
        }
        assert only_open(connection).version == before.version
    assert changed == {before.id}


def test_how_long_it_rang_and_at_whose_phones_is_of_the_last_call(database: Database) -> None:
    first = [{"direction": "in", "users": ["Jane Doe"]}]
    last = [{"direction": "in", "users": ["Max Roe", "Lea Kern"]}]
    with database.writing() as connection:
        add_calls(connection, missed(extra={"story": first}))
        add_calls(connection, missed(started_at=NOON + 60, extra={"story": last, "waiting": 33.0}))
        entry = only_open(connection)
    assert (entry.rang, entry.phones) == (33.0, ("Max Roe", "Lea Kern"))
