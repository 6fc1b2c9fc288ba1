"""Calls for the tests of reliability: several at once, with faults in them, from the traces and from recordings."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from sidecar.calls.conversation.caller_log import Effect, ShowAnswer
from sidecar.calls.conversation.joining import gathered, links_of
from sidecar.calls.sipgate.events import CallEvent, Direction, KeysPressed, Unreadable, read_hook
from tests.sidecar.calls.conversation.switchboard import CallerLog, Switchboard
from tests.sidecar.calls.conversation.traces import CUSTOMER, TRACES, Trace
from tests.sipgate_recordings import RecordedHook, recorded_hooks

SEED = 20261122


@dataclass(slots=True, kw_only=True)
class WatchedLog(CallerLog):
    """Also counts the dialogs of each agent and call; a call is what stands before the slash of its ids."""

    opened: Counter[tuple[str, int]]

    def apply(self, effect: Effect) -> None:
        CallerLog.apply(self, effect)
        if isinstance(effect, ShowAnswer) and effect.agent_id is not None:
            self.opened[call_of(effect.call_id), effect.agent_id] += 1


def call_of(call_id: str) -> str:
    return call_id.partition("/")[0]


def watched() -> Switchboard:
    return Switchboard(log=WatchedLog(opened=Counter()))


def as_call(events: Iterable[CallEvent], name: str) -> tuple[CallEvent, ...]:
    """The same events with ids of their own, and a customer of their own: a call back would settle a missed call."""
    return tuple(_renamed(event, name) for event in events)


def _renamed(event: CallEvent, name: str) -> CallEvent:
    call_id = f"{name}/{event.call_id}"
    if isinstance(event, KeysPressed):
        return replace(event, call_id=call_id)
    return replace(
        event,
        call_id=call_id,
        orig_call_id=f"{name}/{event.orig_call_id}" if event.orig_call_id else None,
        xcid=f"{name}/{event.xcid}" if event.xcid else None,
        caller=_customer(name) if event.caller == CUSTOMER else event.caller,
        callee=_customer(name) if event.callee == CUSTOMER else event.callee,
    )


def _customer(name: str) -> str:
    return f"49171{crc32(name.encode()) % 10**8:08}"


def with_faults(events: Sequence[CallEvent], chance: random.Random, *, faults: int) -> list[CallEvent]:
    """Each fault doubles, triples or loses one event; at least one event is left."""
    result = list(events)
    for _ in range(faults):
        position, times = chance.randrange(len(result)), chance.choice((0, 2, 3))
        if times or len(result) > 1:
            result[position : position + 1] = [result[position]] * times
    return result


def mixed(calls: Sequence[Sequence[CallEvent]], chance: random.Random) -> list[CallEvent]:
    """All events of all calls in any order."""
    events = [event for call in calls for event in call]
    return chance.sample(events, len(events))


def recorded_traces() -> list[Trace]:
    """What the payload file tells of each call, in the order in which it stands there."""
    events = [event for event in map(_read, recorded_hooks()) if event is not None]
    return [
        Trace(
            name=events[gathering.hooks[0]].call_id, events=tuple(events[place] for place in gathering.hooks), state=""
        )
        for gathering in gathered([links_of(event) for event in events], {}, {})
    ]


def _read(hook: RecordedHook) -> CallEvent | None:
    event = read_hook(hook.body, content_type=hook.content_type, path_direction=Direction(hook.direction or "in"))
    return None if isinstance(event, Unreadable) else event


ALL_TRACES = (*TRACES, *recorded_traces())
