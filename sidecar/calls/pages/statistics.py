"""Numbers for leads out of calls: what was offered, answered and missed, and how long callers waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from sidecar.calls.conversation.conversation import State

QUICK = 20.0  # seconds: the service level leads ask for

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCall:
    """What of an inbound call from outside is counted. Test calls and blocked ones are never offered to anybody."""

    started_at: float
    state: State
    line: str
    agent_id: int | None  # who talked last
    answered: bool
    waiting: float | None
    talking: float | None
    agents: frozenset[int] = frozenset()  # whose phone rang


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Spans in seconds; waiting is that of answered calls. None where there is nothing to tell."""

    offered: int = 0
    answered: int = 0
    missed: int = 0
    quick: int = 0  # answered within QUICK
    median_wait: float | None = None
    p90_wait: float | None = None
    talked: float = 0.0

    @property
    def service_level(self) -> float | None:
        """Share of the offered calls that were answered within QUICK."""
        return self.quick / self.offered if self.offered else None

    @property
    def answer_rate(self) -> float | None:
        return self.answered / self.offered if self.offered else None


@dataclass(slots=True)
class _Tally:
    offered: int = 0
    answered: int = 0
    missed: int = 0
    talked: float = 0.0
    waits: list[float] = field(default_factory=list)

    def add(self, call: CountedCall, *, answered: bool) -> None:
        self.offered += 1
        self.missed += call.state is State.MISSED
        if not answered:
            return
        self.answered += 1
        self.talked += call.talking or 0.0
        if call.waiting is not None:
            self.waits.append(call.waiting)

    def figures(self) -> Figures:
        waits = sorted(self.waits)
        return Figures(
            offered=self.offered,
            answered=self.answered,
            missed=self.missed,
            quick=sum(wait <= QUICK for wait in waits),
            median_wait=median(waits) if waits else None,
            p90_wait=percentile(waits, 0.9),
            talked=self.talked,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    total: Figures
    by_hour: dict[int, Figures]  # hour of the day in the viewer's time zone, all days together
    by_day: dict[str, Figures]  # ISO date
    by_line: dict[str, Figures]
    by_agent: dict[int, Figures]  # offered: rang on their phone; answered: by them
    dialled: Mapping[int, int]  # agents to their outbound calls, which count for nothing else


def report_on(
    calls: Collection[CountedCall],
    *,
    dialled: Mapping[int, int],
    hour_of: Callable[[float], int],
    day_of: Callable[[float], str],
) -> Report:
    return Report(
        total=_grouped(calls, lambda _: (None,)).get(None, Figures()),
        by_hour=_grouped(calls, lambda call: (hour_of(call.started_at),)),
        by_day=_grouped(calls, lambda call: (day_of(call.started_at),)),
        by_line=_grouped(calls, lambda call: (call.line,)),
        by_agent=_by_agent(calls),
        dialled=dialled,
    )


def percentile(ascending: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed (nearest rank)."""
    if not ascending:
        return None
    rank = -int(-share * len(ascending) // 1)  # rounded up
    return ascending[max(rank, 1) - 1]


def _grouped(calls: Iterable[CountedCall], keys_of: Callable[[CountedCall], Iterable[K]]) -> dict[K, Figures]:
    tallies: dict[K, _Tally] = defaultdict(_Tally)
    for call in calls:
        for key in keys_of(call):
            tallies[key].add(call, answered=call.answered)
    return {key: tally.figures() for key, tally in tallies.items()}


def _by_agent(calls: Iterable[CountedCall]) -> dict[int, Figures]:
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    for call in calls:
        talked = {call.agent_id} if call.agent_id is not None else set[int]()
        for agent_id in call.agents | talked:
            tallies[agent_id].add(call, answered=call.answered and agent_id == call.agent_id)
    return {key: tally.figures() for key, tally in tallies.items()}
