"""sipgate's users with the agents they seem to be, in a real browser: taken singly or together, never by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sidecar.calls.rules.suggestions import SipgatePerson
from sidecar.sipgate.people import People, keep_people
from sidecar.store.database import Database
from sipgate_client.records import Kind
from sipgate_client.simulator import SimulatedSipgate
from sipgate_client.simulator.server import running
from tests.machine import needs_chromium
from tests.sidecar.web.admin.admins import ADMIN, JANE, MAX
from tests.sidecar.web.browsers import page_of
from tests.sidecar.web.findings import AXE, serious_findings
from tests.sidecar.web.service import Service, Wanted, service_running
from tests.sipgate_client.accounts import environ_of_account
from zammad_client.records import Json

pytestmark = needs_chromium

LONG = "Maximiliane-Friederike von Hohenlohe-Schillingsfürst zu Oettingen"
PERSONS = (
    SipgatePerson(id="w0", name="Jane Doe", email="jane@example.com", lines=("Nina", "Support")),
    SipgatePerson(id="w1", name="M. Roe", email="MAX@example.com", lines=("Max",)),
    SipgatePerson(id="w2", name="max roe", email="m.roe@elsewhere.example", lines=()),
    SipgatePerson(id="w3", name=LONG, email="maximiliane.hohenlohe-schillingsfuerst@example.com", lines=("Support",)),
    SipgatePerson(id="w5", name="Jane's second telephone", email="jane@example.com", lines=()),
)
PEOPLE = People(kind=Kind.CLASSIC, master_sip_id="1234567", persons=PERSONS, phones={})
WRONG = {"remote_user_id": "w5", "user_id": str(MAX)}
ASSIGN = "Assign those ticked"
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture
def account() -> SimulatedSipgate:
    return SimulatedSipgate()


@pytest.fixture
def wanted(account: SimulatedSipgate) -> Iterator[Wanted]:
    with running(account) as url:
        yield Wanted(environ=environ_of_account(account, url))


@pytest.fixture
def service(sqlite_url: str, wanted: Wanted) -> Iterator[Service]:
    """w5 is assigned to somebody else than its e-mail says."""
    database = Database(sqlite_url)
    with service_running(database, wanted) as service:
        with database.writing() as connection:
            keep_people(connection, PEOPLE, service.clock())
        write_rows(service, WRONG)
        service.poll()
        yield service
    database.close()


def write_rows(service: Service, *rows: Json) -> None:
    """What somebody saves on Zammad's own page."""
    service.sim.settings["sipgate_config"] = {"user_remote_map": list(rows)}


def rows(service: Service) -> list[tuple[str, str]]:
    config: Json = service.sim.settings["sipgate_config"]
    return [(row["remote_user_id"], row["user_id"]) for row in config["user_remote_map"]]


def suggestion(page: Page, sipgate_id: str) -> str:
    return page.locator("li.suggestion", has_text=sipgate_id).inner_text()


def test_contradictions_come_first_and_nothing_is_ticked_or_assigned_by_itself(
    chromium: Browser, service: Service
) -> None:
    with page_of(chromium, service, ADMIN) as page:
        page.goto(service.url + "/admin/agents")
        items = page.locator("li.suggestion")
        expect(items).to_have_count(5)
        expect(items.first).to_contain_text("assigned to Max Roe")
        expect(items.first).to_contain_text("seems to be Jane Doe")
        expect(items.first.get_by_role("checkbox")).to_have_count(0)
        expect(items.last).to_contain_text("no agent with this e-mail or name")
        assert "same name, perhaps" in suggestion(page, "w2")
        assert page.locator("[data-tick]:checked").count() == 0
        page.get_by_role("button", name=ASSIGN).click()
        expect(page.get_by_role("alert")).to_contain_text("Please choose an agent.")
    assert rows(service) == [("w5", "5")]


def test_one_is_taken_by_its_own_button_whatever_else_is_ticked(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service, ADMIN, java_script_enabled=False) as page:
        page.goto(service.url + "/admin/agents")
        expect(page.get_by_text("Tick all")).to_be_hidden()
        page.locator("li.suggestion", has_text="w1").get_by_role("checkbox").check()
        page.get_by_role("button", name="Assign w0 to Jane Doe").click()
        expect(page.get_by_role("status")).to_contain_text("Done.")
        expect(page.locator("li.suggestion")).to_have_count(4)
    assert rows(service) == [("w5", "5"), ("w0", "4")]


def test_several_are_taken_together(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service, ADMIN) as page:
        page.goto(service.url + "/admin/agents")
        page.get_by_label("Jane Doe same e-mail").check()
        page.get_by_label("Max Roe same e-mail").check()
        page.get_by_role("button", name=ASSIGN).click()
        expect(page.get_by_role("status")).to_contain_text("Done.")
        expect(page.locator("li.suggestion")).to_have_count(3)
    assert rows(service) == [("w5", "5"), ("w0", "4"), ("w1", "5")]


def test_all_are_ticked_and_taken_with_the_keyboard_alone(chromium: Browser, service: Service) -> None:
    with page_of(chromium, service, ADMIN, locale="de-DE") as page:
        page.goto(service.url + "/admin/agents")
        every = page.get_by_label("Alle ohne Widerspruch ankreuzen")
        every.focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-tick]:checked")).to_have_count(3)
        page.keyboard.press("Space")
        expect(page.locator("[data-tick]:checked")).to_have_count(0)
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Die angekreuzten zuordnen")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Erledigt.")
        expect(page.locator("li.suggestion")).to_have_count(2)
    assert rows(service) == [("w5", "5"), ("w0", "4"), ("w1", "5"), ("w2", "5")]


def test_what_another_admin_has_written_meanwhile_is_left_as_it_is_and_the_rest_is_taken(
    chromium: Browser, service: Service
) -> None:
    jane = service.sim.people.find(JANE)
    assert jane is not None
    with page_of(chromium, service, ADMIN) as page:
        page.goto(service.url + "/admin/agents")
        page.get_by_label("Tick all").check()
        write_rows(service, WRONG, {"remote_user_id": "w0", "user_id": str(MAX)}, {"remote_user_id": "w8"})
        service.sim.people.change(jane, {"sipgate_users": "w2"}, by=ADMIN, now=service.sim.now())
        page.get_by_role("button", name=ASSIGN).click()
        told = page.get_by_role("alert")
        expect(told).to_have_text(
            [
                f"{each} Somebody has assigned this sipgate user meanwhile; that was left as it is."
                for each in ("w0", "w2")
            ]
        )
        expect(page.get_by_role("row", name="w2")).to_contain_text("Jane Doe")
    assert [row["remote_user_id"] for row in service.sim.settings["sipgate_config"]["user_remote_map"]] == [
        *("w5", "w0", "w8", "w1")
    ]
    assert rows_of(service, "w0") == [str(MAX)]


def rows_of(service: Service, sipgate_id: str) -> list[str | None]:
    table = service.sim.settings["sipgate_config"]["user_remote_map"]
    return [row.get("user_id") for row in table if row["remote_user_id"] == sipgate_id]


def test_a_row_for_somebody_who_has_left_is_told_to_be_removed_first(chromium: Browser, service: Service) -> None:
    write_rows(service, {"remote_user_id": "w1", "user_id": "999"})
    service.poll()
    with page_of(chromium, service, ADMIN) as page:
        page.goto(service.url + "/admin/agents")
        page.get_by_role("button", name="Assign w1 to Max Roe").click()
        expect(page.get_by_role("alert")).to_contain_text("to somebody who is no active agent. Remove that row there")
    assert rows(service) == [("w1", "999")]


@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_nothing_is_too_wide_and_axe_finds_nothing_serious(chromium: Browser, service: Service, language: str) -> None:
    with page_of(chromium, service, ADMIN, locale=language, bypass_csp=True) as page:
        page.goto(service.url + "/admin/agents")
        page.add_script_tag(path=AXE)
        for width in (380, 768, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            assert not page.evaluate(TOO_WIDE), width
            assert serious_findings(page) == [], width
            expect(page.locator("li.suggestion button").first).to_be_visible()
            button = page.locator("li.suggestion button").first.bounding_box()
            assert button
            assert button["x"] + button["width"] <= width


@pytest.mark.parametrize("wanted", [Wanted()])
def test_without_a_token_the_page_says_so_and_asks_sipgate_nothing(
    chromium: Browser, service: Service, account: SimulatedSipgate
) -> None:
    with page_of(chromium, service, ADMIN) as page:
        page.goto(service.url + "/admin/agents")
        expect(page.get_by_text("sipgate is asked nothing: there is no token")).to_be_visible()
        expect(page.locator("li.suggestion")).to_have_count(0)
    assert not account.requests
