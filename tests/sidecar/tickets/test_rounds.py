"""From missed calls to tickets: one for each caller, repeats told, a talk closes it, whatever fails in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sidecar.store.calls.visibility import Viewer
from sidecar.store.database import Database
from sidecar.store.missed import acts
from sidecar.store.missed.callbacks.cases import active_callbacks
from sidecar.store.missed.entries import open_missed
from tests.sidecar.store.calls.saved_calls import JANE, MAX
from tests.sidecar.tickets.office import ERIKA, ERIKAS, OTTO, OTTOS, SALES, STRANGERS, Office, some_office
from zammad_client.errors import ZammadError
from zammad_client.simulator.models.recognition import numbers_of

pytestmark = pytest.mark.anyio

GRACE, QUIET = 180.0, 300.0


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with some_office(database) as office:
        yield office
        assert office.sim.ticketing.mails == [], "nothing is ever mailed to a customer"
        assert list(office.sim.not_simulated) == []


async def test_a_missed_call_becomes_a_ticket_after_the_grace(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE - 1)
    assert office.ours() == []
    await office.settle(after=2)
    [ticket] = office.ours()
    assert ticket.title == "Missed call from Erika Mustermann (+49 30 998001)"
    assert (ticket.customer_id, ticket.group_id, ticket.state_id, ticket.tags) == (ERIKA, 2, 1, ["sipgate", "callback"])
    [article] = ticket.articles
    assert (article.type_id, article.sender_id, article.internal) == (5, 2, False)
    assert article.preferences["send-auto-response"] is False


async def test_the_first_article_tells_every_attempt_and_no_number_that_zammad_would_take_for_one(
    office: Office,
) -> None:
    office.missed()
    office.now += 60
    office.missed()
    await office.settle(after=GRACE)
    [ticket] = office.ours()
    body = ticket.articles[0].body
    assert body.count("rang for 20 secs") == 2
    assert "https://zammad.example/sidecar/calls/2" in body
    assert numbers_of([body]) == {}


async def test_five_missed_calls_of_one_caller_are_one_ticket_and_five_attempts(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    for _ in range(4):
        office.missed()
        await office.settle(after=20)
    [ticket] = office.ours()
    assert len(ticket.articles) == 1, "repeats within five minutes wait for their end"
    await office.settle(after=QUIET)
    first, repeats = ticket.articles
    assert "called again 4 times, 5 times in all" in repeats.body
    assert (first.body + repeats.body).count("rang for 20 secs") == 5


async def test_a_repeat_after_the_window_is_told_at_once(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    await office.settle(after=QUIET + 1)
    office.missed(line=SALES)
    await office.settle()
    [ticket] = office.ours()
    assert len(ticket.articles) == 2
    assert "called again, 2 times in all" in ticket.articles[1].body


async def test_a_talk_is_told_and_closes_the_ticket(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    office.now += 100
    office.talked(direction="out", lasting=75.0)
    await office.settle()
    [ticket] = office.ours()
    talk = ticket.articles[-1]
    assert ticket.state_id == 4
    assert (talk.type_id, talk.sender_id, talk.internal) == (10, 1, True)
    assert "Jane Doe called Erika Mustermann" in talk.body
    assert "talked for 1 min 15 secs" in talk.body


async def test_repeats_before_a_talk_are_told_with_it(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    office.missed()
    await office.settle(after=100)
    office.talked()
    await office.settle()
    [ticket] = office.ours()
    assert [article.type_id for article in ticket.articles] == [5, 10]
    assert "called again, 2 times in all" in ticket.articles[1].body


async def test_a_talk_within_the_grace_makes_no_ticket(office: Office) -> None:
    office.missed()
    await office.settle(after=100)
    office.talked()
    await office.settle(after=GRACE)
    assert office.all_tickets() == []


async def test_a_talk_that_is_going_on_at_the_end_of_the_grace_is_waited_for(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE - 3)
    began, call = office.now, office.calls("answered", direction="out")
    await office.settle(after=60)
    assert office.all_tickets() == []
    office.ends(call, began=began, direction="out")
    await office.settle()
    assert office.all_tickets() == []


async def test_a_ticket_stays_open_until_the_talk_is_over(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    began, call = office.now, office.calls("answered")
    await office.settle(after=60)
    [ticket] = office.ours()
    assert ticket.state_id == 1
    office.ends(call, began=began)
    await office.settle()
    assert ticket.state_id == 4


async def test_after_a_ticket_is_closed_a_missed_call_begins_anew(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    office.by_person(office.ours()[0], state="closed")
    await office.settle(after=70)
    office.missed()
    await office.settle(after=10)
    assert len(office.ours()) == 1
    await office.settle(after=GRACE)
    first, second = office.ours()
    assert (first.state_id, len(first.articles), second.state_id) == (4, 1, 1)


async def test_several_numbers_of_one_person_are_one_caller(office: Office) -> None:
    office.missed()
    office.missed("491701234567")
    await office.settle(after=GRACE + 1)
    assert len(office.ours()) == 1


async def test_callers_have_tickets_of_their_own(office: Office) -> None:
    office.missed()
    office.missed(OTTOS, OTTO)
    await office.settle(after=GRACE + 1)
    assert [ticket.customer_id for ticket in office.ours()] == [ERIKA, OTTO]


async def test_unknown_callers_are_collected_by_one_customer(office: Office) -> None:
    office.missed(STRANGERS, None)
    await office.settle(after=GRACE + 1)
    assert office.all_tickets() == [], "there is nobody to collect them"
    collector = office.sim.add_user(lastname="Unknown caller", login="sipgate-unknown-caller")
    await office.settle(after=61)
    [ticket] = office.ours()
    assert ticket.customer_id == collector["id"]
    assert ticket.title == "Missed call from +49 30 998003"


@pytest.mark.parametrize(
    "call",
    [
        {"number": None, "person": None},
        {"internal": True},
        {"test": True},
        {"line": SALES},
        {"person": None, "extra": {"certainty": "internal"}},
    ],
    ids=["withheld", "internal", "test", "other line", "agent"],
)
async def test_no_ticket_for(office: Office, call: dict[str, object]) -> None:
    office.missed(**call)  # type: ignore[arg-type]  # a table of keyword arguments
    await office.settle(after=GRACE + 1)
    assert office.all_tickets() == []


async def test_an_entry_closed_by_hand_makes_no_ticket(office: Office) -> None:
    office.missed()
    await office.settle()
    with office.database.writing() as connection:
        [entry] = open_missed(connection, Viewer(user_id=1))
        jane = acts.Actor(id=JANE, name="Jane Doe")
        assert acts.close(connection, entry.id, jane, version=entry.version, now=office.now)
    await office.settle(after=GRACE + 1)
    assert office.all_tickets() == []


WORK = [
    ("an article", lambda office, ticket: office.writes_article(ticket)),
    ("an owner", lambda office, ticket: office.by_person(ticket, owner_id=MAX)),
    (
        "a reminder",
        lambda office, ticket: office.by_person(ticket, state="pending reminder", pending_time="2027-01-01T10:00:00Z"),
    ),
]


@pytest.mark.parametrize(("_what", "work"), WORK, ids=[what for what, _ in WORK])
async def test_a_ticket_that_a_person_works_on_is_told_of_the_talk_and_stays_open(
    office: Office, _what: str, work: object
) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    [ticket] = office.ours()
    work(office, ticket)  # type: ignore[operator]  # a table of functions
    office.now += 100
    office.talked()
    await office.settle()
    office.now += 100
    office.talked()
    await office.settle()
    assert ticket.state_id != 4
    assert [article.type_id for article in ticket.articles if article.created_by_id == 9] == [5, 10]


async def test_a_merged_ticket_is_followed_and_never_closed_by_us(office: Office) -> None:
    target_id = office.sim.add_ticket(ERIKA)["id"]
    office.missed()
    await office.settle(after=GRACE + 1)
    [source], target = office.ours(), office.sim.tickets.find(target_id)
    assert target is not None
    office.sim.tickets.merge(source, target, by=JANE, now=office.now)
    await office.settle(after=QUIET)
    office.missed()
    await office.settle()
    office.now += 100
    office.talked()
    await office.settle()
    assert [article.type_id for article in target.articles] == [5, 5, 10]
    assert target.state_id == 2


async def test_a_deleted_ticket_is_let_go(office: Office) -> None:
    office.missed()
    await office.settle(after=GRACE + 1)
    office.sim.tickets.remove(office.ours()[0])
    await office.settle(after=QUIET)
    office.missed()
    await office.settle(after=GRACE + 1)
    assert len(office.ours()) == 1


async def test_a_refused_ticket_is_kept_with_what_zammad_says_and_tried_again_once_that_changes(
    office: Office,
) -> None:
    office.sim.ticketing.mandatory = {"product"}
    office.missed()
    await office.settle(after=GRACE + 1)
    assert office.all_tickets() == []
    with office.database.reading() as connection:
        [callback] = active_callbacks(connection, now=office.now)
    assert callback.refused is not None
    office.sim.ticketing.mandatory = set()
    await office.settle(after=61)
    assert len(office.ours()) == 1


async def test_calls_left_out_for_want_of_a_right_become_tickets_once_it_is_given(office: Office) -> None:
    office.sim.change_group(1, cti_callbacks=SALES)
    service_user = office.sim.people.find(9)
    assert service_user is not None
    service_user.group_ids = (2,)
    office.missed(line=SALES)
    await office.settle(after=GRACE + 1)
    assert office.all_tickets() == []
    service_user.group_ids = (1, 2)
    await office.settle(after=61)
    assert [ticket.group_id for ticket in office.ours()] == [1]


async def test_two_numbers_found_to_be_one_customers_are_both_closed_by_a_talk(office: Office) -> None:
    office.sim.add_user(lastname="Unknown caller", login="sipgate-unknown-caller")
    calls = [office.missed(number, None) for number in (STRANGERS, OTTOS)]
    await office.settle(after=GRACE + 1)
    assert len(office.still_open()) == 2
    for call, number in zip(calls, (STRANGERS, OTTOS), strict=True):
        office.is_found_to_be(call, number, ERIKA)
    office.missed(ERIKAS)
    office.now += 100
    office.talked(STRANGERS, direction="out")
    await office.settle()
    assert [ticket.state_id for ticket in office.ours()] == [4, 4]
    await office.settle(after=GRACE)
    assert len(office.ours()) == 2


async def test_a_ticket_given_to_another_customer_before_it_is_heard_of_is_found(office: Office) -> None:
    office.sim.faults.next(1).lose_answers(path="/api/v1/tickets")
    office.missed()
    with pytest.raises(ZammadError):
        await office.settle(after=GRACE + 1)
    office.by_person(office.ours()[0], customer_id=OTTO)
    await office.settle(after=60)
    assert len(office.ours()) == 1


async def test_a_refused_ticket_is_dropped_when_called_back(office: Office) -> None:
    office.sim.ticketing.mandatory = {"product"}
    office.missed()
    await office.settle(after=GRACE + 1)
    office.now += 100
    office.talked()
    await office.settle()
    with office.database.reading() as connection:
        assert active_callbacks(connection, now=office.now) == []


@pytest.mark.parametrize("path", ["/api/v1/tickets", "/api/v1/ticket_articles", "/api/v1/tickets/"])
async def test_an_answer_that_is_lost_doubles_nothing(office: Office, path: str) -> None:
    """Zammad has made the ticket, written the article, closed it; nobody heard of it, and the process died."""
    for act in (office.missed, office.missed, office.talked):
        office.sim.faults.next(1).lose_answers(path=path)
        office.now += QUIET
        act()
        for _ in range(3):
            try:
                await office.settle(after=GRACE + 1)
            except ZammadError:
                office.start_anew()
        office.sim.faults.clear()
    await office.settle(after=GRACE + 1)
    [ticket] = office.ours()
    assert [article.type_id for article in ticket.articles] == [5, 5, 10]
    assert ticket.state_id == 4


async def test_zammad_down_for_twenty_missed_calls_of_ten_callers_with_five_called_back_is_five_tickets(
    office: Office,
) -> None:
    office.sim.add_user(lastname="Unknown caller", login="sipgate-unknown-caller")
    await office.settle()
    office.sim.faults.refuse()
    for caller in range(10):
        for _ in range(2):
            office.missed(f"493099810{caller}", None)
            office.now += 5
    with pytest.raises(ZammadError):
        await office.settle(after=GRACE + 1)
    for caller in range(5):
        office.now += 70
        office.talked(f"493099810{caller}", None, direction="out")
    for _ in range(3):
        with pytest.raises(ZammadError):
            await office.settle(after=60)
    office.sim.faults.clear()
    await office.settle(after=61)
    assert sorted(ticket.title for ticket in office.ours()) == [
        f"Missed call from +49 30 99810{caller}" for caller in range(5, 10)
    ]
    assert all("rang for" in ticket.articles[0].body for ticket in office.ours())


async def test_nothing_but_the_groups_is_asked_for_while_none_has_lines(database: Database) -> None:
    with some_office(database, lines="none") as office:
        office.missed()
        for _ in range(5):
            await office.settle(after=30)
        assert {seen.path for seen in office.sim.requests} == {"/api/v1/groups"}
        assert len(office.sim.requests) <= 3


async def test_a_call_that_only_the_voicemail_answered_left_a_message(office: Office) -> None:
    office.missed(extra={"story": [{"pickups": [{"taker": "machine", "at": office.now}]}]})
    await office.settle(after=GRACE + 1)
    [ticket] = office.ours()
    assert "left a message on" in ticket.articles[0].body


async def test_one_replica_at_a_time_is_at_it(office: Office) -> None:
    await office.settle()
    office.start_anew(holder="another one")
    office.missed()
    await office.settle(after=10.0)
    await office.settle(after=GRACE)
    assert len(office.ours()) == 1, "the first one is gone, and its lease has ended"
    office.start_anew(holder="a third")
    asked = len(office.sim.requests)
    await office.settle()
    assert len(office.sim.requests) == asked


async def test_the_ticket_is_written_in_the_companys_language(database: Database) -> None:
    with some_office(database) as office:
        office.sim.ticketing.shown |= {"locale_default": "de-de", "timezone_default": "Europe/Berlin"}
        office.missed(ERIKAS)
        await office.settle(after=GRACE + 1)
        [ticket] = office.ours()
        assert ticket.title == "Verpasster Anruf von Erika Mustermann (+49 30 998001)"
        assert "12:59" in ticket.articles[0].body.replace("\N{NO-BREAK SPACE}", " ")
