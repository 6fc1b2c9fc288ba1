"""The customer's open tickets on the card and the story."""

from __future__ import annotations

from tests.sidecar.store.calls.saved_calls import JANE, add_person, talked
from tests.sidecar.web.service import Service

OTTO = 7


def a_ticket(service: Service, title: str, *, customer_id: int = OTTO, state: int = 2) -> None:
    values = {
        "title": title, "group_id": 1, "customer_id": customer_id, "state_id": state, "priority_id": 2,
        "organization_id": None,
    }  # fmt: skip
    service.sim.tickets.add(values, by=JANE, now=service.sim.now())


def test_the_newest_five_open_ones_of_the_certain_customer_and_how_many_more(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, OTTO, "Otto Müller")
    for number in range(7):
        a_ticket(service, f"Bread {number}")
    a_ticket(service, "Closed", state=4)
    a_ticket(service, "Of somebody else", customer_id=6)
    service.calls(talked(person_id=OTTO), talked())
    with service.signed_in(JANE) as browser:
        shown, of_nobody = (browser.get(f"/calls/{call}/tickets").text for call in (1, 2))
    assert shown.count("/go?ticket=") == 5
    assert "Bread 6" in shown
    assert "and 2 more" in shown
    assert "Closed" not in shown
    assert "somebody else" not in shown
    assert "No open ticket." in of_nobody


def test_the_page_stands_without_them_where_zammad_is_down(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, OTTO, "Otto Müller")
    service.calls(talked(person_id=OTTO))
    with service.signed_in(JANE) as browser:
        service.sim.faults.next(50).fail(503)
        assert "Otto Müller" in browser.get("/my-calls").text
        answer = browser.get("/calls/1/tickets")
    assert answer.status_code == 200
    assert "Zammad does not say which tickets are open." in answer.text
