"""One hook's decision, from memory alone: the phone waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.reasons import Reason, as_text, because
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.answer import Acknowledge, Answer, Dial, LetRing, Reject
from sidecar.calls.sipgate.events import Answered, CallEvent, Direction, HungUp, KeysPressed, NewCall

SHORTEST_DIALLED = 7  # digits; extensions and short codes are left alone


class Decided(StrEnum):
    """Why a hook was answered so, beside `Blocked` and `Chosen`."""

    SWITCHED_OFF = "decision.switched_off"
    RULES_NOT_LOADED = "decision.rules_not_loaded"
    NO_RULE = "decision.no_rule"
    KEPT_HIDDEN = "decision.kept_hidden"
    SPARED = "decision.spared"  # rule: `Blocked`
    NO_OUTSIDE_NUMBER = "decision.no_outside_number"
    ANSWERED = "decision.answered"
    HUNG_UP = "decision.hung_up"
    KEYS_PRESSED = "decision.keys_pressed"
    UNREADABLE = "decision.unreadable"  # why: `Misread`
    FAULT = "decision.fault"
    REPLAYED = "decision.replayed"
    FILLED = "decision.filled"


_SAID_SWITCHED_OFF = frozenset({as_text(because(Decided.SWITCHED_OFF)), "integration is switched off in Zammad"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer and why it was given; the reason of a `Reject` is shown in Zammad's caller log, too."""

    answer: Answer
    reason: Reason


# made once: the phone waits
_SWITCHED_OFF = Decision(answer=Acknowledge(), reason=because(Decided.SWITCHED_OFF))
_RULES_NOT_LOADED = Decision(answer=LetRing(), reason=because(Decided.RULES_NOT_LOADED))
_NO_RULE = Decision(answer=LetRing(), reason=because(Decided.NO_RULE))
_NO_OUTSIDE_NUMBER = Decision(answer=LetRing(), reason=because(Decided.NO_OUTSIDE_NUMBER))
_ANSWERED = Decision(answer=Acknowledge(), reason=because(Decided.ANSWERED))
_HUNG_UP = Decision(answer=Acknowledge(), reason=because(Decided.HUNG_UP))
_KEYS_PRESSED = Decision(answer=Acknowledge(), reason=because(Decided.KEYS_PRESSED))


def was_switched_off(decision: str) -> bool:
    """Whether a decision in the journal says so, in a code or in the words of older releases."""
    return decision in _SAID_SWITCHED_OFF


def decide(event: CallEvent, rules: Rules | None) -> Decision:
    """What sipgate is told. `rules` is None until they were loaded for the first time."""
    if rules is not None and not rules.enabled:
        return _SWITCHED_OFF
    match event:
        case NewCall():
            return _decide_new_call(event, rules)
        case Answered():
            return _ANSWERED
        case HungUp():
            return _HUNG_UP
        case KeysPressed():
            return _KEYS_PRESSED


def _decide_new_call(call: NewCall, rules: Rules | None) -> Decision:
    if rules is None:
        return _RULES_NOT_LOADED
    if call.direction is Direction.OUT:
        return _decide_outbound(call, rules)
    if rule := rules.blocking(call.caller):
        return Decision(answer=Reject(), reason=rule.reason)
    if spared := rules.sparing(call.caller):
        return Decision(answer=LetRing(), reason=because(Decided.SPARED, rule=spared.reason))
    return _NO_RULE


def _decide_outbound(call: NewCall, rules: Rules) -> Decision:
    if rules.keep_hidden and call.caller.strip().lower() == WITHHELD:
        return Decision(answer=LetRing(), reason=because(Decided.KEPT_HIDDEN))
    caller_id = rules.caller_id_for(call)
    if caller_id is None:
        return _NO_RULE
    number = call.callee.removeprefix("+")
    if not _dialled(number):
        return _NO_OUTSIDE_NUMBER
    return Decision(answer=Dial(number=number, caller_id=caller_id.digits), reason=caller_id.reason)


def _dialled(number: str) -> bool:
    return len(number) >= SHORTEST_DIALLED and number.isascii() and number.isdigit()
