"""Why a call was shown as it was, and why a dialog opened or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sidecar.calls.conversation.caller_log import CloseRow, OpenRow, ShowAnswer, Told
from sidecar.calls.conversation.conversation import Conversation, State
from sidecar.calls.conversation.legs import Leg, Pickup, Taker
from sidecar.calls.conversation.parcels import ParcelState
from sidecar.calls.reasons import Parameter, Reason, because
from sidecar.calls.rules.agents import Agent
from sidecar.calls.rules.rules import Rules
from sidecar.calls.sipgate.events import Direction
from sidecar.calls.sipgate.form import on_one_line


class Traced(StrEnum):
    """What happened, or did not."""

    TOLD_BUSY = "traced.told_busy"  # why: the decision
    ANSWERED = "traced.answered"  # who, dialog: a `Dialog`
    VOICEMAIL = "traced.voicemail"
    QUEUE = "traced.queue"  # who
    UNNAMED = "traced.unnamed"
    SOMEBODY = "traced.somebody"  # who answered
    ROW = "traced.row"
    ROW_CLOSED = "traced.row_closed"
    ROW_ANSWERED = "traced.row_answered"  # name
    ROW_ANSWERED_CLOSED = "traced.row_answered_closed"  # name
    NO_ROW_BLOCKED = "traced.no_row_blocked"
    NO_ROW_NUMBERLESS = "traced.no_row_numberless"
    NO_ROW_YET = "traced.no_row_yet"
    WAITING = "traced.waiting"  # what: a `Telling`
    REFUSED = "traced.refused"  # what
    DISCARDED = "traced.discarded"  # what
    DELIVERED = "traced.delivered"  # what
    NOTED = "traced.noted"  # what: one of the four before, note


class Telling(StrEnum):
    """What Zammad is told."""

    OPENING = "telling.opening"
    ANSWER = "telling.answer"
    CLOSING = "telling.closing"
    OTHER = "telling.other"


class Dialog(StrEnum):
    """Why one opened or not; those with an agent say whom for."""

    INTERNAL = "dialog.internal"
    OUTBOUND = "dialog.outbound"
    NOTHING_RANG = "dialog.nothing_rang"
    NOBODY_YET = "dialog.nobody_yet"
    UNHEARD = "dialog.unheard"
    NOBODY = "dialog.nobody"
    NO_MAP = "dialog.no_map"
    NO_USER = "dialog.no_user"
    NO_AGENT = "dialog.no_agent"
    OPENED = "dialog.opened"  # agent
    GOT_ONE = "dialog.got_one"  # agent
    SENT = "dialog.sent"  # agent
    NOT_OPENED = "dialog.not_opened"  # agent, why: of the delivery
    REFUSED = "dialog.refused"  # agent
    DISCARDED = "dialog.discarded"  # agent
    WAITING = "dialog.waiting"  # agent
    NOTED = "dialog.noted"  # what: one of the three before, note
    SWITCHED_OFF = "dialog.switched_off"  # agent
    EXTENSION = "dialog.extension"  # agent
    ENDED_BEFORE = "dialog.ended_before"  # agent
    PHONE_OFF = "dialog.phone_off"  # agent
    NOT_PLANNED = "dialog.not_planned"  # agent


ABOUT_DIALOGS = frozenset({Traced.TOLD_BUSY, Traced.ANSWERED, Traced.VOICEMAIL, Traced.QUEUE, Traced.UNNAMED, *Dialog})
_MESSAGES = {OpenRow: Telling.OPENING, ShowAnswer: Telling.ANSWER, CloseRow: Telling.CLOSING}


class Posted(Protocol):
    """What came of an effect; a parcel of the outbox is one."""

    @property
    def effect(self) -> object: ...
    @property
    def state(self) -> ParcelState: ...

    @property
    def note(self) -> Reason | None: ...


def explain(
    conversation: Conversation, *, told: Told, deliveries: Sequence[Posted], rules: Rules | None
) -> list[Reason]:
    """One for each thing that happened or did not: pick-ups and dialogs, the row in Zammad, troubles.

    `told` is what Zammad was told of the conversation or will be; `deliveries` are its parcels in their order, those
    cleaned away missing; `rules` are those of now, where something else may have been true then.
    """
    given = _Given(conversation=conversation, told=told, deliveries=deliveries, rules=rules)
    return [*_blocked(conversation), *_dialogs(given), _row(conversation, told), *_troubles(deliveries)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    conversation: Conversation
    told: Told
    deliveries: Sequence[Posted]
    rules: Rules | None


def _blocked(conversation: Conversation) -> Iterator[Reason]:
    if conversation.blocked:
        yield because(Traced.TOLD_BUSY, why=conversation.blocked)


def _dialogs(given: _Given) -> Iterator[Reason]:
    conversation = given.conversation
    if conversation.internal:
        yield because(Dialog.INTERNAL)
    elif conversation.direction is Direction.OUT:
        yield because(Dialog.OUTBOUND)
    elif conversation.state is State.BLOCKED:
        yield because(Dialog.NOTHING_RANG)
    else:
        yield from _answers(conversation.legs)
        yield from _pickups(given)
        if not conversation.talkers:
            yield because(_nobody_talked(conversation))


def _pickups(given: _Given) -> Iterator[Reason]:
    """By persons, in the order in which they took over."""
    rules, served = given.rules, set[int]()
    for pickup in given.conversation.talkers:
        agent = rules.agent_for(pickup.user_id, pickup.full_user_id) if rules else None
        if agent is None:
            dialog = because(_why_nobody(pickup, rules))
        elif agent.id in served:
            dialog = _about(Dialog.GOT_ONE, agent)
        else:
            served.add(agent.id)
            dialog = _dialog_for(agent, pickup, given)
        yield because(Traced.ANSWERED, who=_named(pickup), dialog=dialog)


def _answers(legs: Iterable[Leg]) -> Iterator[Reason]:
    """By what is no person."""
    for leg in legs:
        for pickup in leg.pickups:
            if pickup.taker is Taker.MACHINE:
                yield because(Traced.VOICEMAIL)
            elif pickup.taker is Taker.QUEUE:
                yield because(Traced.QUEUE, who=_named(pickup))
            elif pickup.taker is Taker.UNNAMED:
                yield because(Traced.UNNAMED)


def _nobody_talked(conversation: Conversation) -> Dialog:
    match conversation.state:
        case State.RINGING:
            return Dialog.NOBODY_YET
        case State.UNKNOWN:
            return Dialog.UNHEARD
        case _:
            return Dialog.NOBODY


def _dialog_for(agent: Agent, pickup: Pickup, given: _Given) -> Reason:
    sent = [each for each in given.deliveries if _opens_for(each, agent)]
    if sent:
        return _of_delivery(sent[-1], agent)
    if agent.id in given.told.dialogs:
        return _about(Dialog.SENT, agent)
    return _about(_why_not(agent, pickup, given), agent)


def _opens_for(delivery: Posted, agent: Agent) -> bool:
    return isinstance(delivery.effect, ShowAnswer) and delivery.effect.agent_id == agent.id


def _why_nobody(pickup: Pickup, rules: Rules | None) -> Dialog:
    if rules is None:
        return Dialog.NO_MAP
    return Dialog.NO_AGENT if pickup.user_id or pickup.full_user_id else Dialog.NO_USER


def _of_delivery(delivery: Posted, agent: Agent) -> Reason:
    match delivery.state:
        case ParcelState.DONE if delivery.note:
            return because(Dialog.NOT_OPENED, agent=_called(agent), why=delivery.note)
        case ParcelState.DONE:
            return _about(Dialog.OPENED, agent)
        case ParcelState.DEAD:
            return _noted(Dialog.NOTED, _about(Dialog.REFUSED, agent), delivery)
        case ParcelState.DISCARDED:
            return _noted(Dialog.NOTED, _about(Dialog.DISCARDED, agent), delivery)
        case ParcelState.PENDING:
            return _noted(Dialog.NOTED, _about(Dialog.WAITING, agent), delivery)


def _why_not(agent: Agent, pickup: Pickup, given: _Given) -> Dialog:
    """The plan asked for none; told from what is known now."""
    conversation = given.conversation
    if given.rules is not None and not given.rules.enabled:
        return Dialog.SWITCHED_OFF
    if conversation.from_extension:
        return Dialog.EXTENSION
    if conversation.ended_at is not None and conversation.ended_at <= pickup.at:
        return Dialog.ENDED_BEFORE
    return Dialog.NOT_PLANNED if agent.phone_switch else Dialog.PHONE_OFF


def _row(conversation: Conversation, told: Told) -> Reason:
    if told.call_id is None:
        return because(_why_no_row(conversation))
    closed = told.closed_at is not None
    if told.shown.name:
        code = Traced.ROW_ANSWERED_CLOSED if closed else Traced.ROW_ANSWERED
        return because(code, name=on_one_line(told.shown.name, 80))
    return because(Traced.ROW_CLOSED if closed else Traced.ROW)


def _why_no_row(conversation: Conversation) -> Traced:
    if conversation.state is State.BLOCKED:
        return Traced.NO_ROW_BLOCKED
    return Traced.NO_ROW_YET if conversation.caller or conversation.callee else Traced.NO_ROW_NUMBERLESS


def _troubles(deliveries: Iterable[Posted]) -> Iterator[Reason]:
    """What Zammad was not told as planned; a dialog's delivery has been spoken of."""
    states = {
        ParcelState.PENDING: Traced.WAITING,
        ParcelState.DONE: Traced.DELIVERED,
        ParcelState.DEAD: Traced.REFUSED,
        ParcelState.DISCARDED: Traced.DISCARDED,
    }
    for each in deliveries:
        if isinstance(each.effect, ShowAnswer) and each.effect.agent_id is not None:
            continue
        if each.state is not ParcelState.DONE or each.note:
            what = because(_MESSAGES.get(type(each.effect), Telling.OTHER))
            yield _noted(Traced.NOTED, because(states[each.state], what=what), each)


def _noted(code: str, what: Reason, delivery: Posted) -> Reason:
    return because(code, what=what, note=delivery.note) if delivery.note else what


def _about(code: Dialog, agent: Agent) -> Reason:
    return because(code, agent=_called(agent))


def _named(pickup: Pickup) -> Parameter:
    sipgate_id = pickup.user_id or pickup.full_user_id
    if sipgate_id and pickup.user:
        return f"{on_one_line(sipgate_id)} ({on_one_line(pickup.user)})"
    known = sipgate_id or pickup.user
    return on_one_line(known) if known else because(Traced.SOMEBODY)


def _called(agent: Agent) -> str:
    return on_one_line(agent.name, 80)
