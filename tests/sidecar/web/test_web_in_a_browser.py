"""The pages in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from sidecar.store.missed.acts import Actor, close, take
from sidecar.store.missed.notes import add_note
from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, Seed, missed, talked
from tests.sidecar.web.browsers import PHONE, open_live, page_of
from tests.sidecar.web.findings import AXE, serious_findings
from tests.sidecar.web.office import furnish, story_of
from tests.sidecar.web.service import ZAMMAD_COOKIE, Service, Wanted

ADMIN = 3
OFFICE = ("/", "/?q=nothing", "/missed", "/statistics?span=week", "/wallboard", "/calls/1")
ADMINISTRATION = (
    "/admin/start",
    "/admin/health",
    "/admin/boards",
    "/admin/hooks",
    "/admin/sync",
    "/admin/agents",
    "/admin/simulate",
    "/admin/sessions",
)

pytestmark = needs_chromium


def test_under_zammads_host_nobody_has_to_sign_in(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        page.goto(service.url + "/missed")
        expect(page.get_by_role("heading", name="Missed calls")).to_be_visible()
        expect(page.locator(".person")).to_contain_text("Jane Doe")


@pytest.mark.parametrize("wanted", [Wanted(oauth=True)])
def test_elsewhere_zammad_signs_people_in(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service, None) as page:
        cookie = {"name": ZAMMAD_COOKIE, "value": service.sim.log_in(JANE), "domain": "127.0.0.1", "path": "/oauth"}
        page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict will do
        page.goto(service.url + "/statistics")
        expect(page.locator(".person")).to_contain_text("Jane Doe")
        assert page.url == service.url + "/statistics"
        page.locator(".person summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()
        page.goto(service.url + "/")
        expect(page.get_by_role("link", name="Sign in with Zammad")).to_be_visible()


def test_a_call_appears_and_changes_without_loading_the_page_again(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.evaluate("window.still = 'here'")
        (call,) = service.calls(Seed(state="ringing", started_at=service.clock()))
        row = page.locator(f"#call-{call}")
        expect(row).to_contain_text("Ringing")
        service.change(call, Seed(state="answered", answered=4.0, agent=(JANE, "Jane Doe")))
        expect(row).to_contain_text("Talking")
        service.change(call, talked())
        expect(row).to_contain_text("Answered")
        assert page.locator("tr.call").count() == 1
        assert page.evaluate("window.still") == "here"


def test_a_search_narrows_the_list_as_it_is_typed_and_stands_in_the_address(
    chromium: Browser, service: Service
) -> None:
    with service.database.writing() as connection:
        furnish(connection)
    service.calls(talked(person_id=7), talked(number="4940123456", person_id=22), missed(number="4930555"))
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.keyboard.press("/")
        page.keyboard.type("mull")
        expect(page.locator("tr.call")).to_have_count(1)
        expect(page.locator("tr.call")).to_contain_text("Otto Müller")
        assert page.url.endswith("/?q=mull")
        service.calls(talked((MAX, "Max Roe"), person_id=7), talked(number="4940999"))
        expect(page.locator("tr.call")).to_have_count(2)
        expect(page.locator(".live.on")).to_be_visible()
        page.fill("#q", "040 123")
        expect(page.locator("tr.call")).to_have_count(1)
        expect(page.locator("tr.call")).to_contain_text("Klaus Petersen")
        page.get_by_role("link", name="Reset filters").click()
        expect(page.locator("tr.call")).to_have_count(5)


def test_older_calls_come_as_one_scrolls(chromium: Browser, service: Service) -> None:
    service.calls(*(missed(number=f"49301{number:05}") for number in range(130)))
    with page_of(chromium, service) as page:
        open_live(page, service)
        expect(page.locator("tr.call")).to_have_count(50)
        page.locator("tr.more").scroll_into_view_if_needed()
        expect(page.locator("tr.call")).to_have_count(100)


def test_the_story_of_a_call_by_keyboard_alone(chromium: Browser, service: Service) -> None:
    service.calls(talked(extra={"story": story_of(service.clock() - 300)}))
    with page_of(chromium, service) as page:
        open_live(page, service)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#story")).to_contain_text("Jane Doe picks up after 8 secs")
        page.keyboard.press("Escape")
        expect(page.locator("#story article")).to_have_count(0)
        expect(page.locator("tr.call").first).to_be_focused()


def test_a_call_that_changes_takes_the_focus_from_nobody(chromium: Browser, service: Service) -> None:
    (call,) = service.calls(Seed(state="ringing", started_at=service.clock(), extra={"story": story_of(NOON)}))
    with page_of(chromium, service) as page:
        open_live(page, service)
        row, story = page.locator(f"#call-{call}"), page.locator("#story")
        row.locator(".who a").click()
        expect(story.get_by_role("button", name="Close")).to_be_focused()
        page.locator("#q").focus()
        for agent in ((JANE, "Jane Doe"), (MAX, "Max Roe"), (11, "Lea Kern")):
            service.change(call, Seed(state="answered", answered=4.0, agent=agent))
            expect(story).to_contain_text(agent[1])
        expect(page.locator("#q")).to_be_focused()
        for place, state in (
            (row.get_by_role("link", name="Call +49"), "missed"),
            (story.locator("[data-close]"), "ended"),
        ):
            place.focus()
            service.change(call, Seed(state=state))
            for shown in (row, story):
                expect(shown).to_contain_text("Missed" if state == "missed" else "Answered")
            expect(place).to_be_focused()


def test_two_browsers_take_one_missed_call_and_one_of_them_is_told(chromium: Browser, service: Service) -> None:
    service.calls(missed())
    with page_of(chromium, service) as jane, page_of(chromium, service, MAX) as max_roe:
        held: list[Route] = []
        max_roe.route("**/take", lambda route: held.append(route))  # noqa: PLW0108 - playwright wants a function
        for page in (jane, max_roe):
            open_live(page, service, "/missed")
        max_roe.get_by_role("button", name="Take").click()
        jane.get_by_role("button", name="Take").click()
        expect(jane.get_by_text("You have taken this")).to_be_visible()
        expect(max_roe.get_by_text("Taken by Jane Doe")).to_be_visible()  # before he has an answer
        held.pop().continue_()
        expect(max_roe.get_by_role("alert")).to_have_text("A colleague was faster: Jane Doe has it.")
        service.calls(missed(started_at=service.clock() - 60))
        expect(max_roe.locator("#waiting")).to_contain_text("2 calls")
        expect(max_roe.get_by_role("alert")).to_have_text("A colleague was faster: Jane Doe has it.")
        expect(max_roe.get_by_role("button", name="Take", exact=True)).to_have_count(0)


def test_whoever_is_told_of_a_conflict_first_still_sees_it_when_the_change_arrives(
    chromium: Browser, service: Service
) -> None:
    def jane_is_faster(route: Route) -> None:
        with service.database.writing() as connection:
            take(connection, 1, Actor(id=JANE, name="Jane Doe"), now=service.clock())
        route.continue_()

    service.calls(missed())
    with page_of(chromium, service, MAX) as page:
        open_live(page, service, "/missed")
        page.route("**/take", jane_is_faster)
        page.get_by_role("button", name="Take").click()
        expect(page.get_by_role("alert")).to_contain_text("Jane Doe has it")
        service.calls(missed(number="4930555"))
        expect(page.locator("#waiting li")).to_have_count(2)  # so the news before it have arrived too
        expect(page.get_by_role("alert")).to_contain_text("Jane Doe has it")


def test_a_missed_call_closes_itself_in_front_of_everybody(chromium: Browser, service: Service) -> None:
    service.calls(missed(), missed(number="4930555"))
    with page_of(chromium, service) as jane, page_of(chromium, service, MAX) as max_roe:
        for page in (jane, max_roe):
            open_live(page, service, "/missed")
            expect(page.locator("#open-missed")).to_have_text("2")
        service.calls(talked((MAX, "Max Roe"), direction="out", started_at=service.clock()))
        for page in (jane, max_roe):
            expect(page.locator("#waiting li")).to_have_count(1)
            expect(page.locator("#closed li")).to_contain_text("Max Roe called back")
            expect(page.locator("#open-missed")).to_have_text("1")


def test_a_note_being_written_survives_whatever_happens_to_the_entry(chromium: Browser, service: Service) -> None:
    service.calls(missed())
    with page_of(chromium, service) as page:
        open_live(page, service, "/missed")
        write_note(page, "calls back at five")
        field = page.get_by_role("textbox", name="Note")
        service.calls(missed(started_at=service.clock() - 60))
        expect(page.locator("#waiting")).to_contain_text("2 calls")
        with service.database.writing() as connection:
            add_note(connection, 1, Actor(id=MAX, name="Max Roe"), "wants Otto", now=service.clock())
        service.wake()
        expect(page.locator(".note")).to_have_text("wants Otto")
        for now, then in (("Take", "Give back"), ("Give back", "Take")):
            page.get_by_role("button", name=now, exact=True).click()
            expect(page.get_by_role("button", name=then, exact=True)).to_be_visible()
            expect(field).to_have_value("calls back at five")
        service.calls(talked((MAX, "Max Roe"), direction="out", started_at=service.clock()))
        expect(page.locator("#closed")).to_contain_text("Max Roe called back")
        expect(field).to_have_value("calls back at five")
        page.get_by_role("button", name="Save note").click()
        expect(page.locator(".note")).to_have_text(["wants Otto", "calls back at five"])
        expect(page.get_by_role("button", name="Delete")).to_have_count(1)  # of the own one


def write_note(page: Page, text: str) -> None:
    page.get_by_text("Add a note", exact=True).click()
    page.get_by_role("textbox", name="Note").fill(text)


def test_the_missed_calls_go_on_as_one_scrolls_and_an_old_one_can_be_taken_over(
    chromium: Browser, service: Service
) -> None:
    now = service.clock()
    service.calls(*(missed(number=f"49301{number:05}", started_at=now - 9000 + number) for number in range(130)))
    with service.database.writing() as connection:
        take(connection, 1, Actor(id=MAX, name="Max Roe"), now=now)
    with page_of(chromium, service) as page:
        open_live(page, service, "/missed")
        expect(page.locator(".missed-call")).to_have_count(100)
        service.calls(missed(number="4930199999", started_at=now))
        expect(page.locator(".missed-call")).to_have_count(101)
        page.locator(".missed-list .more").scroll_into_view_if_needed()
        expect(page.locator(".missed-call")).to_have_count(131)
        page.get_by_role("button", name="Take over from Max Roe").click()
        expect(page.locator("#missed-1")).to_contain_text("You have taken this")
        expect(page.locator("#missed-1")).to_contain_text("Give back")


def test_the_wallboard_follows_what_happens_one_after_the_other(chromium: Browser, service: Service) -> None:
    now = service.clock()
    calls = service.calls(
        *(Seed(state="answered", number=number, answered=3.0, agent=(JANE, "Jane Doe"), started_at=now - 60)
          for number in ("4930111", "4930222")),
        missed(number="4930333", started_at=now - 500),
    )  # fmt: skip
    with page_of(chromium, service) as page:
        open_live(page, service, "/wallboard")
        talking, waiting, today = (
            page.locator(".answered"),
            page.locator(".missed .large:not(.wait)"),
            page.locator(".tiles .good"),
        )
        expect(talking.first).to_contain_text("Jane Doe")
        for call, number in zip(calls, ("4930111", "4930222"), strict=False):
            service.change(call, talked(number=number, started_at=now - 60))
        expect(talking.first).to_contain_text("Nobody")
        service.calls(talked(number="4930444", started_at=now - 50))
        expect(today).to_contain_text("3")
        with service.database.writing() as connection:
            close(connection, 1, Actor(id=MAX, name="Max Roe"), version=1, now=now)
        service.wake()
        expect(waiting).to_have_text("0")


def test_pages_reconnect_after_a_restart_without_losing_a_call(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        open_live(page, service)
        service.calls(missed())
        expect(page.locator("tr.call")).to_have_count(1)
        service.close()
        expect(page.locator(".live:not(.on)")).to_be_visible()
        service.calls_while_closed(talked(number="4940123"))
        service.open()
        expect(page.locator("tr.call")).to_have_count(2)
        expect(page.locator(".live.on")).to_be_visible()


def test_a_page_whose_modules_are_gone_in_an_upgrade_is_loaded_again(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        page.route("**/js/clocks.js", lambda route: route.fulfill(status=404))
        page.goto(service.url + "/")
        expect(page.locator("html:not(.scripted) .live:not(.on)")).to_be_visible()
        page.unroute("**/js/clocks.js")
        expect(page.locator("html.scripted .live.on")).to_be_visible()
        assert not page.evaluate("'retries' in sessionStorage")


def test_signing_out_in_one_tab_ends_the_others(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        open_live(page, service)
        other = page.context.new_page()
        open_live(other, service, "/missed")
        page.locator(".person summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(other.get_by_text("You are signed out.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_follows_the_system_and_the_choice_beats_it(chromium: Browser, service: Service, scheme: str) -> None:
    def brightness(page: Page) -> int:
        return int(page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0]"))

    with page_of(chromium, service, color_scheme=scheme) as page:
        page.goto(service.url + "/")
        assert (brightness(page) > 128) == (scheme == "light")
        page.locator(".person summary").click()
        chosen = "light" if scheme == "dark" else "dark"
        page.get_by_label("Appearance").select_option(chosen)
        page.get_by_role("button", name="Apply").click()
        expect(page.locator(f"html[data-theme={chosen}]")).to_be_attached()
        page.wait_for_load_state()
        assert (brightness(page) > 128) == (scheme == "dark")


def test_nothing_is_wider_than_a_phone(chromium: Browser, service: Service) -> None:
    with service.database.writing() as connection:
        furnish(connection)
    service.calls(talked(person_id=7, organization_id=4), missed(person_id=22, organization_id=4, number="4940876543"))
    with page_of(chromium, service, **PHONE) as page:
        for path in ("/", "/missed", "/statistics?span=month", "/wallboard", "/calls/1"):
            page.goto(service.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_every_page_of_a_person_is_live(chromium: Browser, service: Service) -> None:
    service.calls(talked())
    with page_of(chromium, service, ADMIN) as page:
        for path in (*OFFICE, *ADMINISTRATION, "/calls/1/whose", "/calls/1/note", "/dial?number=%2B491713920010"):
            open_live(page, service, path)


@pytest.mark.parametrize("how", [{}, PHONE], ids=["at a desk", "on a phone"])
def test_axe_finds_nothing_serious(chromium: Browser, service: Service, how: dict[str, Any]) -> None:
    with service.database.writing() as connection:
        furnish(connection)
    now = service.clock()
    service.calls(
        talked(person_id=7, organization_id=2, extra={"story": story_of(now)}, started_at=now - 900),
        missed(number="4930555", started_at=now - 500),
        missed(number="4930556", started_at=now - 400),
        Seed(state="ringing", started_at=now - 5),
        Seed(state="blocked", started_at=now - 50),
        Seed(state="answered", answered=3.0, agent=(JANE, "Jane Doe"), started_at=now - 60),
        talked((MAX, "Max Roe"), number="4930556", started_at=now - 100, direction="out"),
    )
    with page_of(chromium, service, ADMIN, bypass_csp=True, **how) as page:
        for path in (*OFFICE, *ADMINISTRATION):
            open_page(page, service, path)
            assert serious_findings(page) == [], path
        open_page(page, service, "/")
        page.get_by_text("Otto Müller").click()
        expect(page.locator("#story article")).to_be_visible()
        assert serious_findings(page) == []


def open_page(page: Page, service: Service, path: str) -> None:
    page.goto(service.url + path)
    page.add_script_tag(path=AXE)


@pytest.mark.parametrize("wanted", [Wanted(session_seconds=100_000)])
def test_a_page_that_nobody_uses_says_that_it_has_paused_and_goes_on_at_a_click(
    chromium: Browser, service: Service
) -> None:
    with page_of(chromium, service) as page:
        page.clock.install()
        open_live(page, service)
        service.later += 43_300
        page.clock.run_for(31_000)
        paused = page.get_by_text("This page has paused")
        expect(paused).to_be_visible()
        page.get_by_role("button", name="Go on").click()
        expect(paused).to_be_hidden()
        expect(page.locator(".live.on")).to_be_visible()


def test_a_page_is_left_when_its_person_signs_out_of_zammad(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service) as page:
        page.clock.install()
        open_live(page, service)
        page.context.clear_cookies(name=ZAMMAD_COOKIE)
        page.clock.run_for(31_000)
        expect(page.get_by_text("Sign in to Zammad in this browser")).to_be_visible()
