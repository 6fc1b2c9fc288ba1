"""Whatever order calls, agents and failures come in: one open ticket for each caller, and nothing told twice."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.store.database import Database
from tests.sidecar.store.calls.saved_calls import JANE
from tests.sidecar.tickets.office import ERIKA, ERIKAS, OTTO, OTTOS, SALES, SUPPORT, Office, some_office
from zammad_client.errors import ZammadError
from zammad_client.simulator.models.tickets import CLOSED, MERGED, Ticket

SERVICE_USER = 9
CALLERS = {"erika": (ERIKAS, ERIKA), "otto": (OTTOS, OTTO)}
PAUSES = st.sampled_from([20.0, 100.0, 200.0, 400.0])
STEPS = st.one_of(
    st.tuples(st.just("missed"), st.sampled_from(sorted(CALLERS)), st.sampled_from([SUPPORT, SALES])),
    st.tuples(st.just("talked"), st.sampled_from(sorted(CALLERS)), st.booleans()),
    st.tuples(st.sampled_from(["article", "owner", "close", "merge", "delete"]), st.integers(0, 3)),
    st.tuples(st.just("lost"), st.sampled_from(["/api/v1/tickets", "/api/v1/ticket_articles", "/api/v1/tickets/"])),
    st.just(("down",)),
    st.just(("crash",)),
)


class Witness:
    """Plays the steps and looks at Zammad after each."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.worked_on: set[int] = set()
        self.closed: set[int] = set()
        self.missed = 0

    async def play(self, step: tuple[object, ...], pause: float) -> None:
        match step:
            case ("missed", str(who), str(line)):
                number, person = CALLERS[who]
                self.office.missed(number, person, line=line)
                self.missed += 1
            case ("talked", str(who), bool(outbound)):
                number, person = CALLERS[who]
                self.office.talked(number, person, lasting=15.0, direction="out" if outbound else "in")
            case ("lost", str(path)):
                self.office.sim.faults.next(1).lose_answers(path=path)
            case ("down",):
                self.office.sim.faults.next(3).fail(503)
            case ("crash",):
                self.office.start_anew()
            case (str(act), int(which)) if ours := self.office.ours():
                self.by_person(act, ours[which % len(ours)])
        await self.settle(pause)
        self.look()

    def by_person(self, act: str, ticket: Ticket) -> None:
        office = self.office
        if ticket.state_id in {CLOSED, MERGED}:
            return
        match act:
            case "article":
                office.writes_article(ticket)
                self.worked_on.add(ticket.id)
            case "owner":
                office.by_person(ticket, owner_id=JANE)
                self.worked_on.add(ticket.id)
            case "close":
                office.by_person(ticket, state="closed")
                self.closed.add(ticket.id)
            case "merge":
                target = office.sim.tickets.find(office.sim.add_ticket(ticket.customer_id)["id"])
                assert target is not None
                office.sim.tickets.merge(ticket, target, by=JANE, now=office.now)
            case _:
                office.sim.tickets.remove(ticket)

    async def settle(self, pause: float) -> None:
        self.office.now += pause
        for _ in range(5):
            try:
                await self.office.tickets.round()
            except ZammadError:
                self.office.now += 10.0

    def look(self) -> None:
        tickets = self.office.all_tickets()
        assert max(Counter(ticket.customer_id for ticket in self.office.still_open()).values(), default=0) <= 1
        closed_by_us = {ticket.id for ticket in tickets if ticket.state_id == CLOSED} - self.closed
        assert not closed_by_us & self.worked_on
        articles = [
            article for ticket in tickets for article in ticket.articles if article.created_by_id == SERVICE_USER
        ]
        marks = [article.preferences["sidecar"] for article in articles]
        assert len(set(marks)) == len(marks), "nothing is written twice"
        assert sum(article.body.count("rang for") for article in articles) <= self.missed
        assert self.office.sim.ticketing.mails == []


@settings(max_examples=25)
@given(day=st.lists(st.tuples(STEPS, PAUSES), min_size=3, max_size=14))
def test_one_open_ticket_for_each_caller_and_nothing_twice(
    sqlite_template: Path, day: list[tuple[tuple[object, ...], float]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for file in (sqlite_template, sqlite_template.with_name("journal.db")):
            shutil.copy(file, folder)
        database = Database(f"sqlite:///{folder}/sidecar.db")
        try:
            with some_office(database) as office:
                anyio.run(_play, office, day)
        finally:
            database.close()


async def _play(office: Office, day: list[tuple[tuple[object, ...], float]]) -> None:
    witness = Witness(office)
    for step, pause in day:
        await witness.play(step, pause)
