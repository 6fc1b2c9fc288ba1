"""Who called back and reached nobody: outgoing calls that came to no talk, for the missed calls they were about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Float, Select, bindparam, select

from sidecar.calls.identification import Certainty
from sidecar.calls.pages.missed import TriedCallback
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.tables import conversations
from sidecar.store.value_lists import is_one_of_many


def _attempts_with(whom: Column[Any]) -> Select[Any]:
    """As `calls.pages.missed.is_attempt`."""
    own = conversations.c
    return select(whom.label("whom"), own.id, own.started_at, own.agent).where(
        is_one_of_many(whom),
        own.started_at > bindparam("since", type_=Float),
        own.direction == str(Direction.OUT),
        own.ended_at.is_not(None),
        own.counts_at.is_(None),
        own.test.is_(False),
        own.internal.is_(False),
    )


_BY_NUMBER = _attempts_with(conversations.c.number)
_BY_CUSTOMER = _attempts_with(conversations.c.person_id).where(
    conversations.c.certainty == str(Certainty.CERTAIN), conversations.c.number.is_not(None)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who was missed, known by a number, as a certain customer, or both; until they were done with."""

    number: str | None
    customer: int | None
    since: float
    until: float | None


def attempts_to_reach(connection: Connection, waiting: Sequence[Waiting]) -> list[tuple[TriedCallback, ...]]:
    """For each of them, in the order of time."""
    numbers = {each.number for each in waiting if each.number}
    customers = {each.customer for each in waiting if each.customer is not None}
    since = min((each.since for each in waiting), default=0.0)
    by_number = _found(connection, _BY_NUMBER, numbers, since)
    by_customer = _found(connection, _BY_CUSTOMER, customers, since)
    return [_about(each, [*by_number[each.number], *by_customer[each.customer]]) for each in waiting]


def _found(
    connection: Connection, query: Select[Any], whom: Collection[object], since: float
) -> Mapping[object, list[TriedCallback]]:
    found: dict[object, list[TriedCallback]] = defaultdict(list)
    if whom:
        for row in connection.execute(query, {"many": list(whom), "since": since}):
            found[row.whom].append(TriedCallback(call_id=row.id, at=row.started_at, agent=row.agent))
    return found


def _about(waiting: Waiting, attempts: Sequence[TriedCallback]) -> tuple[TriedCallback, ...]:
    until = waiting.until if waiting.until is not None else float("inf")
    own = {attempt.call_id: attempt for attempt in attempts if waiting.since < attempt.at < until}
    return tuple(sorted(own.values(), key=lambda attempt: (attempt.at, attempt.call_id)))
