"""Two agents give the number of one call at the same time, and everybody who looks on sees whose it is."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import JANE, MAX, add_person, missed
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.service import Service

ERIKA, OTTO = 6, 7
NUMBER = "493099800123"
pytestmark = needs_chromium


def chosen(page: Page, service: Service, call: int, name: str) -> None:
    """As far as the last click."""
    page.goto(f"{service.url}/calls/{call}")
    page.get_by_role("link", name="Whose number is it?").click()
    search = page.get_by_placeholder("Name or organization")
    search.fill(name)
    search.press("Enter")  # needs no script
    page.wait_for_url("**/whose?q=*")
    expect(page.get_by_role("button", name=name)).to_be_visible()


def test_of_two_agents_the_second_is_asked_and_open_pages_bear_the_name(chromium: Browser, service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, ERIKA, "Erika Mustermann")
        add_person(connection, OTTO, "Otto Müller")
    older, call = service.calls(missed(number=NUMBER), missed(number=NUMBER))
    with (
        page_of(chromium, service) as jane,
        page_of(chromium, service, MAX) as max_roe,
        page_of(chromium, service, MAX) as looks_on,
    ):
        open_live(looks_on, service, "/missed")
        expect(looks_on.locator("#missed")).not_to_contain_text("Erika Mustermann")
        chosen(jane, service, call, "Erika Mustermann")
        chosen(max_roe, service, older, "Otto Müller")
        jane.get_by_role("button", name="Erika Mustermann").click()
        expect(jane.get_by_text("is written down in Zammad: Erika Mustermann.")).to_be_visible()
        expect(looks_on.locator("#missed")).to_contain_text("Erika Mustermann")
        max_roe.get_by_role("button", name="Otto Müller").click()
        expect(max_roe.get_by_text("is the number of Erika Mustermann as well.")).to_be_visible()
    assert "99800123" in service.sim.user(ERIKA)["cti_more_numbers"] + service.sim.user(ERIKA)["phone"]
    assert "99800123" not in str(service.sim.user(OTTO))
    assert service.sim.user(ERIKA)["updated_by_id"] == JANE
