"""Tickets as the client asks for them, against the simulator of each version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.simulator import Simulator
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

ARTICLE = {"subject": "Missed call", "body": "Rang.", "type": "phone", "sender": "Customer",
           "preferences": {"send-auto-response": False, "sidecar": "k-1"}}  # fmt: skip
TICKET = {"title": "Missed call", "group": "Support", "customer_id": 6, "article": ARTICLE, "tags": "callback"}


@pytest.fixture(params=["5.2", "5.5", "6.5"])
def sim(request: pytest.FixtureRequest) -> Simulator:
    return Simulator(version=request.param)


@pytest.fixture
def zammad(sim: Simulator) -> Iterator[Zammad]:
    with running(sim) as url:
        yield Zammad(url=url, token=sim.tokens.service, verify=False)


async def test_a_mark_in_an_article_is_found_again(zammad: Zammad) -> None:
    ticket = await zammad.tickets.create(TICKET)
    [article] = await zammad.tickets.articles(ticket.id)
    assert (article.mark, article.author_id) == ("k-1", 9)
    assert await zammad.tickets.article(ticket.article_ids[0]) == article


async def test_groups_are_read_in_every_version(sim: Simulator, zammad: Zammad) -> None:
    sim.change_group(2, cti_callbacks="+49 30 600*")
    groups = await zammad.tickets.groups()
    assert {group.id: group.texts.get("cti_callbacks") for group in groups} == {1: None, 2: "+49 30 600*"}


async def test_the_form_tells_groups_and_mandatory_fields_where_it_does(sim: Simulator, zammad: Zammad) -> None:
    sim.ticketing.mandatory = {"product"}
    form = await zammad.tickets.form()
    if sim.version.ticket_form_tells:
        assert form.group_ids == frozenset({1, 2})
        assert "product" in form.mandatory
    else:
        assert (form.group_ids, form.mandatory) == (None, frozenset())


async def test_time_is_booked_by_itself_where_there_is_a_request_for_it(sim: Simulator, zammad: Zammad) -> None:
    sim.ticketing.shown["time_accounting"] = True
    ticket = await zammad.tickets.create(TICKET)
    by_itself = await zammad.tickets.books_time_by_itself()
    assert by_itself is sim.version.time_accountings
    if by_itself:
        [article_id] = ticket.article_ids
        await zammad.tickets.book_time(ticket.id, article_id=article_id, units="4", on_behalf_of="4")
        with pytest.raises(ZammadRefusedError, match="already been taken"):
            await zammad.tickets.book_time(ticket.id, article_id=article_id, units="4", on_behalf_of="4")


async def test_groups_that_may_only_be_read_are_told_apart_where_roles_are_shown(
    sim: Simulator, zammad: Zammad
) -> None:
    jane = sim.people.find(4)
    assert jane is not None
    jane.group_ids, jane.read_only_group_ids = (2,), (1,)
    rights = await zammad.tickets.rights_of(4)
    assert rights.changes == frozenset({2})
    assert (rights.forbid(1), rights.forbid(2)) == (sim.version.groups_for_agents, False)


async def test_states_and_settings_for_everybody_are_read(sim: Simulator, zammad: Zammad) -> None:
    sim.ticketing.shown["timezone_default"] = "Europe/Berlin"
    types = {state.name: state.type_id for state in await zammad.tickets.states()}
    assert (types["new"], types["closed"], types["merged"]) == (1, 5, 6)
    assert (await zammad.shown_settings())["timezone_default"] == "Europe/Berlin"
