"""The first steps of whoever has just installed the sidecar."""

from __future__ import annotations

import re

from tests.sidecar.store.calls.saved_calls import missed
from tests.sidecar.web.changes import change
from tests.sidecar.web.service import Service

ADMIN = 3


def steps(page: str) -> list[str]:
    return re.findall(r'<li class="(ok|open)"><h3>', page)


def test_administration_begins_with_the_first_steps_until_a_call_has_come(service: Service) -> None:
    with service.signed_in(ADMIN) as browser:
        assert browser.get("/admin", follow_redirects=False).headers["Location"] == "/sidecar/admin/start"
        assert steps(browser.get("/admin/start").text) == ["ok", "open", "open", "open", "open"]
        service.calls(missed(test=True))
        assert browser.get("/admin", follow_redirects=False).headers["Location"] == "/sidecar/admin/start"
        assert steps(browser.get("/admin/start").text)[3:] == ["ok", "open"]
        service.calls(missed())
        assert browser.get("/admin", follow_redirects=False).headers["Location"] == "/sidecar/admin/health"
        assert steps(browser.get("/admin/start").text)[3:] == ["ok", "ok"]


def test_who_puts_the_first_steps_away_is_led_there_no_more(service: Service) -> None:
    with service.signed_in(ADMIN) as browser:
        change(service, browser, "/admin/start/put-away")
        assert browser.get("/admin", follow_redirects=False).headers["Location"] == "/sidecar/admin/health"
