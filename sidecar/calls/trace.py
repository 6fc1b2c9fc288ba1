"""Why a call was shown as it was, and why a dialog opened or not, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sidecar.calls.agents import Agent
from sidecar.calls.caller_log import CloseRow, OpenRow, ShowAnswer, Told
from sidecar.calls.conversation import Conversation, State
from sidecar.calls.decide import SWITCHED_OFF
from sidecar.calls.events import Direction
from sidecar.calls.form import on_one_line
from sidecar.calls.legs import Leg, Pickup, Taker
from sidecar.calls.rules import Rules

_WORDS = {OpenRow: "opening the row", ShowAnswer: "showing who answered", CloseRow: "closing the row"}


class Delivery(Protocol):
    """What came of an effect; a parcel of the outbox is one."""

    @property
    def effect(self) -> object: ...
    @property
    def state(self) -> str:
        """pending, done, dead or discarded"""

    @property
    def note(self) -> str | None: ...


def explain(
    conversation: Conversation, *, told: Told, deliveries: Sequence[Delivery], rules: Rules | None
) -> list[str]:
    """One sentence for each thing that happened or did not: pick-ups and dialogs, the row in Zammad, troubles.

    `told` is what Zammad was told of the conversation or will be; `deliveries` are its parcels in their order, those
    cleaned away missing; `rules` are those of now: where something else may have been true then, a sentence says "now".
    """
    known = _Known(conversation=conversation, told=told, deliveries=deliveries, rules=rules)
    return [*_blocked(conversation), *_dialogs(known), *_row(conversation, told), *_troubles(deliveries)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    conversation: Conversation
    told: Told
    deliveries: Sequence[Delivery]
    rules: Rules | None


def _blocked(conversation: Conversation) -> Iterator[str]:
    if conversation.blocked:
        yield f"the caller was told busy: {on_one_line(conversation.blocked, 200)}"


def _dialogs(known: _Known) -> Iterator[str]:
    conversation = known.conversation
    if conversation.internal:
        yield "no dialog: an internal call"
    elif conversation.direction is Direction.OUT:
        yield "no dialog: outbound calls open none"
    elif conversation.state is State.BLOCKED:
        yield "no dialog: nobody's phone rang"
    else:
        yield from _answers(conversation.legs)
        yield from _pickups(known)
        if not conversation.talkers:
            yield _nobody_talked(conversation)


def _pickups(known: _Known) -> Iterator[str]:
    """By persons, in the order in which they took over."""
    rules, served = known.rules, set[int]()
    for pickup in known.conversation.talkers:
        agent = rules.agent_for(pickup.user_id, pickup.full_user_id) if rules else None
        if agent is None:
            why = _why_nobody(pickup, rules)
        elif agent.id in served:
            why = f"no dialog for {_called(agent)}, who has got one for this call already"
        else:
            served.add(agent.id)
            why = _dialog_for(agent, pickup, known)
        yield f"answered by {_named(pickup)}: {why}"


def _answers(legs: Iterable[Leg]) -> Iterator[str]:
    """By what is no person."""
    for leg in legs:
        for pickup in leg.pickups:
            if pickup.taker is Taker.MACHINE:
                yield "answered by voicemail, which gets no dialog"
            elif pickup.taker is Taker.QUEUE:
                yield f"answered by {_named(pickup)}, which calls.queue_names lists as a queue: no dialog"


def _nobody_talked(conversation: Conversation) -> str:
    match conversation.state:
        case State.RINGING:
            return "no dialog yet: nobody has picked up"
        case State.UNKNOWN:
            return "no dialog: no hook told of anybody picking up"
        case _:
            return "no dialog: nobody picked up"


def _dialog_for(agent: Agent, pickup: Pickup, known: _Known) -> str:
    sent = [each for each in known.deliveries if _opens_for(each, agent)]
    if sent:
        return _of_delivery(sent[-1], agent)
    if agent.id in known.told.dialogs:
        return f"a dialog was sent for {_called(agent)}; what came of it is not kept any more"
    return f"no dialog for {_called(agent)}, {_why_not(agent, pickup, known)}"


def _opens_for(delivery: Delivery, agent: Agent) -> bool:
    return isinstance(delivery.effect, ShowAnswer) and delivery.effect.agent_id == agent.id


def _why_nobody(pickup: Pickup, rules: Rules | None) -> str:
    if rules is None:
        return "no dialog, because the agent map was never read from Zammad"
    if not (pickup.user_id or pickup.full_user_id):
        return "no dialog, because sipgate did not say which of its users that is"
    return "no dialog, because no agent has this sipgate user"


def _of_delivery(delivery: Delivery, agent: Agent) -> str:
    note = f" ({on_one_line(delivery.note, 200)})" if delivery.note else ""
    match delivery.state:
        case "done" if delivery.note:
            return f"no dialog for {_called(agent)}, because: {on_one_line(delivery.note, 200)}"
        case "done":
            return f"a dialog was opened for {_called(agent)}"
        case "dead":
            return f"no dialog for {_called(agent)}, because Zammad refused it{note}"
        case "discarded":
            return f"no dialog for {_called(agent)}, because the message was discarded{note}"
        case _:
            return f"the dialog for {_called(agent)} waits for its delivery{note}"


def _why_not(agent: Agent, pickup: Pickup, known: _Known) -> str:
    """The plan asked for none; told from what is known now."""
    conversation = known.conversation
    if known.rules is not None and not known.rules.enabled:
        return f"because the {SWITCHED_OFF} now"
    if conversation.from_extension:
        return "because a colleague's extension calls"
    if conversation.ended_at is not None and conversation.ended_at <= pickup.at:
        return "because the call had ended before the answer was heard of"
    if not agent.phone_switch:
        return "whose phone switch is off now"
    return "because the call had ended, or the map named nobody, when the answer was worked through"


def _row(conversation: Conversation, told: Told) -> Iterator[str]:
    if told.call_id is None:
        yield f"no row in Zammad's caller log: {_why_no_row(conversation)}"
        return
    shown = f", shown as answered by {on_one_line(told.shown.name, 80)}" if told.shown.name else ""
    end = ", closed" if told.closed_at is not None else ""
    yield f"one row in Zammad's caller log{shown}{end}"


def _why_no_row(conversation: Conversation) -> str:
    if conversation.state is State.BLOCKED:
        return "calls.log_blocked_calls is off"
    if not (conversation.caller or conversation.callee):
        return "no hook carried a number"
    return "it waits for the leg this one may have come from"


def _troubles(deliveries: Iterable[Delivery]) -> Iterator[str]:
    """What Zammad was not told as planned; a dialog's delivery has been spoken of."""
    for each in deliveries:
        if isinstance(each.effect, ShowAnswer) and each.effect.agent_id is not None:
            continue
        what = _WORDS.get(type(each.effect), "another message to Zammad")
        note = f": {on_one_line(each.note, 200)}" if each.note else ""
        if each.state == "pending":
            yield f"{what} waits for its delivery{note}"
        elif each.state == "dead":
            yield f"{what} was refused by Zammad for good{note}"
        elif each.state == "discarded":
            yield f"{what} was discarded{note}"
        elif note:
            yield f"{what} was delivered{note}"


def _named(pickup: Pickup) -> str:
    sipgate_id = pickup.user_id or pickup.full_user_id
    if sipgate_id and pickup.user:
        return f"{on_one_line(sipgate_id)} ({on_one_line(pickup.user)})"
    return on_one_line(sipgate_id or pickup.user or "somebody unknown")


def _called(agent: Agent) -> str:
    return on_one_line(agent.name, 80)
