"""Zammad's Caller Log Filter (`cti_config.notify_map`): which calls agents see in Zammad's log and on the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sidecar.calls.numbers.recognition import numbers_zammad_finds
from sidecar.store.database import Connection, Database
from sidecar.store.people.agents_phones import phones_of_agents
from sidecar.sync.rules_in_force import RulesInForce
from sidecar.web.inputs import LONGEST_ID
from zammad_client.records import Json

KEPT = 5.0  # seconds that agents' own numbers are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phones:
    read_at: float = float("-inf")
    numbers: Mapping[int, frozenset[str]] = field(default_factory=dict)


class Queues:
    """As last read from Zammad."""

    def __init__(self, *, rules: RulesInForce, database: Database, clock: Callable[[], float]) -> None:
        self._rules = rules
        self._database = database
        self._clock = clock
        self._phones = _Phones()

    async def of(self, user_id: int) -> frozenset[str] | None:
        """Digits of the lines whose calls this agent sees besides their own; None: of every line, without a filter."""
        settings = self._rules.settings
        rows = rows_of(settings.cti_config) if settings else []
        if not rows:
            return None
        if self._clock() - self._phones.read_at > KEPT:
            numbers = await self._database.read(_numbers_of_agents)
            self._phones = _Phones(read_at=self._clock(), numbers=numbers)
        named = {queue for queue, users in rows if user_id in users}
        return frozenset(named | self._phones.numbers.get(user_id, frozenset()))


def rows_of(config: Json) -> list[tuple[str, frozenset[int]]]:
    """Queues with the agents they are for; what is no row counts as one for nobody: Zammad hides calls then, too."""
    rows = config.get("notify_map") if isinstance(config, dict) else None
    return [_row(row) for row in rows] if isinstance(rows, list) else []


def _row(row: Json) -> tuple[str, frozenset[int]]:
    if not isinstance(row, dict):
        return "", frozenset()
    users = row.get("user_ids")
    ids = (str(each) for each in users) if isinstance(users, list) else ()
    return str(row.get("queue") or ""), frozenset(
        int(each) for each in ids if each.isdecimal() and len(each) < LONGEST_ID
    )


def _numbers_of_agents(connection: Connection) -> Mapping[int, frozenset[str]]:
    """As Zammad reads them."""
    phones = phones_of_agents(connection)
    return {user_id: frozenset(numbers_zammad_finds([phone])) for user_id, phone in phones.items()}
