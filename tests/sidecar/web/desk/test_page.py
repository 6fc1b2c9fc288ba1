"""My calls now, over HTTP."""

from __future__ import annotations

import re

import pytest

from tests.sidecar.store.calls.saved_calls import JANE, MAX, Seed, add_person, missed, talked
from tests.sidecar.web.changes import change
from tests.sidecar.web.desk.staff import JANE_DOE, LEA_KERN, MAX_ROE
from tests.sidecar.web.service import Service, Wanted


def shown(page: str) -> list[str]:
    return re.findall(r'data-card="(\d+)"', page)


def test_the_card_tells_of_the_calls_before_on_all_numbers_of_the_customer(service: Service) -> None:
    with service.database.writing() as connection:
        add_person(connection, 7, "Otto Müller")
    service.calls(
        talked(number="49891", person_id=7), talked(number="49892", person_id=7, agent=(MAX, "Max Roe")),
        talked(number="49301"), Seed(state="ringing", number="49892", person_id=7, agents=[JANE]),
    )  # fmt: skip
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        card = jane.get("/my-calls").text
        assert shown(card) == ["4"]
        assert re.findall(r'/calls/(\d+)">', card.partition("Calls before")[2]) == ["2", "1"]
        assert shown(max_roe.get("/").text) == ["2"]


def test_what_is_put_away_stays_away_on_every_page_of_this_person(service: Service) -> None:
    service.calls(missed(agents=[JANE, MAX]))
    with service.signed_in(JANE) as jane, service.signed_in(MAX) as max_roe:
        assert shown(jane.get("/").text) == ["1"]
        change(service, jane, "/my-calls/1/put-away")
        assert shown(jane.get("/").text) == []
        assert shown(max_roe.get("/").text) == ["1"]
        service.calls(missed(agents=[JANE]))
        assert shown(jane.get("/my-calls").text) == ["2"]


def test_who_is_free_is_told_of_every_agent(service: Service) -> None:
    service.staff(JANE_DOE, MAX_ROE, LEA_KERN)
    service.calls(
        Seed(state="answered", answered=3.0, agent=(JANE, "Jane Doe"), agents=[JANE], number="493012345678"),
    )
    with service.signed_in(MAX) as max_roe:
        page = max_roe.get("/").text
    assert re.findall(r'id="agent-(\d+)" data-doing="(\w+)"', page) == [("4", "talking"), ("11", "off"), ("5", "free")]
    assert "+49 30 12345678" in page.partition('id="agents"')[2].partition("</ul>")[0]


@pytest.mark.parametrize("wanted", [Wanted(restrict_to_own=True)])
def test_with_whom_somebody_talks_is_not_told_to_who_may_not_see_the_call(service: Service) -> None:
    service.staff(JANE_DOE, MAX_ROE)
    service.calls(
        Seed(state="answered", answered=3.0, agent=(JANE, "Jane Doe"), agents=[JANE], number="493012345678"),
    )
    with service.signed_in(MAX) as max_roe:
        agents = max_roe.get("/").text.partition('id="agents"')[2]
    assert 'data-doing="talking"' in agents
    assert "12345678" not in agents
