"""`python -m tests.sidecar.web.pictures`: draws docs/images anew, of an office on a Friday afternoon."""

from __future__ import annotations

import random
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from sidecar.calls.callbacks.lines import GroupOfLines, lines_from
from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Connection, Database
from sidecar.store.migrations import upgrade
from sidecar.store.missed.acts import Actor, close, take
from sidecar.store.missed.callbacks.intake import take_in
from sidecar.store.missed.callbacks.tables import callbacks
from sidecar.store.missed.entries import open_missed
from sidecar.store.missed.notes import add_note
from tests.places import ROOT
from tests.process import served
from tests.service import environ_of, prepared
from tests.sidecar.store.calls.saved_calls import JANE, MAX, Seed, add_calls, missed, talked
from tests.sidecar.web.browsers import person, running_chromium
from tests.sidecar.web.office import furnish, story_of, working_days
from tests.sidecar.web.service import ZAMMAD_COOKIE, Service, Wanted, service_running
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

IMAGES = ROOT / "docs" / "images"
MIDNIGHT = datetime(2026, 11, 20, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
ADMIN, ERIKA = 3, 6
NOW = MIDNIGHT + 16 * 3600 + 2400
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
TELEVISION: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
WIDE_DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
SMALL_DESK: Any = {"width": 1000, "height": 700}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "locale": "de-DE", "device_scale_factor": 1.5}


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/pictures.db")
        upgrade(database)
        with service_running(database, Wanted()) as service:
            service.later = NOW - time.time()
            with database.writing() as connection:
                work_all_week(connection)
            with running_chromium() as browser:
                draw_all(browser, service)
                draw_story(browser, service)
        database.close()
    draw_tickets()
    with TemporaryDirectory() as folder, running_chromium() as browser:
        draw_check(browser, Path(folder))


def work_all_week(connection: Connection) -> None:
    chance = random.Random(7)
    furnish(connection)
    week = [*working_days(chance, first=MIDNIGHT - 6 * 86400, days=6, calls=160)]
    today = [call for call in working_days(chance, first=MIDNIGHT, days=1, calls=170) if call.started_at < NOW - 1800]
    add_calls(connection, *week, *today, now=NOW)
    for entry in open_missed(connection, Viewer(user_id=1))[6:]:
        close(connection, entry.id, Actor(id=11, name="Lea Kern"), version=entry.version, now=NOW - 3600)
    erika = {"number": "491713920010", "person_id": 6, "organization_id": 2}
    add_calls(
        connection,
        talked(started_at=NOW - 900, answered=20, lasting=167, person_id=7, organization_id=2, number="493012345678",
               extra={"story": story_of(NOW - 900), "identified_as": "phone of Otto Müller"}),
        missed(started_at=NOW - 640, agents=[JANE, MAX], **erika),
        talked((MAX, "Max Roe"), started_at=NOW - 500, direction="out", lasting=210, number="4930555123"),
        missed(started_at=NOW - 340, agents=[JANE, MAX], **erika),
        Seed(state="answered", agent=(JANE, "Jane Doe"), answered=6.0, started_at=NOW - 75, number="4989123456",
             person_id=20, organization_id=3, agents=[JANE]),
        Seed(state="ringing", started_at=NOW - 8, agents=[MAX], number="4940876543", person_id=22, organization_id=4),
        now=NOW,
    )  # fmt: skip
    taken = open_missed(connection, Viewer(user_id=1))[1]
    take(connection, taken.id, Actor(id=MAX, name="Max Roe"), now=NOW)
    add_note(connection, taken.id, Actor(id=MAX, name="Max Roe"), "Asked to be called back after five", now=NOW)


def draw_all(browser: Browser, service: Service) -> None:
    with person(browser, service, JANE, **DESK) as context:
        page = context.new_page()
        draw(page, service, "/", "calls")
        draw(page, service, "/missed", "missed-calls")
        draw(page, service, "/statistics?span=week", "statistics")
    with person(browser, service, JANE, color_scheme="dark", **DESK) as context:
        draw(context.new_page(), service, "/", "calls-dark")
    with person(browser, service, JANE, color_scheme="dark", **TELEVISION) as context:
        draw(context.new_page(), service, "/wallboard", "wallboard-dark")
    with person(browser, service, JANE, **PHONE) as context:
        draw(context.new_page(), service, "/", "calls-phone")


def draw_tickets() -> None:
    """A missed call with its ticket, a note on the card, a number that gets a name."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/tickets.db")
        upgrade(database)
        with service_running(database, Wanted()) as service, running_chromium() as browser:
            service.later = NOW - time.time()
            service.sim.ticketing.shown["time_accounting"] = True
            service.sim.add_ticket(ERIKA, title="Cable of the oven")
            with database.writing() as connection:
                unknown, talk = missed_and_called_back(connection)
            with person(browser, service, JANE, **DESK) as context:
                page = context.new_page()
                page.clock.install(time=NOW)
                open_at(page, service, "/missed")
                page.locator("#missed li", has_text="33001").first.screenshot(
                    path=IMAGES / "missed-call-with-ticket.png"
                )
                draw_note(page, service, talk)
                draw_given_number(page, service, unknown)
        database.close()


def missed_and_called_back(connection: Connection) -> tuple[int, int]:
    """Calls: of nobody known, and the one that is going on."""
    furnish(connection)
    line = "493023125010"
    [unknown] = add_calls(connection, missed(number="493099800123", started_at=NOW - 1900, line=line), now=NOW)
    [_, talk] = add_calls(
        connection,
        missed(number="4940876543", person_id=22, organization_id=4, started_at=NOW - 640, line=line),
        Seed(state="answered", agent=(JANE, "Jane Doe"), answered=6.0, started_at=NOW - 75, line=line,
             number="491713920010", person_id=ERIKA, organization_id=2, agents=[JANE]),
        now=NOW,
    )  # fmt: skip
    lines = lines_from([GroupOfLines(id=2, name="Support", written=line)], "DE")
    take_in(connection, lines, since=NOW - 1200, grace=180.0, now=NOW - 600, new_key=lambda: "k")
    ticket = {"ticket_id": 1, "ticket_number": "33001", "ticket_state": "new", "phase": "open"}
    connection.execute(callbacks.update().values(ticket))
    return unknown, talk


def draw_note(page: Page, service: Service, talk: int) -> None:
    open_at(page, service, "/")
    room = page.locator(f"#card-notes-{talk}")
    room.locator("[data-note-of]").click()
    room.get_by_label("Note", exact=True).fill("Wants a longer cable. I promised an offer by Monday.")
    room.get_by_label("Minutes").fill("2")
    page.mouse.move(700, 20)
    page.locator(f"#my-call-{talk}").screenshot(path=IMAGES / "note-on-the-card.png")


def draw_given_number(page: Page, service: Service, unknown: int) -> None:
    page.goto(f"{service.url}/calls/{unknown}/whose?q=petersen")
    page.locator("main .notes").screenshot(path=IMAGES / "whose-number.png")


def open_at(page: Page, service: Service, path: str) -> None:
    page.goto(service.url + path)
    page.wait_for_selector(".live.on")


def draw_story(browser: Browser, service: Service) -> None:
    """Beside the list, where there is room."""
    with person(browser, service, JANE, **WIDE_DESK) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        page.goto(service.url + "/")
        page.locator("tr.call").get_by_text("Otto Müller").first.click()
        page.wait_for_selector("#story [data-keep] p:not(:has-text('…'))")
        page.mouse.move(700, 20)
        page.screenshot(path=IMAGES / "call-story.png")


def draw_check(browser: Browser, folder: Path) -> None:
    """Of a whole service, as a German admin sees it."""
    sim = prepared(Simulator())
    with (
        running(sim) as zammad_url,
        served(environ_of(sim, zammad_url, "sqlite:///sidecar.db"), folder) as service,
        closing(browser.new_page(locale="de-DE", timezone_id="Europe/Berlin", viewport=SMALL_DESK)) as page,
    ):
        page.context.add_cookies([{"name": ZAMMAD_COOKIE, "value": sim.log_in(ADMIN), "url": zammad_url}])
        page.goto(f"{service.url}/sidecar/admin/check")
        page.wait_for_selector(".live.on")
        page.screenshot(path=IMAGES / "check-german.png", full_page=True)


def draw(page: Page, service: Service, path: str, name: str) -> None:
    page.clock.install(time=NOW)
    page.goto(service.url + path)
    page.wait_for_selector(".live.on")
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
