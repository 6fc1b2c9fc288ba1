"""What one authenticated hook said, what it is told, and the journal's row of both."""

from __future__ import annotations

from dataclasses import dataclass, field

from sidecar.calls.decide import Decided, Decision, decide
from sidecar.calls.reasons import as_text, because
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.answer import Acknowledge, Answer, Dial, LetRing, Reject
from sidecar.calls.sipgate.events import Answered, CallEvent, HungUp, KeysPressed, NewCall, Unreadable
from sidecar.hooks.http import HookAddress
from sidecar.store.journal.rows import HookRow, HookStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An authenticated request."""

    received_at: float  # UTC epoch seconds
    path: HookAddress
    content_type: str | None
    body: bytes = field(repr=False)
    source: str
    signature: str  # a `Signature`, or `NOT_CHECKED`


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a hook said and what it is told."""

    event: CallEvent | None  # None where it could not be read
    decision: Decision
    status: HookStatus = HookStatus.OK
    switched_off: bool = False

    @property
    def event_name(self) -> str:
        return _EVENT_NAMES.get(type(self.event), "none")

    @property
    def outcome(self) -> str:
        """One word for the metrics."""
        if self.status is not HookStatus.OK:
            return self.status
        return "switched_off" if self.switched_off else _OUTCOMES[type(self.decision.answer)]


_EVENT_NAMES: dict[type, str] = {NewCall: "newCall", Answered: "answer", HungUp: "hangup", KeysPressed: "dtmf"}
_OUTCOMES: dict[type[Answer], str] = {
    LetRing: "let_ring",
    Reject: "reject",
    Dial: "dial",
    Acknowledge: "acknowledge",
}


def judge(event: CallEvent | Unreadable, rules: Rules | None) -> Judgement:
    switched_off = rules is not None and not rules.enabled
    match event:
        case Unreadable(reason=reason):
            decision = Decision(answer=Acknowledge(), reason=because(Decided.UNREADABLE, why=reason))
            return Judgement(event=None, decision=decision, status=HookStatus.UNREADABLE, switched_off=switched_off)
        case NewCall() | Answered() | HungUp() | KeysPressed():
            return Judgement(event=event, decision=decide(event, rules), switched_off=switched_off)


def judge_after_fault(event: CallEvent | Unreadable | None) -> Judgement:
    """Callbacks are asked for where this may be a new call: without them nothing more is heard of it."""
    known = None if isinstance(event, Unreadable) else event
    answer: Answer = LetRing() if known is None or isinstance(known, NewCall) else Acknowledge()
    return Judgement(
        event=known, decision=Decision(answer=answer, reason=because(Decided.FAULT)), status=HookStatus.FAULT
    )


def hook_row(hook: Hook, judgement: Judgement, xml: bytes) -> HookRow:
    """`xml`: the answer without the token."""
    event = judgement.event
    placed = None if event is None or isinstance(event, KeysPressed) else event
    return HookRow(
        received_at=hook.received_at,
        path=hook.path.direction.value,
        content_type=hook.content_type,
        body=hook.body,
        source=hook.source,
        signature=hook.signature,
        event=judgement.event_name if event else None,
        call_id=event.call_id if event else None,
        direction=placed.direction.value if placed and placed.direction else None,
        caller=placed.caller if placed else None,
        callee=placed.callee if placed else None,
        status=judgement.status.value,
        decision=as_text(judgement.decision.reason),
        rejected=isinstance(judgement.decision.answer, Reject),
        answer=xml.decode(),
    )
