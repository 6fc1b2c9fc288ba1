"""What the demo shows of sipgate's own interface: a filled gap, a message, a suggestion."""

from __future__ import annotations

import anyio

from sidecar.calls.pages.search import CallSearch
from sidecar.demo.company import BAKERY, OTTO
from sidecar.demo.set_up import SetUp, set_up_demo
from sidecar.sipgate.people import kept_people
from sidecar.store.calls.search import find_calls
from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.database import Connection
from sidecar.store.missed.entries import open_missed
from tests.waiting import until


def _messages(connection: Connection) -> list[str]:
    return [each.voicemail.transcript for each in open_missed(connection, SEES_ALL) if each.voicemail]


async def _until_filled(set_up: SetUp) -> None:
    await until(lambda: set_up.database.read(_messages))


def test_calls_of_before_are_filled_in_with_the_message_that_was_left() -> None:
    with set_up_demo(port=0) as set_up:
        anyio.run(_until_filled, set_up)
        with set_up.database.reading() as connection:
            calls = {call.number: call for call in find_calls(connection, CallSearch(), SEES_ALL).calls}
            assert _messages(connection) == ["Bäckerei Müller, bitte rufen Sie uns zurück."]
            people = kept_people(connection)
        assert calls[OTTO].filled
        assert (calls[OTTO].agent, calls[OTTO].talking) == ("Max Roe", 95.0)
        assert calls[BAKERY].state == "missed"
        assert set_up.sim.opened == []
        assert people is not None
        assert [person.email for person in people[0].persons if person.id == "w3"] == ["max@example.com"]
