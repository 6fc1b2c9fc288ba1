"""What a page goes by: the language, the time zone and the rights of whoever looks at it."""

from __future__ import annotations

from sidecar.store.calls.visibility import SEES_ALL, Viewer
from sidecar.web.access.permissions import ADMIN, AGENT
from sidecar.web.access.visitor import viewer_of
from sidecar.web.options import WebOptions
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, talked
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service

OPTIONS = WebOptions(zammad_url="https://zammad.example")
RESTRICTED = WebOptions(zammad_url="https://zammad.example", restrict_to_own=True)


def test_the_language_is_that_of_the_browser_or_the_chosen_one(service: Service) -> None:
    with service.signed_in(JANE) as browser:
        assert 'lang="en"' in browser.get("/").text
        german = browser.get("/", headers={"Accept-Language": "fr,de-AT;q=0.8,en;q=0.3"})
        assert "Verpasste Anrufe" in german.text
        change(service, browser, "/preferences", language="de", theme="dark")
        chosen = browser.get("/").text
        assert 'lang="de"' in chosen
        assert 'data-theme="dark"' in chosen


def test_times_are_those_of_the_visitors_zone(service: Service) -> None:
    service.calls(talked(started_at=NOON))
    with service.signed_in(JANE) as browser:
        assert "13:00" in browser.get("/").text  # the telephones are in Germany
        browser.cookies.set("sidecar_zone", "America/New_York", domain="127.0.0.1")
        assert "07:00" in browser.get("/").text
        browser.cookies.set("sidecar_zone", "../../etc/passwd", domain="127.0.0.1")
        assert "13:00" in browser.get("/").text


def test_whoever_sees_the_same_is_the_same_viewer() -> None:
    agent, admin = frozenset({AGENT}), frozenset({AGENT, ADMIN})
    assert viewer_of(JANE, agent, OPTIONS) == viewer_of(MAX, agent, OPTIONS) == SEES_ALL
    assert viewer_of(JANE, admin, RESTRICTED) == viewer_of(MAX, admin, RESTRICTED) == SEES_ALL
    assert viewer_of(JANE, agent, RESTRICTED) == Viewer(user_id=JANE, only_own=True)
