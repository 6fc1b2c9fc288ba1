"""What open pages are told: made once for all who see the same, and read together for those who each see their own."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from sidecar.store.calls.visibility import SEES_ALL, Viewer
from sidecar.store.database import Database
from sidecar.store.missed.acts import Actor, take
from sidecar.store.missed.entries import count_open, find_missed
from sidecar.store.pages.updates import read_updates
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, add_calls, missed, talked
from tests.sidecar.web.asked import statements
from tests.sidecar.web.service import Service
from tests.sidecar.web.streams import next_events, open_stream

AGENTS = range(100, 140)


def test_news_for_many_restricted_viewers_are_those_each_would_read_alone(database: Database) -> None:
    everybody = [*(Viewer(user_id=agent, only_own=True) for agent in AGENTS), SEES_ALL]
    with database.writing() as connection:
        add_calls(
            connection,
            *(missed(number=f"4930{number:04}", agents=AGENTS[number : number + 3]) for number in range(30)),
            *(missed(number=f"4930{number:04}", agents=AGENTS[number + 5 : number + 6]) for number in range(0, 30, 4)),
            talked((AGENTS[3], "A"), number="49300001", started_at=NOON + 900),
        )
        updates = read_updates(connection, 0, everybody)
        assert updates is not None
        for viewer in everybody:
            found = find_missed(connection, list(updates.missed), viewer)
            shown = {number: entry for number, entry in updates.missed_for(viewer).items() if entry is not None}
            assert shown == found, viewer
            assert updates.open_missed[viewer] == count_open(connection, viewer), viewer


def test_many_restricted_viewers_cost_no_more_queries_than_two(database: Database) -> None:
    with database.writing() as connection:
        add_calls(connection, missed(agents=[AGENTS[0]]), missed(number="4930555", agents=AGENTS))
        counts = []
        for many in (AGENTS[:2], AGENTS):
            with statements(connection) as asked:
                read_updates(connection, 0, [Viewer(user_id=agent, only_own=True) for agent in many])
            counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("topic", ["calls", "missed", "numbers", "other"])
def test_pages_of_different_people_are_one_audience(service: Service, topic: str) -> None:
    assert service.live is not None
    with ExitStack() as stack:
        for user_id in (JANE, MAX, JANE):
            browser = stack.enter_context(service.signed_in(user_id))
            stack.enter_context(open_stream(browser, topic))
        assert service.live.connected == 3
        assert len(service.live._audiences) == 1


def test_only_the_owner_is_told_that_it_is_theirs(service: Service) -> None:
    service.calls(missed())
    with ExitStack() as stack:
        streams = {}
        for user_id in (JANE, MAX):
            browser = stack.enter_context(service.signed_in(user_id))
            streams[user_id] = stack.enter_context(open_stream(browser, "missed"))
            next_events(streams[user_id], "missed")
        with service.database.writing() as connection:
            take(connection, 1, Actor(id=JANE, name="Jane Doe"), now=NOON)
        service.wake()
        (hers,), (his,) = (next_events(streams[user_id], "missed") for user_id in (JANE, MAX))
    assert "You have taken this" in hers.data
    assert "Taken by Jane Doe" in his.data
    assert "Give back" not in his.data
