"""An outage, and the history afterwards: window by window, each call once, on either database."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from sidecar.calls.rules.suggestions import SipgatePerson
from sidecar.sipgate.gaps import DEEP, KEPT, LONGEST_WINDOW, OVERLAP, SETTLED, Gaps, Progress, kept_progress, window
from sidecar.sipgate.people import People, Phone
from sidecar.store.calls.stories import answered_by_machines
from sidecar.store.calls.tables import conversations
from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.calls.voicemails import voicemail_of
from sidecar.store.database import Database
from sidecar.store.journal.keeping import hook_store
from sidecar.store.missed.entries import open_missed
from sidecar.store.replicas.snapshots import save_snapshot
from sipgate_client import SipgateUnavailableError
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate
from tests.sidecar.calls.rules.rule_settings import blocks
from tests.sidecar.follow_up.folding import fold, states
from tests.sipgate_client.accounts import asked

pytestmark = pytest.mark.anyio

T0 = datetime(2026, 9, 28, 7, 0, tzinfo=UTC).timestamp()
NINA = SipgatePerson(id="w0", name="Nina Braun", email="", lines=())
PEOPLE = People(
    kind=Kind.CLASSIC,
    master_sip_id="1234567",
    persons=(NINA,),
    phones={"w0": (Phone(id="e0", alias="", type="REGISTER"),)},
)


BLOCKED = "+498912345678"
RULES = blocks(BLOCKED)


class Clock:
    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> float:
        return self.now


def at(seconds: float) -> str:
    return datetime.fromtimestamp(T0 + seconds, UTC).isoformat()


def outage(sim: SimulatedSipgate, calls: int) -> None:
    for number in range(calls):
        begun = at(60.0 * number + 30.0)
        call_id, caller = f"C{number:03}", f"+4917139200{number:02}"
        if number % 2:
            sim.add_call(created=begun, callId=call_id, source=caller, duration=60)
        else:
            missed = {"callStatus": "MISSED", "status": "NOPICKUP", "direction": "MISSED_INCOMING", "duration": 0}
            sim.add_call(created=begun, callId=call_id, source=caller, endpoints=[], **missed)


async def test_an_hour_of_outage_is_filled_once(database: Database) -> None:
    sim, clock = SimulatedSipgate(), Clock()
    with closing(hook_store(database)) as hooks:
        async with asked(sim) as sipgate:
            gaps = Gaps(sipgate=sipgate, database=database, hooks=hooks, country="DE", clock=clock, soon=0.0)
            assert await gaps.look(PEOPLE, RULES) == 0
            assert not sim.requests, "nothing before the first start with a token"
            outage(sim, 50)
            clock.now = T0 + LONGEST_WINDOW + 300.0
            sim.faults.fail(503, path="/history", times=3)
            with pytest.raises(SipgateUnavailableError):
                await gaps.look(PEOPLE, RULES)
            await gaps.look(PEOPLE, RULES)
            fold(database, now=clock.now)
            assert await gaps.look(PEOPLE, RULES) == 0, "each call once"
    fold(database, now=clock.now)
    found = states(database)
    assert (len(found), found.count("ended"), found.count("missed")) == (50, 25, 25)
    own = conversations.c
    with database.reading() as connection:
        rows = connection.execute(select(own.agent, own.talking, own.waiting).where(own.state == "ended")).all()
    assert {tuple(row) for row in rows} == {("Nina Braun", 60.0, None)}


async def test_a_message_is_noted_with_its_call_and_its_transcript_follows(database: Database) -> None:
    sim, clock = SimulatedSipgate(), Clock()
    with closing(hook_store(database)) as hooks:
        async with asked(sim) as sipgate:
            gaps = Gaps(sipgate=sipgate, database=database, hooks=hooks, country="DE", clock=clock, soon=0.0)
            await gaps.look(PEOPLE, RULES)
            missed = {"callStatus": "MISSED", "endpoints": [], "duration": 0}
            sim.add_call(created=at(30.0), callId="C1", **missed)
            message = sim.add_voicemail(created=at(50.0), base_url="https://recordings.example")
            clock.now = T0 + 300.0
            await gaps.look(PEOPLE, RULES)
            fold(database, now=clock.now)
            await gaps.look(PEOPLE, RULES)
            with database.reading() as connection:
                found = voicemail_of(connection, 1)
            assert found is not None
            assert (found.seconds, found.transcript, found.has_recording) == (18.0, "", True)
            message["transcription"] = "Bitte um Rückruf."
            await gaps.look(PEOPLE, RULES)
    with database.reading() as connection:
        [entry] = open_missed(connection, SEES_ALL)
        assert entry.voicemail == voicemail_of(connection, 1)
        assert entry.voicemail is not None
        assert entry.voicemail.transcript == "Bitte um Rückruf."
    assert states(database) == ["missed"]


async def test_a_blocked_caller_is_blocked_as_if_the_hook_had_come(database: Database) -> None:
    sim, clock = SimulatedSipgate(), Clock()
    with closing(hook_store(database)) as hooks:
        async with asked(sim) as sipgate:
            gaps = Gaps(sipgate=sipgate, database=database, hooks=hooks, country="DE", clock=clock, soon=0.0)
            await gaps.look(PEOPLE, RULES)
            busy = {"callStatus": "BUSY", "status": "BUSY", "endpoints": [], "duration": 0}
            sim.add_call(created=at(30.0), callId="C1", source=BLOCKED, **busy)
            clock.now = T0 + 300.0
            await gaps.look(PEOPLE, RULES)
    fold(database, now=clock.now)
    assert states(database) == ["blocked"]
    with database.reading() as connection:
        assert not open_missed(connection, SEES_ALL)


async def test_a_message_that_comes_with_its_call_marks_it_as_recorded(database: Database) -> None:
    sim, clock = SimulatedSipgate(), Clock()
    with closing(hook_store(database)) as hooks:
        async with asked(sim) as sipgate:
            gaps = Gaps(sipgate=sipgate, database=database, hooks=hooks, country="DE", clock=clock, soon=0.0)
            await gaps.look(PEOPLE, RULES)
            sim.add_call(created=at(30.0), callId="C1", callStatus="MISSED", endpoints=[], duration=0)
            sim.add_voicemail(created=at(50.0), base_url="https://recordings.example")
            clock.now = T0 + 300.0
            await gaps.look(PEOPLE, RULES)
            fold(database, now=clock.now)
            assert await gaps.look(PEOPLE, RULES) == 0
    assert states(database) == ["missed"]
    with database.reading() as connection:
        assert answered_by_machines(connection, [1]) == {1}


async def test_a_call_from_a_line_is_its_owners(database: Database) -> None:
    sim, clock = SimulatedSipgate(), Clock()
    people = replace(PEOPLE, lines={"w0": ("p0",)})
    with closing(hook_store(database)) as hooks:
        async with asked(sim) as sipgate:
            gaps = Gaps(sipgate=sipgate, database=database, hooks=hooks, country="DE", clock=clock, soon=0.0)
            await gaps.look(people, RULES)
            way = {"direction": "OUTGOING", "incoming": False, "source": "+493023125011", "target": "+491713920010"}
            dialled = [{"type": "ROUTED", "endpoint": {"extension": "p0", "type": "PHONELINE"}}]
            sim.add_call(created=at(30.0), callId="C1", endpoints=dialled, **way)
            clock.now = T0 + 600.0
            await gaps.look(people, RULES)
    fold(database, now=clock.now)
    with database.reading() as connection:
        assert connection.scalar(select(conversations.c.agent)) == "Nina Braun"


async def test_on_neo_nothing_is_asked(database: Database) -> None:
    sim = SimulatedSipgate(Kind.NEO)
    with closing(hook_store(database)) as hooks:
        async with asked(sim) as sipgate:
            gaps = Gaps(sipgate=sipgate, database=database, hooks=hooks, country="DE", clock=Clock())
            people = People(kind=Kind.NEO, master_sip_id="1234567", persons=(), phones={})
            assert await gaps.look(people, RULES) == 0
            assert await gaps.look(people, RULES) == 0
    assert not sim.requests
    with database.reading() as connection:
        assert kept_progress(connection) is None


def test_a_place_that_a_newer_release_has_kept_is_gone_on_from(database: Database) -> None:
    with database.writing() as connection:
        save_snapshot(connection, KEPT, {"until": 5.0, "deep_at": 3.0, "what_only_it_knows": 1}, 5.0)
    with database.reading() as connection:
        assert kept_progress(connection) == Progress(until=5.0, deep_at=3.0)


def test_windows_overlap_and_a_long_absence_is_gone_through_step_by_step() -> None:
    kept = Progress(until=T0, deep_at=T0)
    assert window(kept, now=T0 + 60.0, open_since=None) == (
        T0 - OVERLAP,
        T0 + 60.0,
        Progress(until=T0 + 60.0, deep_at=T0),
    )
    since, until, after = window(kept, now=T0 + 10 * LONGEST_WINDOW, open_since=None)
    assert (since, until, after.until) == (T0 - OVERLAP, T0 + LONGEST_WINDOW, T0 + LONGEST_WINDOW)
    since, _, after = window(kept, now=T0 + 1000.0, open_since=None)
    assert (since, after.deep_at) == (T0 - DEEP, T0 + 1000.0)
    since, _, _ = window(kept, now=T0 + 60.0, open_since=T0 - 7200.0)
    assert since == T0 - 7200.0 - SETTLED
