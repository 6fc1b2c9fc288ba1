"""The story of a call beside its list: in the address, with a way back, kept up to date."""

from __future__ import annotations

from playwright.sync_api import Browser, Request, expect

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import JANE, Seed, add_person, talked
from tests.sidecar.web.browsers import PHONE, open_live, page_of
from tests.sidecar.web.office import story_of
from tests.sidecar.web.service import Service

pytestmark = needs_chromium


def test_it_stands_in_the_address_and_back_leads_to_the_list_on_a_phone_too(
    chromium: Browser, service: Service
) -> None:
    service.calls(*(talked(number=f"49305{number}", person_id=None) for number in range(3)))
    with page_of(chromium, service, **PHONE) as page:
        open_live(page, service, "/?q=49305")
        page.evaluate("window.still = 'here'")
        for call in (3, 2):
            page.locator(f"#call-{call} .who a").evaluate("link => link.click()")
            expect(page.locator(f"#story [data-call=call-{call}]")).to_be_visible()
            expect(page).to_have_url(f"{service.url}/calls/{call}")
        page.go_back()
        expect(page.locator("#story article")).to_have_count(0)
        expect(page).to_have_url(service.url + "/?q=49305")
        page.go_forward()
        expect(page.locator("#story [data-call=call-2]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#story article")).to_have_count(0)
        expect(page).to_have_url(service.url + "/?q=49305")
        assert page.evaluate("window.still") == "here"


def test_from_1440_pixels_on_it_stands_beside_the_list(chromium: Browser, service: Service) -> None:
    service.calls(talked(extra={"story": story_of(service.clock())}))
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.locator("tr.call .who a").click()
        expect(page.locator("#story article")).to_be_visible()
        for width, beside in ((1440, True), (1439, False)):
            page.set_viewport_size({"width": width, "height": 900})
            ends, begins = (page.locator(each).bounding_box() for each in ("#list", "#story"))
            assert ends is not None
            assert begins is not None
            assert (ends["x"] + ends["width"] <= begins["x"]) is beside


def test_talk_time_runs_and_the_number_is_copied(chromium: Browser, service: Service) -> None:
    now = service.clock()
    service.calls(Seed(state="answered", answered=2.0, agent=(JANE, "Jane Doe"), agents=[JANE], started_at=now - 70))
    with page_of(chromium, service, permissions=["clipboard-read", "clipboard-write"]) as page:
        open_live(page, service, "/calls/1")
        expect(page.locator("dd [data-since]")).to_contain_text("1:")
        page.get_by_role("button", name="Copy number").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == "+491713920010"


def test_tickets_and_calls_before_stand_in_it_and_stay_while_it_changes(chromium: Browser, service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, "Otto Müller")
    _, call = service.calls(talked(person_id=7), talked(person_id=7, number="4989"))
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.locator(f"#call-{call} .who a").click()
        story = page.locator("#story")
        expect(story.locator(".earlier li")).to_have_count(1)
        expect(story).to_contain_text("No open ticket.")
        service.change(call, talked(person_id=7, number="4989", lasting=500.0))
        expect(story).to_contain_text("8:20")
        expect(story).to_contain_text("No open ticket.")


def test_what_it_fetches_by_itself_is_marked_and_keeps_no_session_of_zammads_alive(
    chromium: Browser, service: Service
) -> None:
    (call,) = service.calls(talked(person_id=None, number="4989"))
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.locator(f"#call-{call} .who a").click()
        story = page.locator("#story")
        expect(story).to_contain_text("4989")
        asked = list[Request]()
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - it is marked with attributes
        service.change(call, talked(person_id=None, number="4989", lasting=500.0))
        expect(story).to_contain_text("8:20")
    files = "/static/"  # a browser fetches them when it likes; nobody is asked who they are for
    of_itself = [each for each in asked if not each.url.endswith("/events") and files not in each.url]
    assert of_itself
    assert [each.url for each in of_itself if each.headers.get("x-sidecar-by-itself") != "1"] == []
