"""An office whose missed calls become tickets: calls, people in Zammad, and a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from sidecar.config.sections import Tickets
from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database
from sidecar.tickets.rounds import CallbackTickets, RoundLimits
from tests.sidecar.store.calls.saved_calls import JANE, NOON, add_calls, add_person, change_call, missed, talked
from zammad_client import Zammad
from zammad_client.simulator import Simulator
from zammad_client.simulator.endpoints.tickets import change_ticket
from zammad_client.simulator.models.tickets import Ticket
from zammad_client.simulator.server import running

ERIKA, OTTO = 6, 7
ERIKAS, OTTOS, STRANGERS = "4930998001", "4930998002", "4930998003"
SUPPORT, SALES = "4930600001", "4930600002"
LINES = "+49 30 600001"
DOUBT = 5.0


@dataclass(slots=True)
class Office:
    """`now` is the time of the sidecar and of Zammad."""

    sim: Simulator
    zammad: Zammad
    database: Database
    settings: Tickets = field(default_factory=Tickets)
    now: float = NOON
    counted: list[tuple[str, str]] = field(default_factory=list)
    fate: Callable[[str], None] = lambda _where: None  # raises where the process dies
    tickets: CallbackTickets = field(init=False)

    def __post_init__(self) -> None:
        self.start_anew()

    def start_anew(self, *, holder: str = "this one") -> None:
        """As after a crash: whatever a process held in memory is gone."""
        self.tickets = CallbackTickets(
            zammad=self.zammad,
            database=self.database,
            tickets=self.settings,
            country="DE",
            story=self._story,
            holder=holder,
            clock=self._look_at_the_clock,
            count=lambda what, outcome: self.counted.append((str(what), outcome)),
            limits=RoundLimits(doubt=DOUBT),
        )

    def _story(self, call_id: int) -> str:
        """Asked for once a step is written down, before it is taken."""
        self.fate("about to write")
        return f"https://zammad.example/sidecar/calls/{call_id}"

    def _look_at_the_clock(self) -> float:
        """Looked at after each answer of Zammad, before what came of it is written down."""
        self.fate("")
        return self.now

    def missed(self, number: str = ERIKAS, person: int | None = ERIKA, *, line: str = SUPPORT, **more: Any) -> int:
        """A call that has just been missed after 20 s."""
        seed = missed(number=number, person_id=person, line=line, started_at=self.now - 20.0, **more)
        with self.database.writing() as connection:
            return add_calls(connection, seed, now=self.now)[0]

    def talked(self, number: str = ERIKAS, person: int | None = ERIKA, *, lasting: float = 60.0, **more: Any) -> int:
        """A talk that has just ended."""
        answered = self.now - lasting
        seed = talked(number=number, person_id=person, started_at=answered - 8.0, lasting=lasting, **more)
        with self.database.writing() as connection:
            return add_calls(connection, seed, now=self.now)[0]

    def calls(self, state: str, number: str = ERIKAS, person: int | None = ERIKA, **more: Any) -> int:
        """One that is going on."""
        answered = 0.0 if state == "answered" else None
        seed = talked(
            number=number, person_id=person, state=state, started_at=self.now, answered=answered, lasting=None, **more
        )
        with self.database.writing() as connection:
            return add_calls(connection, seed, now=self.now)[0]

    def ends(self, call: int, number: str = ERIKAS, person: int | None = ERIKA, *, began: float, **more: Any) -> None:
        seed = talked(number=number, person_id=person, started_at=began, answered=0.0, lasting=self.now - began, **more)
        with self.database.writing() as connection:
            change_call(connection, call, seed, now=self.now)

    def is_found_to_be(self, call: int, number: str, person: int) -> None:
        """Whose a missed call was is known later, as after somebody was given the number."""
        with self.database.writing() as connection:
            kept = connection.execute(select(conversations).where(conversations.c.id == call)).one()
            seed = missed(number=number, person_id=person, line=kept.line, started_at=kept.started_at)
            change_call(connection, call, seed, now=self.now)

    async def settle(self, *, after: float = 0.0) -> None:
        """Time passes, then everything that is due is done."""
        self.now += after
        for _ in range(8):
            await self.tickets.round()

    def all_tickets(self) -> list[Ticket]:
        return list(self.sim.tickets.all())

    def ours(self) -> list[Ticket]:
        return [ticket for ticket in self.sim.tickets.all() if "callback" in ticket.tags]

    def still_open(self) -> list[Ticket]:
        return [ticket for ticket in self.ours() if ticket.state_id not in {4, 5}]

    def by_person(self, ticket: Ticket, *, agent: int = JANE, **changes: Any) -> None:
        with self.sim.lock:
            change_ticket(self.sim, ticket, changes, by=agent)

    def writes_article(self, ticket: Ticket, *, agent: int = JANE) -> None:
        fields = {"subject": None, "body": "I look into it.", "content_type": "text/plain", "type_id": 10,
                  "sender_id": 1, "internal": True, "author": "Jane Doe"}  # fmt: skip
        with self.sim.lock:
            self.sim.tickets.add_article(ticket, fields, by=agent, now=self.now)


@contextmanager
def some_office(database: Database, *, version: str = "6.5", lines: str = LINES, **settings: Any) -> Iterator[Office]:
    clock: list[Office] = []
    sim = Simulator(version=version, clock=lambda: clock[0].now if clock else NOON)
    sim.change_group(2, cti_callbacks=lines)
    with running(sim) as url:
        zammad = Zammad(url=url, token=sim.tokens.service, verify=False, timeout=30.0)
        with database.writing() as connection:
            add_person(connection, ERIKA, "Erika Mustermann")
            add_person(connection, OTTO, "Otto Müller")
        office = Office(sim, zammad, database, Tickets(**settings))
        clock.append(office)
        yield office
