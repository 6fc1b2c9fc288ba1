"""A call note as a plain form: with what Zammad offers this agent, written once, told what Zammad refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import insert

from sidecar.store.calls.tables import call_keys
from sidecar.store.pages.dialled import Dialled, DialState, begin_dialling, settle_dialling
from tests.sidecar.store.calls.saved_calls import JANE, MAX, add_person, talked
from tests.sidecar.web.service import Service
from zammad_client.simulator.models.tickets import Ticket

ERIKA = 6


@contextmanager
def after_a_talk(service: Service) -> Iterator[httpx.Client]:
    with service.database.writing() as connection:
        add_person(connection, ERIKA, "Erika Mustermann")
    service.calls(talked(person_id=ERIKA, lasting=190.0))
    with service.signed_in(JANE) as browser:
        yield browser


def a_ticket(service: Service, title: str = "Question") -> Ticket:
    found = service.sim.tickets.find(service.sim.add_ticket(ERIKA, title=title)["id"])
    assert found is not None
    return found


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def send(service: Service, browser: httpx.Client, page: str, **fields: str) -> httpx.Response:
    """As a browser without script does."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    assert csrf is not None
    form = {"csrf": csrf[1], "key": key_in(page), "then": "leave", **fields}
    own = {"Origin": service.url.removesuffix("/sidecar")}
    return browser.post("/calls/1/note/save", data=form, headers=own)


def test_the_form_offers_open_tickets_of_the_customer_and_the_minutes_of_the_talk(service: Service) -> None:
    service.sim.ticketing.shown["time_accounting"] = True
    ticket = a_ticket(service, "Cable")
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
    assert f"#{ticket.number} Cable (open)" in page
    assert re.search(r'name="minutes"[^>]*value="4"', page)


def test_minutes_are_not_asked_for_where_time_accounting_is_off(service: Service) -> None:
    with after_a_talk(service) as browser:
        assert 'name="minutes"' not in browser.get("/calls/1/note").text


def test_a_note_is_written_as_the_agent_once_for_each_key(service: Service) -> None:
    ticket = a_ticket(service)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        for _ in range(2):
            answer = send(service, browser, page, note="Wants a cable.", ticket=str(ticket.id), then="close")
            assert answer.status_code == 303
        shown = browser.get("/calls/1/notes").text
    assert [(article.body, article.created_by_id) for article in ticket.articles] == [("Wants a cable.", JANE)]
    assert ticket.state_id == 4
    assert "Wants a cable." in shown
    assert f"Ticket #{ticket.number}" in shown


def test_tickets_that_the_agent_may_only_read_say_so_beforehand(service: Service) -> None:
    mine, theirs = a_ticket(service, "Cable"), a_ticket(service, "Invoice")
    jane = service.sim.people.find(JANE)
    assert jane is not None
    mine.group_id, theirs.group_id = 2, 1
    jane.group_ids, jane.read_only_group_ids = (2,), (1,)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
    assert re.search(rf'<option value="{theirs.id}" disabled>.*Invoice.*you may not write into Users', page)
    assert re.search(rf'<option value="{mine.id}" selected>.*Cable', page)


@pytest.mark.parametrize("written", ["-5", "1e9", "nan", "inf", "half", "1.234,5"])
def test_minutes_that_are_none_are_told_and_the_text_stays(service: Service, written: str) -> None:
    ticket = a_ticket(service)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        answer = send(service, browser, page, note="Wants a cable.", ticket=str(ticket.id), minutes=written)
    assert answer.status_code == 409
    assert "the minutes are no number from 0 to 1440" in answer.text
    assert "Wants a cable.</textarea>" in answer.text
    assert ticket.articles == []


@pytest.mark.parametrize(("written", "booked"), [("1,5", [1.5]), (" 2.5 ", [2.5]), ("0", []), ("", [])])
def test_minutes_have_a_point_or_a_comma(service: Service, written: str, booked: list[float]) -> None:
    service.sim.ticketing.shown["time_accounting"] = True
    ticket = a_ticket(service)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        send(service, browser, page, note="Wants a cable.", ticket=str(ticket.id), minutes=written)
    assert [each.units for each in ticket.booked] == booked


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b>5 > 3</b> & so on",
        "\N{RIGHT-TO-LEFT OVERRIDE}mirrored",
        "☎️ 👩‍👩‍👧",
        "null \0 byte",
    ],
    ids=["script", "markup", "right to left", "emoji", "null"],
)
def test_a_note_is_text_whatever_it_looks_like(service: Service, text: str) -> None:
    ticket = a_ticket(service, "<img src=x onerror=alert(1)>")
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        assert "<img" not in page
        send(service, browser, page, note=text, ticket=str(ticket.id))
        shown = browser.get("/calls/1/notes").text
    [article] = ticket.articles
    assert (article.body, article.content_type) == (text.replace("\0", "\N{REPLACEMENT CHARACTER}"), "text/plain")
    assert "<script>" not in shown
    assert service.sim.ticketing.mails == []


def test_a_text_that_is_too_long_is_not_cut(service: Service) -> None:
    ticket = a_ticket(service)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        answer = send(service, browser, page, note="x" * 10_001, ticket=str(ticket.id))
    assert "longer than 10,000 characters" in answer.text
    assert ticket.articles == []


def test_a_new_ticket_is_made_for_the_customer(service: Service) -> None:
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        send(service, browser, page, note="Wants a cable.", ticket="new", group="2", title="Cable", owner=str(MAX))
    [ticket] = service.sim.tickets.all()
    assert (ticket.title, ticket.group_id, ticket.customer_id, ticket.owner_id) == ("Cable", 2, ERIKA, MAX)


@pytest.mark.parametrize("written", ["{}", "#{}", " # {} ", "[Ticket#{}]", "Case#{}"])
def test_a_ticket_by_its_number(service: Service, written: str) -> None:
    ticket = a_ticket(service)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        send(service, browser, page, note="By number.", ticket="", number=written.format(ticket.number))
        assert "no ticket with this number" in send(service, browser, page, note="No.", number="99").text
    assert [article.body for article in ticket.articles] == ["By number."]


def test_what_zammad_refuses_stays_in_the_form(service: Service) -> None:
    ticket = a_ticket(service)
    with after_a_talk(service) as browser:
        page = browser.get("/calls/1/note").text
        service.sim.people.find(JANE).group_ids = ()  # type: ignore[union-attr]  # Jane is there
        answer = send(service, browser, page, note="Wants a cable.", ticket=str(ticket.id))
    assert answer.status_code == 409
    assert "Nothing was written. Zammad says:" in answer.text
    assert "Wants a cable.</textarea>" in answer.text
    assert key_in(answer.text) != key_in(page)


def test_without_zammad_the_form_stands(service: Service) -> None:
    with after_a_talk(service) as browser:
        service.sim.faults.next(50).fail(503)
        page = browser.get("/calls/1/note")
    assert page.status_code == 200
    assert "a number can be given all the same" in page.text


def test_nobody_writes_about_a_call_that_is_not_there(service: Service) -> None:
    with after_a_talk(service) as browser:
        assert browser.get("/calls/99/note").status_code == 404


def test_the_ticket_of_a_call_begun_with_a_click_is_chosen_already(service: Service) -> None:
    asked_for = a_ticket(service, "Cable")
    a_ticket(service, "Newer")
    with after_a_talk(service) as browser:
        with service.database.writing() as connection:
            connection.execute(insert(call_keys).values(key="session-1", conversation_id=1))
            click = Dialled(
                key="k", user_id=JANE, phone="e0", number="49301234567", begun_at=1.0, ticket_id=asked_for.id
            )
            begin_dialling(connection, click)
            settle_dialling(connection, "k", DialState.RINGING, session_id="session-1")
        page = browser.get("/calls/1/note").text
    assert f'<option value="{asked_for.id}" selected>#{asked_for.number} Cable' in page
    assert page.count("Cable (open)") == 1
    assert "Newer" in page
