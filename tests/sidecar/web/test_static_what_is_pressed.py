"""What is pressed shows that it is worked on, and says so where nobody answers: nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import missed, talked
from tests.sidecar.web.browsers import open_live, page_of
from tests.sidecar.web.service import Service

NO_ANSWER = "The service did not answer. Please try again."

pytestmark = needs_chromium


def take(page: Page) -> None:
    page.get_by_role("button", name="Take").click()


def apply(page: Page) -> None:
    page.locator(".person summary").click()
    page.get_by_role("button", name="Apply").click()


def search(page: Page) -> None:
    page.locator("#q").fill("Otto")


@pytest.mark.parametrize(("path", "press"), [("/missed", take), ("/missed", apply), ("/", search)])
def test_a_service_that_is_down_is_told_of_beside_what_was_pressed(
    chromium: Browser, service: Service, path: str, press: object
) -> None:
    assert callable(press)
    service.calls(missed())
    with page_of(chromium, service) as page:
        open_live(page, service, path)
        service.close()
        press(page)
        expect(page.get_by_role("alert")).to_have_text(NO_ANSWER)
        if press is search:
            expect(page.locator("#q")).to_have_value("Otto")
        service.open()


def test_what_takes_long_shows_that_it_is_under_way(chromium: Browser, service: Service) -> None:
    service.calls(missed())
    held: list[Route] = []
    with page_of(chromium, service) as page:
        open_live(page, service, "/missed")
        page.route("**/take", lambda route: held.append(route))  # noqa: PLW0108 - playwright wants a function
        take(page)
        expect(page.locator("button.waits")).to_have_text("Take")
        held.pop().continue_()
        expect(page.get_by_text("You have taken this")).to_be_visible()
        expect(page.locator(".waits")).to_have_count(0)


def test_a_double_click_on_ones_name_signs_nobody_out(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.locator(".person summary").dblclick()
        page.locator(".person summary").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        assert page.url == service.url + "/"


def test_an_address_without_a_page_says_so_with_a_way_back(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        page.goto(service.url + "/nonsense")
        expect(page.get_by_role("alert")).to_have_text("There is no page at this address.")
        page.get_by_role("link", name="Back to the calls").click()
        expect(page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()


def test_the_keys_are_listed_by_one_of_them(chromium: Browser, service: Service) -> None:
    service.calls(talked())
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Choose a call")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
