"""With `web.restrict_to_own` nobody learns of colleagues' calls: not who, not with whom, not even when."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest

from sidecar.store.calls.search import own_agents_and_lines
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.pages.updates import read_updates
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, Seed, add_calls, change_call, missed, talked
from tests.sidecar.web.service import Service, Wanted
from tests.sidecar.web.streams import events_until, next_events, open_stream

restricted = pytest.mark.parametrize("wanted", [Wanted(restrict_to_own=True)])
OF_JANE, OF_MAX = Viewer(user_id=JANE, only_own=True), Viewer(user_id=MAX, only_own=True)


@restricted
@pytest.mark.parametrize(
    ("topic", "own"), [("calls", "call"), ("missed", "missed"), ("numbers", "refresh"), ("other", "count")]
)
def test_a_stream_does_not_tell_that_colleagues_telephone(service: Service, topic: str, own: str) -> None:
    with ExitStack() as stack:
        jane, max_roe = (
            stack.enter_context(open_stream(stack.enter_context(service.signed_in(agent)), topic))
            for agent in (JANE, MAX)
        )
        (call,) = service.calls(Seed(state="ringing", number="4930555", agents=[MAX]))
        service.change(call, missed(number="4930555", agents=[MAX]))
        next_events(max_roe, "count")  # so it was spread to all
        service.calls(missed(agents=[JANE]))
        assert events_until(jane, own) == []


@restricted
def test_a_call_that_is_no_more_disappears_for_everybody(service: Service) -> None:
    (call,) = service.calls(talked())
    with service.signed_in(JANE) as browser, open_stream(browser, "calls") as events:
        next_events(events, "call")
        with service.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM conversations")
            change_call(connection, call, talked())
        service.wake()
        assert [event.data for event in next_events(events, "gone")] == [f"call-{call}"]


def test_an_entry_is_gone_for_whoever_took_part_in_the_call_it_has_lost(database: Database) -> None:
    with database.writing() as connection:
        hers, _ = add_calls(connection, missed(agents=[JANE]), missed(started_at=NOON + 300, agents=[MAX]))
        shown = read_updates(connection, 0, [OF_JANE, OF_MAX])
        assert shown is not None
        assert [each for each in shown.missed_for(OF_JANE).values() if each] != []
        change_call(connection, hers, talked(answered=5.0))
        updates = read_updates(connection, shown.position, [OF_JANE, OF_MAX])
        assert updates is not None
        assert list(updates.missed_for(OF_JANE).values()) == [None]
        assert [entry and entry.calls for entry in updates.missed_for(OF_MAX).values()] == [1]


@restricted
def test_the_filters_offer_what_stands_in_own_calls(service: Service) -> None:
    service.calls(
        talked(line="493011"),
        talked((MAX, "Max Roe"), line="493022", agents=[MAX, JANE]),
        talked((11, "Lea Kern"), line="493033"),
    )
    with service.signed_in(JANE) as browser:
        page = browser.get("/").text
    assert re.findall(r'<option value="(\d+)">', page) == [str(JANE), str(MAX), "493011", "493022"]
    assert "Lea Kern" not in page


def test_own_choices_have_the_name_that_was_shown_last(database: Database) -> None:
    with database.writing() as connection:
        add_calls(
            connection, talked((JANE, "Jane Roe")), talked((JANE, "Jane Doe")), missed(agents=[JANE], line="49309")
        )
        assert own_agents_and_lines(connection, JANE) == ({JANE: "Jane Doe"}, ["493023125010", "49309"])
        assert own_agents_and_lines(connection, MAX) == ({}, [])
