"""Nothing opens for a call that has ended, even where the fold does not know it yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sidecar.calls.conversation.caller_log import ShowAnswer
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.sipgate.events import CallEvent, HungUp, NewCall
from sidecar.follow_up.endings import call_has_ended
from sidecar.store.calls import outbox
from sidecar.store.calls.conversations import absorb
from sidecar.store.database import Database
from sidecar.store.journal.rows import HookRow
from tests.sidecar.calls.conversation.switchboard import HABITS
from tests.sidecar.calls.conversation.traces import FORWARD, SIMPLE, TRANSFER
from tests.sidecar.follow_up.folding import START, fold, hook, take_down


def rows(events: Sequence[CallEvent]) -> list[HookRow]:
    return [hook(event, at=START + place) for place, event in enumerate(events)]


def has_ended(database: Database, *, of: int | None = None, unwritten: Sequence[HookRow] = ()) -> bool:
    """Of the last dialog that is to open."""
    with database.reading() as connection:
        parcels = outbox.parcels(connection, states=[ParcelState.PENDING])
        dialog = next(parcel.id for parcel in parcels if isinstance(parcel.effect, ShowAnswer)) if of is None else of
        return call_has_ended(connection, dialog, now=START + 10, habits=HABITS, unwritten=unwritten)


def test_a_call_goes_on_until_its_hangup_comes(database: Database) -> None:
    take_down(database, *rows(SIMPLE.events[:2]))
    fold(database, now=START + 2)
    assert not has_ended(database)
    take_down(database, *rows(SIMPLE.events[:2]))  # sipgate repeats itself
    assert not has_ended(database)


def test_a_hangup_that_is_not_folded_yet_ends_the_call(database: Database) -> None:
    take_down(database, *rows(SIMPLE.events[:2]))
    fold(database, now=START + 2)
    take_down(database, hook(SIMPLE.events[2], at=START + 3))
    assert has_ended(database)
    fold(database, now=START + 3)
    assert has_ended(database)


def test_a_hangup_that_is_on_its_way_to_the_journal_ends_the_call(database: Database) -> None:
    take_down(database, *rows(SIMPLE.events[:2]))
    fold(database, now=START + 2)
    hangup = hook(SIMPLE.events[2], at=START + 3)
    assert has_ended(database, unwritten=[hangup])
    assert not has_ended(database, unwritten=[replace(hangup, call_id="another")])


def test_the_end_of_a_leg_that_was_handed_over_ends_no_call(database: Database) -> None:
    take_down(database, *rows(TRANSFER.events[:4]))
    fold(database, now=START + 4)
    take_down(database, hook(TRANSFER.events[4], at=START + 4))
    assert not has_ended(database), "the second one talks"
    take_down(database, hook(TRANSFER.events[5], at=START + 5))
    assert has_ended(database)


def test_a_forwarded_leg_goes_on_as_another(database: Database) -> None:
    take_down(database, *rows(FORWARD.events[:-1]))
    fold(database, now=START + 4)
    assert not has_ended(database)
    take_down(database, hook(FORWARD.events[-1], at=START + 5))
    assert has_ended(database)


def test_a_parcel_of_a_call_that_proved_to_be_another_is_about_that_one(database: Database) -> None:
    ringing = [NewCall(call_id=name, direction=SIMPLE.direction, caller="49301234567") for name in ("A", "B")]
    take_down(database, *rows(ringing))
    fold(database, now=START + 1)
    with database.writing() as connection:
        younger, elder = outbox.parcels(connection, states=[ParcelState.PENDING])
        absorb(connection, elder.conversation_id, [younger.conversation_id])
    ends = [hook(HungUp(call_id=name, cause="cancel"), at=START + 2) for name in ("A", "B")]
    take_down(database, ends[1])
    assert not has_ended(database, of=younger.id)
    take_down(database, ends[0])
    assert has_ended(database, of=younger.id)


def test_nothing_opens_for_a_call_that_is_gone(database: Database) -> None:
    assert has_ended(database, of=4711)
