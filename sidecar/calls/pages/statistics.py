"""Numbers for leads out of calls: what was offered, answered and missed, and how long callers waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import TypeVar

from sidecar.calls.conversation.conversation import State

GOING_ON = frozenset({State.RINGING, State.ANSWERED})

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
    filled: bool = False  # from sipgate's history, which knows no ringing: left out of the figures about waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Spans in seconds; waiting is that of answered calls. None where there is nothing to tell."""

    offered: int = 0
    ended: int = 0
    answered: int = 0
    missed: int = 0
    in_time: int = 0  # of those that have ended: answered within `web.answer_within`
    filled: int = 0  # from sipgate's history: not among those that have ended, nor in the spans of waiting
    median_wait: float | None = None
    p90_wait: float | None = None
    talked: float = 0.0

    @property
    def service_level(self) -> float | None:
        """Share of the calls that have ended which were answered in time."""
        return self.in_time / self.ended if self.ended else None

    @property
    def answer_rate(self) -> float | None:
        return self.answered / self.offered if self.offered else None

    @property
    def missed_rate(self) -> float | None:
        return self.missed / self.offered if self.offered else None


NO_CALLS = Figures()


@dataclass(slots=True)
class _Tally:
    offered: int = 0
    ended: int = 0
    answered: int = 0
    missed: int = 0
    in_time: int = 0
    filled: int = 0
    talked: float = 0.0
    waits: list[float] = field(default_factory=list)

    def add(self, call: CountedCall, *, answered: bool, within: float) -> None:
        ended = call.state not in GOING_ON
        self.offered += 1
        self.ended += ended and not call.filled
        self.filled += call.filled
        self.missed += call.state is State.MISSED
        if not answered:
            return
        self.answered += 1
        self.talked += call.talking or 0.0
        if call.waiting is not None:
            self.waits.append(call.waiting)
            self.in_time += ended and call.waiting <= within

    def figures(self) -> Figures:
        waits = sorted(self.waits)
        return Figures(
            offered=self.offered,
            ended=self.ended,
            answered=self.answered,
            missed=self.missed,
            in_time=self.in_time,
            filled=self.filled,
            median_wait=median(waits) if waits else None,
            p90_wait=percentile(waits, 0.9),
            talked=self.talked,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Days, hours and weekdays are those of the viewer's time zone."""

    total: Figures
    by_hour: dict[int, Figures]  # all days together
    by_day: dict[str, Figures]  # ISO date
    by_weekday_and_hour: dict[tuple[int, int], Figures]  # Monday is 0
    by_line: dict[str, Figures]
    by_agent: dict[
        int, Figures
    ]  # offered: rang on their phone; answered: by them; missed: by everybody whose phone rang
    dialled: Mapping[int, int]  # agents to their outbound calls, which count for nothing else


def report_on(
    calls: Collection[CountedCall],
    *,
    dialled: Mapping[int, int],
    local: Callable[[float], datetime],
    within: float,
) -> Report:
    """Args:
    local: an instant as clocks show it where the viewer is.
    within: seconds in which calls should be answered.

    """
    begun = {call.started_at: local(call.started_at) for call in calls}

    def grouped(key_of: Callable[[CountedCall, datetime], K]) -> dict[K, Figures]:
        return _grouped(((key_of(call, begun[call.started_at]), call, call.answered) for call in calls), within)

    return Report(
        total=grouped(lambda _call, _at: None).get(None, NO_CALLS),
        by_hour=grouped(lambda _, at: at.hour),
        by_day=grouped(lambda _, at: at.date().isoformat()),
        by_weekday_and_hour=grouped(lambda _, at: (at.weekday(), at.hour)),
        by_line=grouped(lambda call, _: call.line),
        by_agent=_grouped(_of_agents(calls), within),
        dialled=dialled,
    )


def percentile(ascending: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed (nearest rank)."""
    if not ascending:
        return None
    rank = -int(-share * len(ascending) // 1)  # rounded up
    return ascending[max(rank, 1) - 1]


def _grouped(counted: Iterable[tuple[K, CountedCall, bool]], within: float) -> dict[K, Figures]:
    """Of each: where it counts, the call, whether it was answered there."""
    tallies: dict[K, _Tally] = defaultdict(_Tally)
    for key, call, answered in counted:
        tallies[key].add(call, answered=answered, within=within)
    return {key: tally.figures() for key, tally in tallies.items()}


def _of_agents(calls: Iterable[CountedCall]) -> Iterable[tuple[int, CountedCall, bool]]:
    for call in calls:
        talked = {call.agent_id} if call.agent_id is not None else set[int]()
        for agent_id in call.agents | talked:
            yield agent_id, call, call.answered and agent_id == call.agent_id
