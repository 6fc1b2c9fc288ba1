"""The missed calls worked through by two people: filters, assigning, undo, many at once, what is due."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from sidecar.store.missed.zammad_rows import save_marks
from sidecar.sync.kept import keep_agents
from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import MAX, NOON, missed
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.desk.staff import JANE_DOE, MAX_ROE
from tests.sidecar.web.service import Service

pytestmark = needs_chromium


def test_one_assigns_and_the_other_sees_it_among_theirs(chromium: Browser, service: Service) -> None:
    with service.database.writing() as connection:
        keep_agents(connection, [JANE_DOE, MAX_ROE], now=NOON)
    service.calls(missed(), missed(number="4930555"))
    with page_of(chromium, service) as jane, page_of(chromium, service, MAX) as max_roe:
        open_live(jane, service, "/missed")
        open_live(max_roe, service, "/missed")
        max_roe.get_by_text("Mine", exact=True).click()
        expect(max_roe.locator("#waiting li")).to_have_count(0)
        assert max_roe.url.endswith("/missed?whose=mine")
        expect(max_roe.locator(".live.on")).to_be_visible()
        jane.locator("#missed-1").get_by_role("button", name="Assign …").click()
        jane.get_by_role("dialog").get_by_label("Agent").select_option("Max Roe")
        jane.get_by_role("dialog").get_by_role("button", name="Assign", exact=True).click()
        expect(jane.locator("#missed-1")).to_contain_text("Taken by Max Roe")
        expect(max_roe.locator("#waiting li")).to_have_count(1)
        expect(max_roe.locator("#missed-1")).to_contain_text("You have taken this")


def test_many_are_closed_after_a_question_and_one_is_brought_back(chromium: Browser, service: Service) -> None:
    service.calls(*(missed(number=f"493055{number:02}") for number in range(5)))
    with page_of(chromium, service) as jane, page_of(chromium, service, MAX) as max_roe:
        for page in (jane, max_roe):
            open_live(page, service, "/missed")
        max_roe.locator("#missed-3").get_by_role("button", name="Take", exact=True).click()
        expect(jane.locator("#missed-3")).to_contain_text("Taken by Max Roe")
        jane.get_by_label("Tick all that are shown").check()
        jane.get_by_role("button", name="Mark ticked as done …").click()
        expect(jane.get_by_role("dialog")).to_contain_text("Mark 4 missed calls as done?")
        expect(jane.get_by_role("dialog")).to_contain_text("1 that a colleague has taken is left.")
        jane.get_by_role("dialog").get_by_role("button", name="Mark as done").click()
        expect(jane.get_by_role("status")).to_contain_text("4 missed calls are done.")
        for page in (jane, max_roe):
            expect(page.locator("#waiting li")).to_have_count(1)
            expect(page.locator("#closed li")).to_have_count(4)
        with service.database.writing() as connection:
            save_marks(connection, 2, marked=0, gone=1, now=service.clock())
        max_roe.locator("#missed-2").get_by_role("button", name="Undo").click()
        for page in (jane, max_roe):
            expect(page.locator("#waiting #missed-2")).to_be_visible()


def test_what_is_due_shows_by_colour_and_words(chromium: Browser, service: Service) -> None:
    now = service.clock()
    service.calls(*(missed(number=f"49305{age}", started_at=now - age) for age in (7200, 2400, 60)))
    with page_of(chromium, service) as page:
        open_live(page, service, "/missed")
        expect(page.locator("#missed-1")).to_have_class(re.compile("overdue"))
        expect(page.locator("#missed-1 .due")).to_have_text("overdue by 60 min")
        expect(page.locator("#missed-2")).to_have_class(re.compile("due-soon"))
        expect(page.locator("#missed-3 .due")).to_have_text("due in 59 min")
