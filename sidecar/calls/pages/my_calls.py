"""Which calls are on somebody's desk: the running ones, else the last."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall


def on_the_desk(calls: Sequence[ListedCall], agent: int, dismissed: Collection[int]) -> list[ListedCall]:
    """`calls`: in which this agent took part, newest first. Running ones are shown side by side, instead of the last.

    A call that a colleague picks up leaves the desk; the one before is there again.
    """
    running = [call for call in calls if is_running(call) and _is_theirs(call, agent)]
    last = next((call for call in calls if _is_theirs(call, agent)), None)
    shown = running or ([last] if last else [])
    return [call for call in shown if call.id not in dismissed]


def is_running(call: ListedCall) -> bool:
    return call.ended_at is None and call.state in {State.RINGING, State.ANSWERED, State.MACHINE}


def _is_theirs(call: ListedCall, agent: int) -> bool:
    """They talk, dial or talked; or nobody else of ours does, and their phone rings or rang."""
    return call.agent_id == agent or (call.agent_id is None and call.state is not State.ENDED)
