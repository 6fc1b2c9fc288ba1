"""One hook's decision, from memory alone: the phone waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from sidecar.calls.answer import Acknowledge, Answer, Dial, LetRing, Reject
from sidecar.calls.events import Answered, CallEvent, Direction, HungUp, KeysPressed, NewCall
from sidecar.calls.rules import Rules

SHORTEST_DIALLED = 7  # digits; extensions and short codes are left alone
SWITCHED_OFF = "integration is switched off in Zammad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer and why it was given, in words a person understands.

    For a `Reject` the reason begins with "blocked: " and is shown in Zammad's caller log as it stands.
    """

    answer: Answer
    reason: str


def decide(event: CallEvent, rules: Rules | None) -> Decision:
    """What sipgate is told. `rules` is None until they were loaded for the first time."""
    if rules is not None and not rules.enabled:
        return Decision(answer=Acknowledge(), reason=SWITCHED_OFF)
    match event:
        case NewCall():
            return _decide_new_call(event, rules)
        case Answered():
            return Decision(answer=Acknowledge(), reason="answered")
        case HungUp():
            return Decision(answer=Acknowledge(), reason="hung up")
        case KeysPressed():
            return Decision(answer=Acknowledge(), reason="keys pressed")


def _decide_new_call(call: NewCall, rules: Rules | None) -> Decision:
    if rules is None:
        return Decision(answer=LetRing(), reason="rules are not loaded yet")
    if call.direction is Direction.OUT:
        return _decide_outbound(call, rules)
    if rule := rules.blocking(call.caller):
        return Decision(answer=Reject(), reason=rule.reason)
    return Decision(answer=LetRing(), reason="no rule applies")


def _decide_outbound(call: NewCall, rules: Rules) -> Decision:
    caller_id = rules.caller_id_for(call)
    if caller_id is None:
        return Decision(answer=LetRing(), reason="no rule applies")
    number = call.callee.removeprefix("+")
    if not _dialled(number):
        return Decision(answer=LetRing(), reason="no caller id: the called number is no outside number")
    return Decision(answer=Dial(number=number, caller_id=caller_id.digits), reason=caller_id.reason)


def _dialled(number: str) -> bool:
    return len(number) >= SHORTEST_DIALLED and number.isascii() and number.isdigit()
