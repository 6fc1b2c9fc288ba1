"""Open pages follow what happens: nothing twice that matters, nothing lost, also not over a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from sidecar.store.calls.tables import conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.missed.acts import Actor, take
from sidecar.store.missed.entries import open_missed
from sidecar.store.pages.changed_calls import note_changed_calls
from sidecar.store.replicas.page_changes import forget_changes, position
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, Seed, add_calls, missed, talked
from tests.sidecar.web.service import Service, Wanted, service_running
from tests.sidecar.web.streams import Event, events_until, next_events, open_stream

EVERYBODY = Viewer(user_id=1)


def position_of(browser: httpx.Client, page: str = "/") -> int:
    found = re.search(r"after=(\d+)", browser.get(page).text)
    assert found
    return int(found[1])


def test_a_call_appears_changes_and_ends_on_an_open_page(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "calls", after=position_of(browser)) as events:
        (call,) = service.calls(Seed(state="ringing"))
        (ringing,) = next_events(events, "call")
        service.change(call, Seed(state="answered", answered=4.0, agent=(JANE, "Jane Doe")))
        (talking,) = next_events(events, "call")
        service.change(call, talked())
        (ended,) = next_events(events, "call")
    assert [f'id="call-{call}"' in event.data for event in (ringing, talking, ended)] == [True] * 3
    assert ["Ringing" in ringing.data, "Talking" in talking.data, "Answered" in ended.data] == [True] * 3


def test_nothing_is_lost_between_the_page_and_its_stream(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        after = position_of(browser)
        (call,) = service.calls(missed())
        with open_stream(browser, "calls", after=after) as events:
            assert f"call-{call}" in next_events(events, "call")[0].data


def test_a_browser_that_comes_back_is_told_what_it_missed_and_no_more(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        first, second = service.calls(missed(), missed(number="4930555"))
        with open_stream(browser, "calls", after=position_of(browser)) as events:
            (third,) = service.calls(talked())
            assert f"call-{third}" in next_events(events, "call")[0].data
        at = str(_position(service))
        (fourth,) = service.calls(talked(number="4940123"))
        with open_stream(browser, "calls", after=0, last_event_id=at) as events:
            told = [event.data for event in next_events(events, "call")]
        assert [number for number in (first, second, third, fourth) if f'id="call-{number}"' in "".join(told)] == [
            fourth
        ]


def test_whoever_was_away_too_long_is_asked_to_load_the_page_anew(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        service.calls(*(missed(number=f"4930{number:06}") for number in range(600)))
        with open_stream(browser, "calls", after=0) as events:
            assert next(events).name == "reload"
        with service.database.writing() as connection:
            add_calls(connection, talked(), now=NOON + 10**6)
            forget_changes(connection, before=NOON + 10**6)
        with open_stream(browser, "calls", after=700) as events:
            assert next(events).name == "reload"
        with open_stream(browser, "calls", after=10**9) as events:
            assert next(events).name == "reload"


def test_a_page_is_told_of_calls_that_fit_its_filters_and_that_others_are_gone(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "calls", after=0, state="missed", q="0171") as events:
        fits, other_state, other_number = service.calls(
            missed(), talked(started_at=NOON - 900), missed(number="4930555")
        )
        got = {(event.name, _id_in(event.data)) for event in _until_position(events)}
    assert got >= {("call", fits), ("gone", other_state), ("gone", other_number)}


def test_a_call_swallowed_by_another_disappears(service: Service) -> None:
    elder, younger = service.calls(missed(), missed(started_at=NOON + 5))
    with service.signed_in(JANE) as browser, open_stream(browser, "calls", after=_position(service)) as events:
        _absorb(service, elder, younger)
        assert ("gone", younger) in {(event.name, _id_in(event.data)) for event in _until_position(events)}


def test_missed_calls_appear_are_taken_and_close_themselves_on_open_pages(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "missed", after=0) as events:
        service.calls(missed())
        (entry,) = next_events(events, "missed")
        assert "Take" in entry.data
        number = _id_in(entry.data)
        with service.database.writing() as connection:
            take(connection, number, Actor(id=MAX, name="Max Roe"), now=NOON)
        service.wake()
        (taken,) = next_events(events, "missed")
        assert "Taken by Max Roe" in taken.data
        service.calls(talked(direction="out", started_at=NOON + 500))
        (closed,) = next_events(events, "missed")
        assert "Jane Doe called back" in closed.data


def test_the_number_of_missed_calls_is_told_to_every_page(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "other", after=0) as events:
        service.calls(missed(), missed(number="4930555"))
        assert [event.data for event in next_events(events, "count")] == ["2"]


def test_the_wallboard_is_told_of_missed_calls_too(service: Service) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser, open_stream(browser, "numbers", after=_position(service)) as events:
        with service.database.writing() as connection:
            take(connection, 1, Actor(id=MAX, name="Max Roe"), now=NOON)
        service.wake()
        assert "refresh" in [event.name for event in events_until(events, "count")]


def test_what_another_replica_writes_is_seen_too(service: Service) -> None:
    other = Database(f"sqlite:///{service.database.address.removeprefix('sqlite:///')}")
    with service.signed_in(JANE) as browser, open_stream(browser, "calls", after=position_of(browser)) as events:
        with other.writing() as connection:
            add_calls(connection, missed())
        assert next_events(events, "call")
    other.close()


def test_streams_end_with_the_service_and_go_on_behind_the_last_change_after_a_restart(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        with open_stream(browser, "calls", after=position_of(browser)) as events:
            service.calls(missed())
            next_events(events, "call")
            at = _position(service)
            service.close()
            assert list(events) == []
        with service.database.writing() as connection:
            (meanwhile,) = add_calls(connection, talked(number="4940123"))
        service.open()
        with open_stream(browser, "calls", last_event_id=str(at)) as events:
            assert f"call-{meanwhile}" in next_events(events, "call")[0].data


def test_losing_the_right_to_look_ends_the_stream(service: Service) -> None:
    with service.signed_in(JANE) as browser, open_stream(browser, "calls", after=0) as events:
        service.sim.change_user(JANE, roles=["Customer"])
        service.refresh_rights()
        service.dismiss_strangers()
        assert [event.name for event in events if event.name != "beat"] == []


@pytest.mark.parametrize(
    "query", ["topic=nonsense&after=0", "topic=calls", "topic=calls&after=x", "topic=calls&after=" + "9" * 30]
)
def test_nonsense_is_no_stream(service: Service, query: str) -> None:
    with service.signed_in(JANE) as browser:
        assert browser.get(f"/events?{query}").status_code == 400


def test_on_postgresql_too(postgres_url: str) -> None:
    database = Database(postgres_url)
    with (
        service_running(database, Wanted()) as service,
        service.signed_in(JANE) as browser,
        open_stream(browser, "missed", after=0) as events,
    ):
        service.calls(missed())
        assert "Take" in next_events(events, "missed")[0].data
        with database.reading() as connection:
            assert len(open_missed(connection, EVERYBODY)) == 1
    database.close()


def _position(service: Service) -> int:
    with service.database.reading() as connection:
        return position(connection)


def _absorb(service: Service, elder: int, younger: int) -> None:
    with service.database.writing() as connection:
        connection.execute(conversations.delete().where(conversations.c.id == younger))
        note_changed_calls(connection, [elder], now=NOON, gone=[younger])
    service.wake()


def _until_position(events: Iterator[Event]) -> list[Event]:
    """All events up to the end of the next ones that tell of calls."""
    found: list[Event] = []
    for event in events:
        found.append(event)
        if event.id is not None and {"call", "gone"} & {each.name for each in found}:
            return found
    return found


def _id_in(data: str) -> int:
    found = re.search(r"(?:call|missed)-(\d+)", data)
    return int(found[1]) if found else 0
