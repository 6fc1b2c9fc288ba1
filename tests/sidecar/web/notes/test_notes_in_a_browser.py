"""A call note as an agent writes it: on the story and on the card, a draft that stays, pressed twice."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.machine import needs_chromium
from tests.sidecar.store.calls.saved_calls import JANE, Seed, add_person, talked
from tests.sidecar.web.browsers import PHONE, open_live, page_of
from tests.sidecar.web.service import Service
from zammad_client.simulator.models.tickets import Ticket

ERIKA = 6
pytestmark = needs_chromium


def erikas_ticket(service: Service) -> Ticket:
    with service.database.writing() as connection:
        add_person(connection, ERIKA, "Erika Mustermann")
    found = service.sim.tickets.find(service.sim.add_ticket(ERIKA, title="Cable")["id"])
    assert found is not None
    return found


def begin(page: Page, where: str, text: str) -> None:
    room = page.locator(where)
    room.locator("[data-note-of]").click()  # what the room is replaced by when it is loaded
    room.get_by_label("Note", exact=True).fill(text)


def test_a_draft_survives_a_reload_and_is_saved_once_however_often_it_is_pressed(
    chromium: Browser, service: Service
) -> None:
    ticket = erikas_ticket(service)
    (call,) = service.calls(talked(person_id=ERIKA))
    room = f"#story-notes-{call}"
    with page_of(chromium, service) as page:
        page.goto(f"{service.url}/calls/{call}")
        begin(page, room, "Wants a cable.")
        page.reload()
        expect(page.locator(room).get_by_label("Note", exact=True)).to_have_value("Wants a cable.")
        page.locator(room).get_by_role("button", name="Save").dblclick()
        expect(page.locator(room)).to_contain_text("Saved.")
        expect(page.locator(f"{room} .call-notes .note")).to_have_text("Wants a cable.")
        page.reload()
        expect(page.locator(f"{room} .call-notes .note")).to_have_text("Wants a cable.")
        expect(page.locator(f"{room} form")).to_have_count(0)
    assert [(article.body, article.created_by_id) for article in ticket.articles] == [("Wants a cable.", JANE)]


def test_what_is_written_on_the_card_stays_when_the_call_ends(chromium: Browser, service: Service) -> None:
    ticket = erikas_ticket(service)
    with page_of(chromium, service, **PHONE) as page:
        open_live(page, service)
        running = Seed(state="answered", answered=4.0, agent=(JANE, "Jane Doe"), agents=[JANE], person_id=ERIKA)
        (call,) = service.calls(running)
        room = f"#card-notes-{call}"
        begin(page, room, "Wants a cable.")
        service.change(call, talked(person_id=ERIKA))
        expect(page.locator(f"#my-call-{call}")).to_contain_text("Answered")
        expect(page.locator(room).get_by_label("Note", exact=True)).to_have_value("Wants a cable.")
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, "nothing is wider than a telephone"
        page.locator(room).get_by_role("button", name="Save").click()
        expect(page.locator(room)).to_contain_text("Saved.")
    assert [article.body for article in ticket.articles] == ["Wants a cable."]
