"""A database with very many conversations, as the fold would have left them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, insert, text

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall, words_of
from sidecar.store.calls.tables import call_agents, call_words, conversations
from sidecar.store.database import Database
from sidecar.store.people.tables import organizations, people

AT_ONCE = 20_000
PEOPLE, ORGANIZATIONS, AGENTS, LINES = 50_000, 3_000, 40, 30
SPAN = 180 * 86_400.0  # seconds over which the calls are spread
FIRST_NAMES = (
    "Erika", "Otto", "Zoë", "Klaus", "Ana", "Jürgen", "Mia", "Ben", "Lea", "Tom", "Ida", "Paul", "Emma", "Jan", "Uta",
    "Max", "Eva", "Kai", "Rosa", "Finn",
)  # fmt: skip
SYLLABLES = ("ber", "gold", "stein", "mann", "lich", "hof", "feld", "brink", "wald", "meyer", "schön", "land", "kamp")
STATES = (
    (State.ENDED,) * 66 + (State.MISSED,) * 20 + (State.NOT_REACHED,) * 11 + (State.BLOCKED,) * 2 + (State.UNKNOWN,)
)
LEG = {
    "call_id": "x" * 60, "direction": "in", "caller": "491713920010", "callee": "493023125010", "users": ["Jane Doe"],
    "user_ids": ["w0"], "full_user_ids": ["1234567w0"], "began_at": 0.0, "hung_up_at": 90.0, "cause": "normalClearing",
}  # fmt: skip


def person(number: int) -> str:
    """The same name for the same number."""
    chance = random.Random(number)
    return f"{chance.choice(FIRST_NAMES)} {chance.choice(SYLLABLES).title()}{chance.choice(SYLLABLES)}{number % 50}"


def organization(number: int) -> str:
    return f"{random.Random(number).choice(SYLLABLES).title()} & Partner {number}"


def fill(database: Database, count: int, *, now: float) -> None:
    """Indexes are built at the end: that takes a fraction of the time."""
    indexes = [index for table in (conversations, call_words, call_agents) for index in table.indexes]
    with database.writing() as connection:
        _fill_directory(connection)
        for index in indexes:
            index.drop(connection)
    calls = _calls(count, now)
    while some := list(islice(calls, AT_ONCE)):
        with database.writing() as connection:
            connection.execute(insert(conversations), [_row(call) for call in some])
            words = [{"conversation_id": call.id, "word": word} for call in some for word in words_of(call)]
            connection.execute(insert(call_words), words)
            agents = [{"conversation_id": call.id, "agent_id": agent} for call in some for agent in call.agents]
            connection.execute(insert(call_agents), agents)
    with database.writing() as connection:
        _give_time(connection)
        for index in indexes:
            index.create(connection)
        if database.dialect == "postgresql":
            connection.execute(text("ANALYZE"))  # its own autovacuum would do it soon


def _give_time(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def _fill_directory(connection: Connection) -> None:
    texts = dict.fromkeys(
        ("login", "email", "sipgate_users", "sipgate_number", "phone", "mobile", "cti_more_numbers", "cti_numbers"), ""
    )
    flags = {"active": True, "blocked": False}
    kept = {"read_as": "DE", "updated_at": 0.0}
    everybody = [
        {"id": number + 1, "name": person(number), "organization_id": number % ORGANIZATIONS + 1, "is_agent": False,
         "phone_switch": False, "cti_numbers_wanted": "", **texts, **flags, **kept}
        for number in range(PEOPLE)
    ]  # fmt: skip
    connection.execute(insert(people), everybody)
    companies = [
        {"id": number + 1, "name": organization(number), "cti_main_numbers": "", **flags, **kept}
        for number in range(ORGANIZATIONS)
    ]
    connection.execute(insert(organizations), companies)


def _calls(count: int, now: float) -> Iterator[ListedCall]:
    chance = random.Random(1)
    for number in range(count):
        state = chance.choice(STATES)
        known = chance.randrange(PEOPLE) if chance.random() < 0.7 else None
        agent = chance.randrange(AGENTS) + 100
        talked = state is State.ENDED
        outbound = state is State.NOT_REACHED or (talked and chance.random() < 0.2)
        started_at = now - SPAN * (1 - number / count)
        answered_at = started_at + chance.expovariate(1 / 12) if talked else None
        ended_at = (answered_at or started_at) + chance.expovariate(1 / 90)
        digits = f"4930{20_000_000 + known}" if known is not None else f"49{chance.randrange(10**9, 10**10)}"
        line = f"4930231250{chance.randrange(LINES):02}"
        yield ListedCall(
            id=number + 1,
            direction="out" if outbound else "in",
            internal=False,
            test=False,
            state=state,
            caller=line if outbound else digits,
            callee=digits if outbound else line,
            number=digits,
            line=line,
            agent=f"Agent Nr{agent}" if talked else None,
            agent_id=agent if talked else None,
            started_at=started_at,
            answered_at=answered_at,
            ended_at=ended_at,
            waiting=(answered_at or ended_at) - started_at,
            talking=ended_at - answered_at if answered_at else None,
            certainty="certain" if known is not None else "unknown",
            person_id=None if known is None else known + 1,
            person=None if known is None else person(known),
            organization_id=None if known is None else known % ORGANIZATIONS + 1,
            organization=None if known is None else organization(known % ORGANIZATIONS),
            identified_as=None,
            agents=frozenset({agent, 100 + chance.randrange(AGENTS)}),
        )


def _row(call: ListedCall) -> dict[str, object]:
    own = {column.name for column in conversations.columns}
    values = {name: getattr(call, name) for name in ListedCall.__slots__ if name in own}
    leg = json.loads(json.dumps(LEG))
    rest = {"state": str(call.state), "story": [leg], "told": {"call_id": f"c{call.id}"}, "changed_at": call.started_at}
    return {**values, **rest}
