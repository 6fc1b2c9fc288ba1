"""Articles of tickets: mails to customers, the number index, time accounted by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from zammad_client.simulator import Simulator

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

CALLED = {"subject": "Missed call", "body": "Rang for 20 s on +49 30 600987.", "type": "phone", "sender": "Customer"}
QUIETLY = {"preferences": {"send-auto-response": False, "sidecar": "missed-17"}}
NOTE = {"body": "Talked", "type": "phone", "sender": "Agent", "internal": True, "time_unit": "4"}


async def new_ticket(service: httpx.AsyncClient, **article: Any) -> Any:
    body = {"title": "t", "group": "Support", "customer_id": 6, "article": CALLED | article}
    answer = await service.post("/api/v1/tickets?expand=true", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def articles_of(service: httpx.AsyncClient, ticket_id: int) -> Any:
    return (await service.get(f"/api/v1/ticket_articles/by_ticket/{ticket_id}?expand=true")).json()


@pytest.mark.parametrize("internal", [True, False])
async def test_a_customers_phone_article_is_answered_by_mail(
    sim: Simulator, service: httpx.AsyncClient, *, internal: bool
) -> None:
    ticket = await new_ticket(service, internal=internal)
    [_, mail] = await articles_of(service, ticket["id"])
    assert (mail["type"], mail["sender"], mail["created_by_id"]) == ("email", "System", 1)
    assert [each.to for each in sim.ticketing.mails] == ["erika@mueller.example"]


async def test_nobody_is_mailed_where_the_article_says_so(sim: Simulator, service: httpx.AsyncClient) -> None:
    ticket = await new_ticket(service, **QUIETLY)
    [article] = await articles_of(service, ticket["id"])
    assert article["preferences"] == QUIETLY["preferences"]
    assert sim.ticketing.mails == []


async def test_a_number_in_the_first_article_becomes_perhaps_the_service_users(
    sim: Simulator, service: httpx.AsyncClient
) -> None:
    await new_ticket(service, **QUIETLY)
    [match] = sim.index.matches("4930600987")
    assert (match.level, match.user_id) == ("maybe", 9)


@pytest.mark.parametrize(
    ("version", "accounting", "status"), [("5.5", False, 201), ("6.5", True, 201), ("6.5", False, 403)]
)
async def test_time_in_an_article(sim: Simulator, service: httpx.AsyncClient, *, accounting: bool, status: int) -> None:
    """On 6.5 it is refused while time accounting is off, and the article stands (recording note_time_switched_off)."""
    sim.ticketing.shown["time_accounting"] = accounting
    ticket = await new_ticket(service, **QUIETLY)
    answer = await service.post("/api/v1/ticket_articles", json={"ticket_id": ticket["id"], **NOTE})
    assert answer.status_code == status
    assert len(await articles_of(service, ticket["id"])) == 2
    units = (await service.get(f"/api/v1/tickets/{ticket['id']}?expand=true")).json()["time_unit"]
    assert units == ("4.0" if status == 201 else None)


@pytest.mark.parametrize("version", ["6.5"])
async def test_time_by_itself_is_booked_once_for_each_article(sim: Simulator, service: httpx.AsyncClient) -> None:
    """Recordings time_create, time_create_again."""
    sim.ticketing.shown["time_accounting"] = True
    ticket = await new_ticket(service, **QUIETLY)
    path = f"/api/v1/tickets/{ticket['id']}/time_accountings"
    booking = {"time_unit": "4", "ticket_article_id": ticket["article_ids"][0]}
    assert (await service.post(path, json=booking)).status_code == 201
    again = await service.post(path, json=booking)
    assert (again.status_code, again.json()["error"]) == (422, "Ticket article has already been taken")


async def test_articles_of_a_merged_ticket_move_along(service: httpx.AsyncClient) -> None:
    source, target = await new_ticket(service, **QUIETLY), await new_ticket(service, **QUIETLY)
    await service.put(f"/api/v1/ticket_merge/{source['id']}/{target['number']}")
    article = (await service.get(f"/api/v1/ticket_articles/{source['article_ids'][0]}?expand=true")).json()
    assert article["ticket_id"] == target["id"]
    assert (await service.get(f"/api/v1/tickets/{source['id']}?expand=true")).json()["state"] == "merged"
