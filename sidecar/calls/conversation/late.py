"""Hooks that come after sipgate's history has told of their call: they tell late of what was before, and no time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sidecar.calls.conversation.legs import Heard
from sidecar.calls.sipgate.events import Answered, HungUp, NewCall


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldByHistory:
    """A call that the history has told from its beginning to its end. Instants."""

    answered_at: float | None
    over_at: float


def told_by_history(heard: Collection[Heard]) -> ToldByHistory | None:
    """None: hooks have told of it, or begun to."""
    filled = [hook for hook in heard if hook.filled]
    over_at = max((hook.at for hook in filled if isinstance(hook.event, HungUp)), default=None)
    if over_at is None or not any(isinstance(hook.event, NewCall) for hook in filled):
        return None
    answers = [hook.at for hook in filled if isinstance(hook.event, Answered)]
    return ToldByHistory(answered_at=min(answers, default=None), over_at=over_at)


def none_later(heard: Collection[Heard], told: ToldByHistory) -> tuple[Heard, ...]:
    """As if all had come in time. At one instant the first says how it ended, the last who talked."""
    in_time = [replace(hook, at=min(hook.at, _latest(hook, told))) for hook in heard]
    return tuple(sorted(in_time, key=_rank))


def _rank(hook: Heard) -> int:
    """Whom the history names has talked last, and it ended as the history says."""
    if hook.filled:
        return 1
    return 0 if isinstance(hook.event, Answered) else 2


def _latest(hook: Heard, told: ToldByHistory) -> float:
    answered_at = told.answered_at if isinstance(hook.event, Answered) else None
    return told.over_at if answered_at is None else answered_at
