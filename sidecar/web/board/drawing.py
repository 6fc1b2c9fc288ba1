"""What is on a board: who rings, talks and is free, what waits, and the day in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.presence import AgentNow, RunningCall
from sidecar.store.calls.visibility import Viewer
from sidecar.store.replicas.page_changes import position
from sidecar.web.days import today
from sidecar.web.live.interest import seen_by
from sidecar.web.parts import Parts
from sidecar.web.recent.numbers import Question
from sidecar.web.recent.periods import Period
from sidecar.words.wording import Words

MOST_CALLS = 12  # shown in each column; of the rest the number is


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who looks at a board, and what of it.

    `lines`: the calls of these alone; all of them where none is named.
    """

    viewer: Viewer
    lines: frozenset[str] = frozenset()
    numbers: bool = True  # of callers
    names: bool = True  # of customers


async def drawn(view: View, words: Words, parts: Parts) -> dict[str, object]:
    """The values of the template."""
    now, zone, goals = parts.clock(), words.zone, parts.options.goals
    day = today(now, zone)
    period = Period(first=day, last=day)
    known = await parts.database.read(position)
    question = Question(viewer=view.viewer, zone=zone, period=period, lines=view.lines)
    numbers = await parts.numbers.of(question, known)
    running = await parts.running.of(view.viewer, view.lines, known)
    calls = [each.call for each in running.calls if _is_shown(each.call, view)]
    ringing = sorted(_in_state(calls, State.RINGING), key=lambda call: call.started_at)
    return {
        "shown": view,
        "ringing": ringing[:MOST_CALLS],
        "ringing_more": len(ringing[MOST_CALLS:]),
        "talking": (talking := _in_state(calls, State.ANSWERED))[:MOST_CALLS],
        "talking_more": len(talking[MOST_CALLS:]),
        "waits": ringing[0].started_at if ringing else None,
        "agents": _agents(running.calls, view, parts),
        "waiting_for_call_back": running.missed,
        "total": numbers.report.total,
        "now": now,
        "goals": goals,
    }


def _is_shown(call: ListedCall, view: View) -> bool:
    """Outbound calls that ring are no calls that wait."""
    own = view.viewer.may_see(call) and (not view.lines or call.line in view.lines)
    return own and not call.test and not (call.outbound and call.state is State.RINGING)


def _in_state(calls: Iterable[ListedCall], state: State) -> list[ListedCall]:
    return [call for call in calls if call.state is state]


def _agents(running: Sequence[RunningCall], view: View, parts: Parts) -> list[AgentNow]:
    if not parts.office.presence:
        return []
    return [seen_by(agent, view.viewer) for agent in parts.office.now(running).agents]
