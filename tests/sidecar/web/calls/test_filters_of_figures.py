"""A click on a figure shows exactly the calls it counts."""

from __future__ import annotations

import random
import re
import tracemalloc
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from sidecar.calls.pages.search import CallSearch
from sidecar.store.calls.search import find_calls
from sidecar.store.calls.visibility import SEES_ALL
from sidecar.web.calls.filters import Filters
from sidecar.web.days import hours_of
from tests.sidecar.store.calls.saved_calls import JANE, Seed, add_calls, missed, talked
from tests.sidecar.web.office import furnish, working_days
from tests.sidecar.web.service import Service

ZONE = "Europe/Berlin"
LINK = re.compile(r'<a href="/sidecar/\?([^"]*counted=[^"]*)">([\d,]+)</a>')


def worked(service: Service) -> str:
    """The statistics of three days, in which there were all kinds of calls."""
    today = datetime.fromtimestamp(service.clock(), ZoneInfo(ZONE)).date()
    first = datetime(today.year, today.month, today.day, tzinfo=ZoneInfo(ZONE)) - timedelta(days=4)
    with service.database.writing() as connection:
        furnish(connection)
        add_calls(connection, *working_days(random.Random(5), first=first.timestamp(), days=3, calls=40))
        midday = first.timestamp() + 43_200
        add_calls(
            connection,
            missed(started_at=midday, test=True), talked(started_at=midday, internal=True),
            Seed(state="missed", extra={"short_ring": True}, lasting=1.0, started_at=midday),
            Seed(state="answered", answered=3.0, agent=(JANE, "Jane Doe"), started_at=midday),
        )  # fmt: skip
    days = {"since": first.date().isoformat(), "until": (first + timedelta(days=2)).date().isoformat()}
    with service.signed_in(JANE) as browser:
        browser.cookies.set("sidecar_zone", ZONE, domain="localhost", path="/sidecar")
        return "".join(browser.get("/statistics", params={**days, "map": view}).text for view in ("offered", "missed"))


def search_of(link: str) -> CallSearch:
    fields = dict(re.findall(r"([a-z]+)=([^&]*)", unescape(link)))
    return Filters.read(fields).search(ZONE, "DE")


def test_every_figure_leads_to_as_many_calls_as_it_says(service: Service) -> None:
    links = LINK.findall(worked(service))
    assert len(links) > 40
    with service.database.reading() as connection:
        for link, figure in links:
            if "weekday" in link:
                continue  # an average
            found = find_calls(connection, search_of(link), SEES_ALL, limit=1000).calls
            assert len(found) == int(figure.replace(",", "")), unescape(link)


def test_live_pages_take_the_same_calls_for_counted(service: Service) -> None:
    links = LINK.findall(worked(service))
    with service.database.reading() as connection:
        everything = find_calls(connection, CallSearch(), SEES_ALL, limit=1000).calls
        for link, _ in links:
            search = search_of(link)
            asked = {call.id for call in find_calls(connection, search, SEES_ALL, limit=1000).calls}
            assert {call.id for call in everything if search.fits(call)} == asked, unescape(link)


@pytest.mark.parametrize("query", [{"counted": "nonsense"}, {"hour": "99"}, {"rang": "9" * 30}, {"waited": "-1"}])
def test_what_is_no_figure_is_no_condition(service: Service, query: dict[str, str]) -> None:
    service.calls(missed())
    with service.signed_in(JANE) as browser:
        assert 'id="call-1"' in browser.get("/", params=query).text


def test_seven_thousand_years_are_not_counted_day_by_day() -> None:
    tracemalloc.start()
    try:
        spans = hours_of(date(1970, 1, 1), date(9000, 12, 31), "Europe/Berlin", hour=3, weekday=None)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert spans is not None
    assert len(spans) == 366
    assert most < 5_000_000, "bytes"
