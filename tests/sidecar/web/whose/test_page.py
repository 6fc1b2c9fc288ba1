"""The number of a call is given to a customer as the agent, asked about where others have it, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from sidecar.store.calls.visibility import SEES_ALL
from sidecar.store.missed.entries import open_missed
from sidecar.store.pages.audit import latest_deeds
from tests.sidecar.store.calls.saved_calls import JANE, MAX, add_organization, add_person, missed
from tests.sidecar.web.service import Service

ERIKA, OTTO = 6, 7
NUMBER = "493099800123"


@pytest.fixture
def jane(service: Service) -> Iterator[httpx.Client]:
    """Who looks at a missed call of a number that nobody is known for."""
    with service.database.writing() as connection:
        add_organization(connection, 2, "Bäckerei Müller GmbH")
        add_person(connection, ERIKA, "Erika Mustermann", 2)
        add_person(connection, OTTO, "Otto Müller", 2)
    service.calls(missed(number=NUMBER))
    with service.signed_in(JANE) as browser:
        yield browser


def send(service: Service, browser: httpx.Client, deed: str, **fields: str) -> httpx.Response:
    """As a browser without script does."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/calls/1/whose").text)
    assert csrf is not None
    own = {"Origin": service.url.removesuffix("/sidecar")}
    return browser.post(f"/calls/1/whose/{deed}", data={"csrf": csrf[1], **fields}, headers=own)


def name_of_the_missed_call(service: Service) -> str | None:
    with service.database.reading() as connection:
        [entry] = open_missed(connection, SEES_ALL)
    return entry.person


def test_customers_are_found_by_parts_of_their_name_or_organization(jane: httpx.Client) -> None:
    found = jane.get("/calls/1/whose", params={"q": "müller otto"}).text
    assert "Otto Müller" in found
    assert "Erika Mustermann" not in found
    assert "Erika Mustermann" in jane.get("/calls/1/whose", params={"q": "bäckerei"}).text


def test_the_number_is_written_as_the_agent_and_the_missed_call_bears_the_name(
    service: Service, jane: httpx.Client
) -> None:
    assert "Whose number is it?" in jane.get("/calls/1").text
    answer = send(service, jane, "give", person=str(ERIKA))
    assert "Erika Mustermann" in answer.text
    assert service.sim.user(ERIKA)["cti_more_numbers"] == "+49 30 99800123"
    assert service.sim.user(ERIKA)["updated_by_id"] == JANE
    assert name_of_the_missed_call(service) == "Erika Mustermann"
    assert "Whose number is it?" not in jane.get("/calls/1").text


def test_it_is_taken_back_and_the_audit_keeps_both(service: Service, jane: httpx.Client) -> None:
    send(service, jane, "give", person=str(ERIKA))
    undone = send(service, jane, "undo", person=str(ERIKA))
    assert "Erika Mustermann stays in Zammad." in undone.text
    assert service.sim.user(ERIKA)["cti_more_numbers"] == ""
    assert name_of_the_missed_call(service) is None
    with service.database.reading() as connection:
        assert [deed.what for deed in latest_deeds(connection)] == ["number_taken_back", "number_given"]


def test_the_second_of_two_agents_is_asked_first(service: Service, jane: httpx.Client) -> None:
    send(service, jane, "give", person=str(ERIKA))
    with service.signed_in(MAX) as max_roe:
        asked = send(service, max_roe, "give", person=str(OTTO))
        assert asked.status_code == 409
        assert "is the number of Erika Mustermann as well." in asked.text
        assert NUMBER not in str(service.sim.user(OTTO))
        send(service, max_roe, "give", person=str(OTTO), sure="yes")
    assert "+49 30 99800123" in service.sim.user(OTTO)["cti_more_numbers"]


def test_what_agents_give_at_once_is_one_result_and_the_second_is_asked(service: Service, jane: httpx.Client) -> None:
    """On two replicas, as far as the database can tell: nothing in memory holds the second one back."""
    names = ("Ada Vogel", "Mia Vogel")
    with service.signed_in(MAX) as max_roe, ThreadPoolExecutor(2) as threads:
        sent = [
            threads.submit(send, service, browser, "give", firstname=name.split()[0], lastname="Vogel")
            for browser, name in zip((jane, max_roe), names, strict=True)
        ]
        answers = [each.result() for each in sent]
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    told = next(answer.text for answer in answers if answer.status_code == 409)
    [made] = [each for each in service.sim.people.newest_first() if each.fullname in names]
    assert f"is the number of {made.fullname} as well." in told


def test_a_new_customer_is_made_with_the_number(service: Service, jane: httpx.Client) -> None:
    assert "needs a last name" in send(service, jane, "give", lastname="").text
    assert "no organization of this name" in send(service, jane, "give", lastname="Vogel", organization="Nobody").text
    send(service, jane, "give", firstname="Mia", lastname="Vogel", organization="bäckerei müller gmbh")
    made = next(service.sim.people.newest_first())
    assert (made.fullname, made.phone, made.organization_id) == ("Mia Vogel", "+49 30 99800123", 2)
    assert name_of_the_missed_call(service) == "Mia Vogel"


def test_what_zammad_refuses_is_told(service: Service, jane: httpx.Client) -> None:
    service.sim.faults.next(1).refuse_masked(path="/api/v1/users/6")
    service.sim.faults.next(1).refuse_masked(path="/api/v1/users/6")
    answer = send(service, jane, "give", person=str(ERIKA))
    assert answer.status_code == 409
    assert "Zammad says:" in answer.text
