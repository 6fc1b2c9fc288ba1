"""A day at a small office, for pictures and for statistics: seeded, so always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from tests.sidecar.store.calls.saved_calls import (
    JANE,
    LINE,
    MAX,
    Seed,
    add_calls,
    add_organization,
    add_person,
    missed,
    talked,
)

AGENTS = ((JANE, "Jane Doe"), (MAX, "Max Roe"), (11, "Lea Kern"), (12, "Tom Weiß"))
LINES = (LINE, "493023125020", "493023125030")
PEOPLE = (
    (6, "Erika Mustermann", 2, "491713920010"),
    (7, "Otto Müller", 2, "493012345678"),
    (20, "Zoë Großkopf", 3, "4989123456"),
    (21, "Ana María Núñez", None, "34911234567"),
    (22, "Klaus Petersen", 4, "4940876543"),
)


def furnish(connection: Connection) -> None:
    for number, name in ((2, "Bäckerei Müller"), (3, "Großkopf & Söhne"), (4, "Hafenspedition Petersen")):
        add_organization(connection, number, name)
    for person_id, name, organization_id, _ in PEOPLE:
        add_person(connection, person_id, name, organization_id)


def working_days(chance: random.Random, *, first: float, days: int, calls: int) -> Iterator[Seed]:
    """So many calls on each of these days; `first`: midnight of the first one."""
    for day in range(days):
        starts = sorted(first + 86_400 * day + chance.gauss(12.5, 2.6) * 3600 for _ in range(calls))
        for started_at in starts:
            yield some_call(chance, started_at)


def some_call(chance: random.Random, started_at: float) -> Seed:
    agent = chance.choice(AGENTS)
    person_id, _, organization_id, number = chance.choice(PEOPLE)
    known: dict[str, Any] = {"number": number, "person_id": person_id, "organization_id": organization_id}
    unknown: dict[str, Any] = {"number": f"4930{chance.randrange(10**6, 10**7)}"}
    withheld: dict[str, Any] = {"number": None}
    who = chance.choice([known, known, unknown, withheld])
    place: dict[str, Any] = {"line": chance.choice(LINES), "started_at": started_at}
    kind = chance.random()
    if kind < 0.62:
        wait = round(chance.expovariate(1 / 14), 1)
        return talked(agent, answered=wait, lasting=round(chance.expovariate(1 / 240), 1), **place, **who)
    if kind < 0.8:
        rang = chance.sample(AGENTS, 2)
        return missed(agents=[number for number, _ in rang], **place, **who)
    if kind < 0.93 and who["number"]:
        return talked(agent, direction="out", answered=9.0, lasting=130.0, **place, **who)
    if kind < 0.96:
        return Seed(state="blocked", lasting=0.0, **place, **who)
    return Seed(state="unknown", lasting=None, **place, **who)


def story_of(started_at: float) -> list[dict[str, object]]:
    """Forwarded once, then picked up."""
    first = {
        "call_id": "a1", "direction": "in", "caller": "491713920010", "callee": LINE, "users": ["Max Roe"],
        "began_at": started_at, "hung_up_at": started_at + 12, "cause": "forwarded",
    }  # fmt: skip
    second = {
        "call_id": "b1", "orig_call_id": "a1", "direction": "in", "caller": "491713920010", "callee": LINE,
        "diversion": LINE, "users": ["Jane Doe", "Lea Kern"], "began_at": started_at + 12,
        "pickups": [{"at": started_at + 20, "call_id": "b1", "taker": "person", "user": "Jane Doe"}],
        "hung_up_at": started_at + 187, "cause": "normalClearing",
    }  # fmt: skip
    return [first, second]


def settle_in(connection: Connection, *, midnight: float, days: int, calls: int, seed: int = 7) -> list[int]:
    furnish(connection)
    return add_calls(connection, *working_days(random.Random(seed), first=midnight, days=days, calls=calls))
