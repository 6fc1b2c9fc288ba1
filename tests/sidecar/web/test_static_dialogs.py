"""What opens over a page: nothing serious for axe in either theme, Escape closes it, and the focus goes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import JANE, missed, talked
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.findings import AXE, serious_findings
from tests.sidecar.web.service import Service

ADMIN = 3

pytestmark = needs_chromium


def open_page(page: Page, service: Service, path: str) -> None:
    open_live(page, service, path)
    page.add_script_tag(path=AXE)


def test_axe_finds_nothing_serious_in_what_opens(chromium: Browser, service: Service) -> None:
    service.calls(talked(number="4930555"), missed(number="4930556"))
    with page_of(chromium, service, ADMIN, bypass_csp=True) as page:
        open_page(page, service, "/")
        page.locator(".person summary").click()
        expect(page.get_by_role("button", name="Notify me of calls")).to_be_visible()
        assert serious_findings(page) == [], "menu"
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        assert serious_findings(page) == [], "keys"
        page.keyboard.press("Escape")
        page.locator("#call-1 .who a").click()
        story = page.locator("#story")
        story.locator("[data-note-of]").click()
        expect(story.locator("textarea")).to_be_visible()
        story.get_by_text("Block this number").click()
        expect(story.get_by_role("button", name="Block", exact=True)).to_be_visible()
        story.get_by_role("link", name="Whose number is it?").click()
        expect(story.get_by_placeholder("Name or organization")).to_be_visible()
        assert serious_findings(page) == [], "story with its forms"
        open_page(page, service, "/missed")
        page.get_by_role("button", name="Assign …").click()
        expect(page.get_by_role("dialog", name="Assign to")).to_be_visible()
        assert serious_findings(page) == [], "assign"
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Mark all found as done …").click()
        expect(page.get_by_role("dialog", name="Mark as done")).to_contain_text("1 missed call")
        assert serious_findings(page) == [], "close many"


@pytest.mark.parametrize(("path", "name"), [("/missed", "Assign …"), ("/missed", "Mark all found as done …")])
def test_escape_closes_a_question_and_leads_back_to_what_asked_it(
    chromium: Browser, service: Service, path: str, name: str
) -> None:
    service.calls(missed())
    with page_of(chromium, service) as page:
        open_live(page, service, path)
        asking = page.get_by_role("button", name=name)
        asking.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(asking).to_be_focused()


def test_escape_and_a_click_beside_it_close_the_panel_beneath_ones_name(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service, JANE) as page:
        open_live(page, service)
        name, apply = page.locator(".person summary"), page.get_by_role("button", name="Apply")
        name.focus()
        page.keyboard.press("Enter")
        expect(apply).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(apply).to_be_hidden()
        expect(name).to_be_focused()
        name.click()
        expect(apply).to_be_visible()
        page.get_by_role("heading", name="Calls", exact=True).click()
        expect(apply).to_be_hidden()
