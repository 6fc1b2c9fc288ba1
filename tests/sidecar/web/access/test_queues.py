"""Zammad's Caller Log Filter rules the pages, too."""

from __future__ import annotations

import re

import pytest

from sidecar.web.access.queues import rows_of
from tests.sidecar.store.calls.saved_calls import JANE, LINE, MAX, NOON, add_person, missed, talked
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service, Wanted
from tests.sidecar.web.streams import open_stream

ADMIN = 3
SALES = "493099"


def shown(page: str) -> list[str]:
    return re.findall(r'<tr id="call-(\d+)"', page)


def three_calls(service: Service) -> None:
    """At the line of nobody, at that of sales, and one that Max took at the first."""
    service.calls(talked((12, "Tom")), talked((12, "Tom"), line=SALES), talked((MAX, "Max Roe")))


def test_calls_of_ones_queues_and_own_ones_are_seen_and_no_others(service: Service) -> None:
    three_calls(service)
    service.filter_log((SALES, [JANE, 77]))
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe, service.signed_in(ADMIN) as admin:
        assert shown(jane.get("/").text) == ["2"]
        assert shown(max_roe.get("/").text) == ["3"]
        assert shown(admin.get("/").text) == ["3", "2", "1"]
        assert [jane.get(f"/calls/{call}").status_code for call in (1, 2, 3)] == [404, 200, 404]
        assert shown(jane.get("/?q=tom").text) == ["2"]
        assert jane.get("/calls.csv").text.count("\r\n") == 2
        assert f'value="{LINE}"' not in jane.get("/").text


def test_without_rows_everybody_sees_everything(service: Service) -> None:
    three_calls(service)
    service.filter_log()
    with service.signed_in(JANE) as jane:
        assert shown(jane.get("/").text) == ["3", "2", "1"]


def test_a_number_in_the_agents_own_phone_field_is_a_queue_of_theirs(service: Service) -> None:
    three_calls(service)
    with service.database.writing() as connection:
        add_person(connection, JANE, "Jane Doe", phone="0049 30 99", is_agent=True)
    service.filter_log(("493077", [MAX]))
    with service.signed_in(JANE) as jane:
        assert shown(jane.get("/").text) == ["2"]


@pytest.mark.parametrize("wanted", [Wanted(restrict_to_own=True)])
def test_where_only_own_calls_are_seen_no_queue_adds_any(service: Service) -> None:
    three_calls(service)
    service.filter_log((SALES, [JANE]))
    with service.signed_in(JANE) as jane:
        assert shown(jane.get("/").text) == []


def test_a_missed_entry_is_seen_with_one_of_its_calls_and_counts_only_those(service: Service) -> None:
    service.calls(
        missed(),
        *(missed(line=SALES, started_at=NOON + later) for later in (60, 90)),
        missed(started_at=NOON + 99),
        missed(number="4940"),
    )
    service.filter_log((SALES, [JANE]))
    with service.signed_in(JANE) as jane, service.signed_in(ADMIN) as admin:
        page = jane.get("/missed").text
        assert re.findall(r'id="missed-(\d+)"', page) == ["1"]
        assert '<b class="count">2 calls</b>' in page
        assert 'href="/sidecar/calls/3"' in page
        assert 'id="open-missed">1<' in page
        assert '<b class="count">4 calls</b>' in admin.get("/missed").text
        assert change(service, jane, "/missed/2/take").status_code == 404


def test_open_pages_are_told_of_visible_calls_alone_and_follow_a_change_of_the_filter(service: Service) -> None:
    service.filter_log((SALES, [JANE]))
    with service.signed_in(JANE) as jane, open_stream(jane, "calls", after=0) as events:
        service.calls(talked((12, "Tom")), talked((12, "Tom"), line=SALES))
        first = next(event for event in events if event.name == "call")
        assert 'id="call-2"' in first.data
        service.filter_log((SALES, [MAX]))
        service.reload_outdated()
        assert [event.name for event in events][-1] == "reload"


@pytest.mark.parametrize(
    ("config", "rows"),
    [
        (None, []),
        ({"notify_map": "x"}, []),
        ({"notify_map": [{"queue": "4930", "user_ids": ["4", 5, "x"]}]}, [("4930", frozenset({4, 5}))]),
        ({"notify_map": [{"queue": "4930", "user_ids": ["9" * 5000]}]}, [("4930", frozenset())]),
        ({"notify_map": ["x", {"queue": None}]}, [("", frozenset()), ("", frozenset())]),
    ],
)
def test_whatever_shape_the_setting_has_it_is_read(config: object, rows: object) -> None:
    assert rows_of(config) == rows
