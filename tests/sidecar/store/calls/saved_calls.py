"""Conversations as the fold would save them, made from a few words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert

from sidecar.store.calls.tables import conversations
from sidecar.store.pages.changed_calls import note_changed_calls
from sidecar.store.people.tables import organizations, people

NOON = 1_795_348_800.0  # 2026-11-22 12:00 UTC
LINE = "493023125010"
JANE, MAX = 4, 5
SHORTEST_TALK = 10.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """`answered` and `lasting` in seconds after the start and after the answer."""

    state: str = "ended"
    direction: str = "in"
    number: str | None = "491713920010"
    line: str = LINE
    agent: tuple[int, str] | None = None
    started_at: float = NOON
    answered: float | None = None
    lasting: float | None = 60.0
    person_id: int | None = None
    organization_id: int | None = None
    test: bool = False
    internal: bool = False
    raw: str | None = None  # what stands there instead of a number
    agents: Collection[int] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def missed(**changes: Any) -> Seed:
    return Seed(state="missed", lasting=20.0, **changes)


def talked(agent: tuple[int, str] = (JANE, "Jane Doe"), **changes: Any) -> Seed:
    return Seed(**{"agent": agent, "answered": 8.0, "agents": (agent[0],), **changes})


def row_of(seed: Seed) -> dict[str, Any]:
    party = seed.raw if seed.raw is not None else (seed.number or "anonymous")
    answered_at = None if seed.answered is None else seed.started_at + seed.answered
    ended_at = None
    if seed.lasting is not None and seed.state not in {"ringing", "answered"}:
        ended_at = (answered_at or seed.started_at) + seed.lasting
    waiting = seed.answered if seed.answered is not None else (ended_at and ended_at - seed.started_at)
    return {
        "direction": seed.direction,
        "internal": seed.internal,
        "test": seed.test,
        "state": seed.state,
        "caller": party if seed.direction == "in" else seed.line,
        "callee": seed.line if seed.direction == "in" else party,
        "number": seed.number,
        "line": seed.line,
        "agent": seed.agent[1] if seed.agent else None,
        "agent_id": seed.agent[0] if seed.agent else None,
        "started_at": seed.started_at,
        "answered_at": answered_at,
        "ended_at": ended_at,
        "waiting": waiting,
        "talking": ended_at - answered_at if ended_at and answered_at else None,
        "counts_at": _counts_at(answered_at, ended_at),
        "talked_with": seed.person_id if answered_at else None,
        "certainty": "certain" if seed.person_id else "unknown",
        "person_id": seed.person_id,
        "organization_id": seed.organization_id,
        "identified_as": None,
        "story": [],
        "told": {},
        "changed_at": seed.started_at,
        **seed.extra,
    }


def _counts_at(answered_at: float | None, ended_at: float | None) -> float | None:
    """A talk that is going on is long enough."""
    if answered_at is None or (ended_at is not None and ended_at - answered_at < SHORTEST_TALK):
        return None
    return answered_at + SHORTEST_TALK


def add_calls(connection: Connection, *seeds: Seed, now: float = NOON) -> list[int]:
    """Their ids, in this order."""
    ids = []
    for seed in seeds:
        new = insert(conversations).values(row_of(seed)).returning(conversations.c.id)
        ids.append(connection.execute(new).scalar_one())
    agents = {number: seed.agents for number, seed in zip(ids, seeds, strict=True)}
    note_changed_calls(connection, ids, now=now, agents=agents)
    return ids


def change_call(connection: Connection, number: int, seed: Seed, *, now: float = NOON) -> None:
    """As if another hook had come."""
    connection.execute(conversations.update().where(conversations.c.id == number).values(row_of(seed)))
    note_changed_calls(connection, [number], now=now, agents={number: seed.agents})


def add_person(
    connection: Connection, person_id: int, name: str, organization_id: int | None = None, **more: Any
) -> None:
    texts = dict.fromkeys(
        ("login", "email", "sipgate_users", "sipgate_number", "phone", "mobile", "cti_more_numbers", "cti_numbers"), ""
    )
    flags = {"active": True, "is_agent": False, "blocked": False, "phone_switch": False}
    connection.execute(
        insert(people).values(
            id=person_id,
            name=name,
            organization_id=organization_id,
            **{**texts, **flags, **more},
            cti_numbers_wanted="",
            read_as="DE",
            updated_at=NOON,
        )
    )


def add_organization(connection: Connection, organization_id: int, name: str) -> None:
    flags = {"active": True, "blocked": False}
    connection.execute(
        insert(organizations).values(
            id=organization_id, name=name, **flags, cti_main_numbers="", read_as="DE", updated_at=NOON
        )
    )
