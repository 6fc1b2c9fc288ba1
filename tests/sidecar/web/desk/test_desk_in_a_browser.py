"""My calls now, as an agent sees them all day: cards, the title of the tab, notifications, who is free."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import JANE, MAX, Seed, add_person, missed, talked
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.desk.staff import JANE_DOE, LEA_KERN, MAX_ROE
from tests.sidecar.web.service import Service

OTTO = 7
# Notifications are written down instead of shown, over all pages of a browser.
WRITTEN_DOWN = """
const read = () => localStorage.getItem('told') ?? '[]';
const show = () => { document.documentElement.dataset.told = read(); };
const tell = (what) => { localStorage.setItem('told', JSON.stringify([...JSON.parse(read()), what])); show(); };
addEventListener('storage', show);
addEventListener('DOMContentLoaded', show);
window.Notification = class {
  static permission = 'granted';
  constructor(title, how) { this.title = title; tell(['shown', title, how.body]); }
  close() { tell(['closed', this.title]); }
};
"""

pytestmark = needs_chromium


def ringing(**changes: Any) -> Seed:
    return Seed(**{"state": "ringing", "lasting": None, "number": "493012345678", "agents": [JANE], **changes})


def told(page: Page) -> list[list[str]]:
    return list(json.loads(page.locator("html").get_attribute("data-told") or "[]"))


def otto(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, OTTO, "Otto Müller")


def test_the_card_follows_my_call_to_its_end_without_a_reload(chromium: Browser, service: Service) -> None:
    otto(service)
    service.calls(talked(person_id=OTTO, number="493012345678"))
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.evaluate("window.still = 'here'")
        (call,) = service.calls(ringing(person_id=OTTO, started_at=service.clock()))
        card = page.locator(f"#my-call-{call}")
        expect(card).to_contain_text("Ringing")
        expect(card).to_contain_text("Otto Müller")
        expect(card.locator(".earlier li")).to_have_count(1)
        expect(card).to_contain_text("No open ticket.")
        service.change(
            call, Seed(state="answered", answered=4.0, agent=(JANE, "Jane Doe"), agents=[JANE], person_id=OTTO)
        )
        expect(card).to_contain_text("Talking")
        service.change(call, talked(person_id=OTTO))
        expect(card).to_contain_text("Answered")
        assert page.evaluate("window.still") == "here"
        card.get_by_role("button", name="Put away").click()
        expect(page.locator(".my-call")).to_have_count(0)


def test_a_colleague_picks_up_and_the_card_before_is_there_again(chromium: Browser, service: Service) -> None:
    (before,) = service.calls(talked(agents=[JANE]))
    with page_of(chromium, service) as jane, page_of(chromium, service, MAX) as max_roe:
        for page in (jane, max_roe):
            open_live(page, service)
        (call,) = service.calls(ringing(agents=[JANE, MAX], started_at=service.clock()))
        for page in (jane, max_roe):
            expect(page.locator(f"#my-call-{call}")).to_contain_text("Ringing")
        service.change(call, Seed(state="answered", answered=2.0, agent=(MAX, "Max Roe"), agents=[JANE, MAX]))
        expect(jane.locator(f"#my-call-{before}")).to_be_visible()
        expect(jane.locator(f"#my-call-{call}")).to_have_count(0)
        expect(max_roe.locator(f"#my-call-{call}")).to_contain_text("Talking")


def test_the_title_counts_what_rings_at_my_phones_and_what_waits(chromium: Browser, service: Service) -> None:
    service.calls(missed())
    with page_of(chromium, service) as jane, page_of(chromium, service, MAX) as max_roe:
        open_live(jane, service, "/missed")
        open_live(max_roe, service, "/numbers")
        (call,) = service.calls(ringing(started_at=service.clock()))
        expect(jane).to_have_title("(2) Missed calls \N{EN DASH} Telephony")
        expect(max_roe).to_have_title("(1) Statistics \N{EN DASH} Telephony")
        service.change(call, missed(agents=[JANE], number="493012345678"))
        for page, name in ((jane, "Missed calls"), (max_roe, "Statistics")):
            expect(page).to_have_title(f"(2) {name} \N{EN DASH} Telephony")


def test_a_ring_notifies_once_for_all_pages_and_until_it_ends(chromium: Browser, service: Service) -> None:
    otto(service)
    service.staff(JANE_DOE, MAX_ROE)
    with page_of(chromium, service) as page:
        page.context.add_init_script(WRITTEN_DOWN)
        other = page.context.new_page()
        for each, path in ((page, "/"), (other, "/missed")):
            open_live(each, service, path)
        (call,) = service.calls(ringing(person_id=OTTO, started_at=service.clock()))
        for each in (page, other):
            expect(each).to_have_title(_counted(1))
        expect(page.locator("html")).to_have_attribute("data-told", re.compile("shown"))
        service.change(call, missed(agents=[JANE], person_id=OTTO, number="493012345678"))
        expect(page.locator("html")).to_have_attribute("data-told", re.compile("closed"))
        assert told(page) == [
            ["shown", "Otto Müller", "+49 30 12345678 · Line +49 30 23125010"],
            ["closed", "Otto Müller"],
        ]


def _counted(count: int) -> Any:
    return re.compile(rf"^\({count}\) ")


@pytest.mark.parametrize(
    ("seed", "staff"),
    [
        (ringing(agents=[MAX]), [JANE_DOE, MAX_ROE]),
        (ringing(internal=True), [JANE_DOE, MAX_ROE]),
        (ringing(agents=[LEA_KERN.id, JANE]), [LEA_KERN]),
    ],
    ids=["at a colleague's phone", "internal", "with the phone switch off"],
)
def test_other_rings_notify_nobody(chromium: Browser, service: Service, seed: Seed, staff: list[Any]) -> None:
    service.staff(*staff)
    with page_of(chromium, service) as page:
        page.context.add_init_script(WRITTEN_DOWN)
        open_live(page, service)
        (call,) = service.calls(seed)
        expect(page.locator(f"#call-{call}")).to_contain_text("Ringing")
        service.calls(talked((MAX, "Max Roe")))
        expect(page.locator("tr.call")).to_have_count(2)  # so whatever was told of the ring has arrived
        assert told(page) == []


def test_who_is_free_changes_as_calls_do(chromium: Browser, service: Service) -> None:
    service.staff(JANE_DOE, MAX_ROE, LEA_KERN)
    with page_of(chromium, service, MAX) as page:
        open_live(page, service)
        jane = page.locator(f"#agent-{JANE}")
        expect(jane).to_contain_text("free")
        expect(page.locator("#agents li")).to_have_text([r"Jane Doe free", r"Lea Kern switch off", "Max Roe free"])
        (call,) = service.calls(ringing(started_at=service.clock()))
        expect(jane).to_contain_text("ringing")
        service.change(call, Seed(state="answered", answered=4.0, agent=(JANE, "Jane Doe"), agents=[JANE]))
        expect(jane).to_contain_text("talking +49 171 3920010")
        service.change(call, talked())
        expect(jane).to_contain_text("free")


def test_a_phone_switch_that_is_flipped_shows_without_a_call(chromium: Browser, service: Service) -> None:
    service.staff(JANE_DOE, MAX_ROE)
    with page_of(chromium, service, MAX) as page:
        open_live(page, service)
        jane = page.locator(f"#agent-{JANE}")
        for switch, said in ((False, "switch off"), (True, "free")):
            service.staff(replace(JANE_DOE, phone_switch=switch), MAX_ROE)
            service.wake()
            expect(jane).to_have_text(f"Jane Doe {said}")


def test_the_pages_can_be_installed(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        open_live(page, service)
        manifest = page.request.get(service.url + "/manifest.webmanifest").json()
        assert (manifest["start_url"], manifest["display"]) == ("/sidecar/", "standalone")
        for picture in manifest["icons"]:
            assert page.request.get(service.url.removesuffix("/sidecar") + picture["src"]).ok
        page.evaluate("navigator.serviceWorker.register(document.documentElement.dataset.root + '/worker.js')")
