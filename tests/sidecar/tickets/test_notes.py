"""A call note becomes one article and one time entry, whatever is pressed twice, times out or crashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sidecar.store.database import Database
from sidecar.store.notes.notes import Afterwards, Draft, Note, notes_of
from sidecar.tickets.notes import CallNotes
from tests.sidecar.store.calls.saved_calls import JANE, MAX, NOON, add_calls, talked
from zammad_client import Zammad
from zammad_client.errors import ZammadRefusedError
from zammad_client.simulator import Simulator
from zammad_client.simulator.models.tickets import Ticket
from zammad_client.simulator.server import running

pytestmark = pytest.mark.anyio

ERIKA = 6


class Desk:
    """An agent who has talked with Erika; `now` is set by hand."""

    def __init__(self, sim: Simulator, zammad: Zammad, database: Database) -> None:
        self.sim, self.zammad, self.database = sim, zammad, database
        self.now = NOON
        self.ticket_id: int = sim.add_ticket(ERIKA)["id"]
        with database.writing() as connection:
            [self.call] = add_calls(connection, talked(person_id=ERIKA))
        self.start_anew()

    def start_anew(self) -> None:
        """As after a crash."""
        self.notes = CallNotes(
            zammad=self.zammad, database=self.database, clock=lambda: self.now, count=lambda *_: None, doubt=5.0
        )

    @property
    def draft(self) -> Draft:
        return Draft(
            key="k-1", conversation_id=self.call, author_id=JANE, author="Jane Doe", text="Wants a new cable.",
            ticket_id=self.ticket_id, minutes=4.0,
        )  # fmt: skip

    @property
    def ticket(self) -> Ticket:
        found = self.sim.tickets.find(self.ticket_id)
        assert found is not None
        return found

    async def try_again(self) -> None:
        self.now += 120
        await self.notes.deliver("k-1")

    def kept(self) -> list[Note]:
        with self.database.reading() as connection:
            return notes_of(connection, self.call)


@pytest.fixture(params=["5.2", "5.5", "6.5"])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["accounting", "no accounting"])
def desk(request: pytest.FixtureRequest, version: str, database: Database) -> Iterator[Desk]:
    sim = Simulator(version=version)
    sim.ticketing.shown["time_accounting"] = request.param
    with running(sim) as url:
        yield Desk(sim, Zammad(url=url, token=sim.tokens.service, verify=False, timeout=30.0), database)
        assert sim.ticketing.mails == []
        assert list(sim.not_simulated) == []


def has_time(desk: Desk) -> bool:
    """Up to 5.5 it is taken even while accounting is off; later it is refused, and the note stands."""
    return desk.sim.ticketing.time_accounting() or not desk.sim.version.time_accountings


def assert_once(desk: Desk) -> None:
    [article] = desk.ticket.articles
    assert (article.body, article.created_by_id, article.type_id, article.sender_id) == (
        "Wants a new cable.",
        JANE,
        5,
        1,
    )
    assert article.internal is True
    booked = [(each.units, each.article_id, each.created_by_id) for each in desk.ticket.booked]
    assert booked == ([(4.0, article.id, JANE)] if has_time(desk) else [])


async def test_a_note_with_time_is_written_as_the_agent(desk: Desk) -> None:
    note = await desk.notes.write(desk.draft)
    assert isinstance(note, Note)
    assert (note.ticket_number, note.done_at) == (desk.ticket.number, desk.now)
    assert (note.said is None) is has_time(desk)
    assert_once(desk)


async def test_a_double_click_writes_once(desk: Desk) -> None:
    await desk.notes.write(desk.draft)
    await desk.notes.write(replace(desk.draft, text="Wants a new cable, too."))
    assert_once(desk)


@pytest.mark.parametrize("path", ["/api/v1/ticket_articles", "/api/v1/tickets/", "/api/v1/signshow"])
async def test_an_answer_that_is_lost_doubles_nothing(desk: Desk, path: str) -> None:
    desk.sim.faults.next(1).lose_answers(path=path)
    await desk.notes.write(desk.draft)
    desk.start_anew()
    await desk.try_again()
    await desk.try_again()
    assert_once(desk)


async def test_a_note_waits_for_a_zammad_that_is_down(desk: Desk) -> None:
    desk.sim.faults.refuse()
    note = await desk.notes.write(desk.draft)
    assert isinstance(note, Note)
    assert note.done_at is None
    desk.sim.faults.clear()
    desk.start_anew()
    await desk.try_again()
    assert_once(desk)
    assert all(note.done_at for note in desk.kept())


async def test_a_new_ticket_is_made_once(desk: Desk) -> None:
    draft = replace(desk.draft, ticket_id=None, group_id=2, title="Cable", customer_id=ERIKA)
    desk.sim.faults.next(1).lose_answers(path="/api/v1/tickets")
    await desk.notes.write(draft)
    desk.start_anew()
    await desk.try_again()
    made = [ticket for ticket in desk.sim.tickets.all() if ticket.title == "Cable"]
    assert [(ticket.customer_id, ticket.created_by_id, len(ticket.articles)) for ticket in made] == [(ERIKA, JANE, 1)]
    assert len(made[0].booked) == (1 if has_time(desk) else 0)


@pytest.mark.parametrize("version", ["6.5"])
async def test_what_becomes_of_the_ticket(desk: Desk) -> None:
    desk.sim.ticketing.options["cti_outcome"] = ("sold", "not sold")
    draft = replace(
        desk.draft, afterwards=Afterwards.REMIND, remind_at=NOON + 86_400, owner_id=MAX, outcome="sold", visible=True
    )
    await desk.notes.write(draft)
    ticket = desk.ticket
    assert (ticket.state_id, ticket.pending_time, ticket.owner_id) == (3, "2026-11-23T12:00:00Z", MAX)
    assert ticket.extra == {"cti_outcome": "sold"}
    assert ticket.articles[0].internal is False
    await desk.notes.write(replace(desk.draft, key="k-2", afterwards=Afterwards.CLOSE))
    assert ticket.state_id == 4


@pytest.mark.parametrize("version", ["6.5"])
async def test_what_zammad_refuses_is_told_and_forgotten(desk: Desk) -> None:
    desk.sim.people.find(JANE).group_ids = ()  # type: ignore[union-attr]  # Jane is there
    refused = await desk.notes.write(desk.draft)
    assert isinstance(refused, ZammadRefusedError)
    assert refused.status == 403
    assert desk.kept() == []


@pytest.mark.parametrize("version", ["6.5"])
async def test_a_note_for_no_ticket_stays_here(desk: Desk) -> None:
    note = await desk.notes.write(replace(desk.draft, ticket_id=None))
    assert isinstance(note, Note)
    assert note.done_at is not None
    assert list(desk.sim.writes) == []


@pytest.mark.parametrize("version", ["6.5"])
@pytest.mark.parametrize(("unit", "booked"), [("hour", 0.07), ("quarter", 0.27), ("minute", 4.0)])
async def test_minutes_become_what_zammad_counts_in(desk: Desk, unit: str, booked: float) -> None:
    desk.sim.ticketing.shown |= {"time_accounting_unit": unit, "time_accounting": True}
    await desk.notes.write(desk.draft)
    assert [each.units for each in desk.ticket.booked] == [booked]
