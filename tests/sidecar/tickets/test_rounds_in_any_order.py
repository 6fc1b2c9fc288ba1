"""In whatever order things happen: one open ticket a caller, nobody's work is closed, nothing is told twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import anyio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select

from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database
from sidecar.store.missed.callbacks.tables import callbacks
from sidecar.store.missed.tables import missed_calls
from sidecar.store.people.tables import people
from tests.sidecar.store.calls.saved_calls import JANE, MAX
from tests.sidecar.tickets.office import ERIKA, ERIKAS, OTTO, SALES, STRANGERS, SUPPORT, Office, some_office
from zammad_client.errors import ZammadError
from zammad_client.simulator.models.tickets import CLOSED, MERGED, PENDING, Ticket

GRACE, QUIET = 180.0, 300.0
CALLERS: Mapping[str, int | None] = {ERIKAS: ERIKA, STRANGERS: None}
ENDED = {CLOSED, MERGED}
MOBILE = "491701234567"  # Erika's as well


@dataclass(slots=True)
class Account:
    """What people have done with tickets, by id: what we must leave alone."""

    worked_on: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    reopened: set[int] = field(default_factory=set)

    def of_persons(self, ticket: Ticket) -> bool:
        return ticket.id in self.worked_on


Doing = Callable[[Office, Account], None]


def phone(number: str, *, line: str = SUPPORT, talk: str = "") -> Doing:
    def call(office: Office, _account: Account) -> None:
        person = ERIKA if number == MOBILE else CALLERS[number]
        office.now += 75
        if talk:
            office.talked(number, person, direction=talk)
        else:
            office.missed(number, person, line=line)

    return call


def work(change: Callable[[Office, Account, Ticket], None], *, ended: bool = False) -> Doing:
    """On the newest of our tickets, if there is such a one."""

    def done(office: Office, account: Account) -> None:
        found = [each for each in office.ours() if (each.state_id in ENDED) is ended and each.state_id != MERGED]
        if found:
            change(office, account, found[-1])

    return done


def writes(office: Office, account: Account, ticket: Ticket) -> None:
    office.writes_article(ticket)
    account.worked_on.add(ticket.id)


def owns(office: Office, account: Account, ticket: Ticket) -> None:
    office.by_person(ticket, owner_id=MAX)
    account.worked_on.add(ticket.id)


def is_reminded(office: Office, account: Account, ticket: Ticket) -> None:
    office.by_person(ticket, state="pending reminder", pending_time="2027-01-01T10:00:00Z")
    account.worked_on.add(ticket.id)


def closes(office: Office, account: Account, ticket: Ticket) -> None:
    office.by_person(ticket, state="closed")
    account.closed.add(ticket.id)


def reopens(office: Office, account: Account, ticket: Ticket) -> None:
    office.by_person(ticket, state="open")
    account.closed.discard(ticket.id)
    account.reopened.add(ticket.id)


def merges(office: Office, account: Account, ticket: Ticket) -> None:
    """Not before we have heard of it: nothing in Zammad tells then that it was ours."""
    with office.database.reading() as connection:
        known = connection.execute(select(callbacks.c.ticket_id)).scalars().all()
    if ticket.id not in known:
        return
    target = office.sim.tickets.find(office.sim.add_ticket(OTTO)["id"])
    assert target is not None
    office.sim.tickets.merge(ticket, target, by=JANE, now=office.now)
    account.worked_on.add(target.id)


def deletes(office: Office, _account: Account, ticket: Ticket) -> None:
    office.sim.tickets.remove(ticket)


def moves(office: Office, _account: Account, ticket: Ticket) -> None:
    office.by_person(ticket, group_id=3 - ticket.group_id)


def gives_to_another_customer(office: Office, _account: Account, ticket: Ticket) -> None:
    office.by_person(ticket, customer_id=OTTO)


def waits(seconds: float) -> Doing:
    def wait(office: Office, _account: Account) -> None:
        office.now += seconds

    return wait


def loses(path: str) -> Doing:
    """Zammad does what it is asked next, and nobody hears of it."""
    return lambda office, _account: office.sim.faults.next(1).lose_answers(path=path)


DOINGS: Mapping[str, Doing] = {
    "missed": phone(ERIKAS),
    "missed on a mobile": phone(MOBILE),
    "missed on another line": phone(ERIKAS, line=SALES),
    "missed from a stranger": phone(STRANGERS),
    "called back": phone(ERIKAS, talk="out"),
    "talked": phone(MOBILE, talk="in"),
    "stranger called back": phone(STRANGERS, talk="out"),
    "article": work(writes),
    "owner": work(owns),
    "reminder": work(is_reminded),
    "closed": work(closes),
    "reopened": work(reopens, ended=True),
    "merged": work(merges),
    "deleted": work(deletes),
    "moved": work(moves),
    "other customer": work(gives_to_another_customer),
    "restart": lambda office, _account: office.start_anew(),
    "down": lambda office, _account: office.sim.faults.refuse(),
    "up": lambda office, _account: office.sim.faults.clear(),
    "lost ticket": loses("/api/v1/tickets"),
    "lost article": loses("/api/v1/ticket_articles"),
    "lost close": loses("/api/v1/tickets/"),
    "a moment": waits(5),
    "the grace": waits(GRACE + 1),
    "the window": waits(QUIET + 1),
}


async def go_on(office: Office, *, after: float = 0.0) -> None:
    """As the loop does: an error is waited out."""
    with suppress(ZammadError):
        await office.settle(after=after)


def assert_right(office: Office, account: Account) -> None:
    marks = Counter(
        mark for ticket in office.all_tickets() for each in ticket.articles if (mark := each.preferences.get("sidecar"))
    )
    assert [mark for mark, times in marks.items() if times > 1] == [], "an article too many"
    for ticket in office.ours():
        closed_by_us = ticket.state_id == CLOSED and ticket.id not in account.closed
        assert not (closed_by_us and account.of_persons(ticket)), "the ticket of a person was closed"
    still_open = [each for each in office.still_open() if each.id not in account.reopened]
    titles = Counter(ticket.title.split("(")[0] for ticket in still_open)
    assert [title for title, count in titles.items() if count > 1] == [], "two open tickets of one caller"
    assert office.sim.ticketing.mails == []


async def play(office: Office, names: list[str]) -> None:
    account = Account()
    await go_on(office)
    for name in names:
        DOINGS[name](office, account)
        await go_on(office)
        assert_right(office, account)
    office.sim.faults.clear()
    office.start_anew()
    await go_on(office, after=70)
    for number, person in CALLERS.items():
        await ends_well(office, account, number, person)


async def ends_well(office: Office, account: Account, number: str, person: int | None) -> None:
    """One more missed call is told somewhere where it is seen, and a talk is heard of."""
    office.now += 75
    call = office.missed(number, person)
    for _ in range(3):
        await go_on(office, after=QUIET + GRACE)
        assert_right(office, account)
    seen = [
        ticket
        for ticket in office.all_tickets()
        if ticket.state_id not in ENDED and any(article.body.endswith(f"/calls/{call}") for article in ticket.articles)
    ]
    assert len(seen) == 1, "the last call is told once, in an open ticket"
    office.now += 75
    office.talked(number, person, direction="out")
    for _ in range(2):
        await go_on(office, after=60)
    assert_right(office, account)
    [ticket] = seen
    left_open = ticket.owner_id != 1 or ticket.state_id in PENDING or account.of_persons(ticket)
    assert (ticket.state_id == CLOSED) is not left_open


def emptied(database: Database) -> None:
    with database.writing() as connection:
        for table in (callbacks, missed_calls, conversations, people):
            connection.execute(delete(table))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(names=some.lists(some.sampled_from(sorted(DOINGS)), min_size=4, max_size=14))
def test_any_order_ends_with_one_ticket_for_each_caller(database: Database, names: list[str]) -> None:
    emptied(database)
    with some_office(database) as office:
        office.sim.add_user(lastname="Unknown caller", login="sipgate-unknown-caller")
        anyio.run(play, office, names)
