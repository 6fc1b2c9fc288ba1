"""What Zammad's caller log shall show of a conversation, and the requests that make it so.

The plan compares what Zammad has been told with what is true now. It is told nothing twice, so folding the same hooks
again causes no work (docs/reference/zammad.md section 1.5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from sidecar.calls.conversation.conversation import Conversation, State
from sidecar.calls.conversation.desk import NOBODY, Addressee, Desk
from sidecar.calls.conversation.legs import VOICEMAIL, Leg, Pickup, Taker
from sidecar.calls.reasons import Reason
from sidecar.calls.sipgate.events import Direction

LONGEST_KEY, LEGIBLE = 250, 150  # characters
UNANSWERED = frozenset({State.MISSED, State.SHORT_RING})  # all the same to Zammad


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """`newCall`. Its repetition does no harm."""

    call_id: str
    direction: str
    caller: str
    callee: str
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAnswer:
    """`answer`. With an agent it opens a dialog in that agent's browser, if sent before `dialog_until`."""

    call_id: str
    direction: str
    caller: str
    callee: str
    user: str | None = None
    agent_id: int | None = None
    dialog_until: float | None = None  # UTC epoch seconds
    rang_at: float | None = None  # since when this phone had been ringing; None: nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRow:
    """`hangup`. Its repetition turns a missed call into a handled one.

    With `blocked` the words for it take the place of the cause.
    """

    call_id: str
    direction: str
    caller: str
    callee: str
    cause: str
    blocked: Reason | None = None


Effect = OpenRow | ShowAnswer | CloseRow


class Otherwise(StrEnum):
    """Why Zammad was told something otherwise than planned, or not yet."""

    NO_AGENT = "otherwise.no_agent"
    MAY_BE_OPEN = "otherwise.may_be_open"
    BROWSERS_AWAY = "otherwise.browsers_away"
    PHONE_OFF = "otherwise.phone_off"
    CALL_ENDED = "otherwise.call_ended"
    TOO_LATE = "otherwise.too_late"
    WITHHELD = "otherwise.withheld"
    LOG_UNREADABLE = "otherwise.log_unreadable"  # error
    ROW_UNLISTED = "otherwise.row_unlisted"
    DONE_BEFORE = "otherwise.done_before"
    NO_TOKEN = "otherwise.no_token"  # noqa: S105 - a code
    TRIED = "otherwise.tried"  # why, times
    JOINED = "otherwise.joined"  # with another row


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What Zammad has been told of a conversation, or will be by what is in the outbox."""

    call_id: str | None = None  # key of the row; None: there is none yet
    answered: bool = False
    shown: Addressee = NOBODY  # as having answered
    closed_at: float | None = None
    legs: tuple[str, ...] = ()  # those known when the row was closed
    dialogs: tuple[int, ...] = ()  # agents who have got theirs

    def is_news(self, who: Addressee) -> bool:
        """A pick-up by somebody unknown takes no name away."""
        return not self.answered or (who.name is not None and who != self.shown)

    def after(self, answer: ShowAnswer, who: Addressee) -> Told:
        opened = (answer.agent_id,) if answer.agent_id is not None else ()
        return replace(self, answered=True, shown=who, dialogs=(*self.dialogs, *opened))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    effects: tuple[Effect, ...]
    told: Told


def plan_row(conversation: Conversation, told: Told, desk: Desk, *, now: float) -> Plan:
    """What to tell Zammad next, and what it has been told then."""
    steps: list[Effect] = []
    if told.call_id is None or _came_back(conversation, told):
        leg = conversation.root if told.call_id is None else _new_legs(conversation, told)[-1]
        if not _worth_a_row(conversation, desk, now=now):
            return Plan(effects=(), told=told)
        told = Told(call_id=row_key(leg.call_id), dialogs=told.dialogs)
        steps.append(_opening(conversation, leg, desk))
    who = _shown(conversation, desk)
    if told.closed_at is None and who is not None and told.is_news(who):
        answer = _answer(conversation, told, who, desk)
        steps.append(answer)
        told = told.after(answer, who)
    if told.closed_at is None and conversation.settled_at is not None and now >= conversation.settled_at:
        steps.append(_closing(conversation, told, desk))
        told = replace(told, closed_at=now, legs=tuple(leg.call_id for leg in conversation.legs))
    return Plan(effects=tuple(steps), told=told)


def join_rows(elder: Told, younger: Told, conversation: Conversation, desk: Desk, *, now: float) -> Plan:
    """Two rows of what proves to be one call: the younger is ended as forwarded and hears no more.

    Unless the elder is closed already, and takes no events any more: then the younger goes on alone.
    """
    dialogs = tuple(dict.fromkeys((*elder.dialogs, *younger.dialogs)))
    legs = tuple(dict.fromkeys((*elder.legs, *younger.legs)))
    if elder.call_id is None or younger.call_id is None:
        return Plan(effects=(), told=replace(elder if elder.call_id else younger, dialogs=dialogs, legs=legs))
    if elder.closed_at is not None and younger.closed_at is None:
        return Plan(effects=(), told=replace(younger, dialogs=dialogs, legs=legs))
    told = replace(elder, dialogs=dialogs, legs=legs)
    if younger.closed_at is not None:
        return Plan(effects=(), told=told)
    ended = _closing(conversation, replace(younger, closed_at=now), desk)
    return Plan(effects=(replace(ended, cause="forwarded", blocked=None),), told=told)


def row_key(call_id: str) -> str:
    """Zammad keeps 250 characters of a callId and looks for all of them: longer ones get a short name of their own."""
    if len(call_id) <= LONGEST_KEY:
        return call_id
    return f"{call_id[:LEGIBLE]}-{sha256(call_id.encode('utf-8', 'replace')).hexdigest()}"


def _came_back(conversation: Conversation, told: Told) -> bool:
    """The row was closed, and then another leg was heard of: a closed row takes no answer any more.

    Where that leg has ended, too, it is only worth telling if the closed row does not count as missed.
    """
    if told.closed_at is None or not _new_legs(conversation, told):
        return False
    known = frozenset(told.legs)
    then = [leg for leg in conversation.legs if leg.call_id in known]
    hidden = bool(then) and all(leg.forwarded for leg in then)
    return conversation.ended_at is None or (conversation.state in UNANSWERED and hidden)


def _new_legs(conversation: Conversation, told: Told) -> list[Leg]:
    known = frozenset(told.legs)
    return [leg for leg in conversation.legs if leg.call_id not in known]


def _worth_a_row(conversation: Conversation, desk: Desk, *, now: float) -> bool:
    if conversation.state is State.BLOCKED and not desk.log_blocked_calls:
        return False
    if not (conversation.caller or conversation.callee or any(leg.rang for leg in conversation.legs)):
        return False
    return now >= conversation.opens_at


def _opening(conversation: Conversation, leg: Leg, desk: Desk) -> OpenRow:
    return OpenRow(
        call_id=row_key(leg.call_id),
        direction=str(conversation.direction),
        caller=desk.written(leg.caller or conversation.caller),
        callee=desk.written(leg.callee or conversation.callee),
        users=tuple(user for user in leg.users if user.strip().casefold() != VOICEMAIL),
    )


def _shown(conversation: Conversation, desk: Desk) -> Addressee | None:
    """Who is to be shown as having answered: the last person who talks, else what answered instead."""
    if conversation.talker is not None:
        outbound = conversation.direction is Direction.OUT  # the callee's name stands there and would be lost
        return NOBODY if outbound else desk.addressee(conversation.talker)
    if conversation.state is State.BLOCKED:
        return Addressee(name="blocked", agent_id=None)
    return Addressee(name=VOICEMAIL, agent_id=None) if conversation.recorded else None


def _answer(conversation: Conversation, told: Told, who: Addressee, desk: Desk) -> ShowAnswer:
    talker = conversation.talker
    opens = who.agent_id is not None and who.agent_id not in told.dialogs and conversation.ended_at is None
    dialog = opens and desk.may_open and talker is not None and not conversation.from_extension
    return ShowAnswer(
        call_id=told.call_id or row_key(conversation.root.call_id),
        direction=str(conversation.direction),
        caller=desk.written(conversation.caller),
        callee=desk.written(conversation.callee),
        user=who.name,
        agent_id=who.agent_id if dialog else None,
        dialog_until=talker.at + desk.popup_ttl if dialog and talker else None,
        rang_at=_rang_at(conversation, talker) if dialog and talker else None,
    )


def _rang_at(conversation: Conversation, talker: Pickup) -> float | None:
    """A leg that somebody else had picked up before was handed over: no phone rang for that, as far as is known."""
    leg = next(leg for leg in conversation.legs if talker in leg.pickups)
    first = next(pickup for pickup in leg.pickups if pickup.taker is Taker.PERSON)
    return leg.began_at if leg.rang and first == talker else None


def _closing(conversation: Conversation, told: Told, desk: Desk) -> CloseRow:
    return CloseRow(
        call_id=told.call_id or row_key(conversation.root.call_id),
        direction=str(conversation.direction),
        caller=desk.written(conversation.caller),
        callee=desk.written(conversation.callee),
        cause=_shown_cause(conversation),
        blocked=conversation.blocked if conversation.state is State.BLOCKED else None,
    )


def _shown_cause(conversation: Conversation) -> str:
    """Zammad counts a row as missed by its state and shows the cause (docs/reference/zammad.md section 1.3)."""
    match conversation.state:
        case State.BLOCKED:
            return "blocked"
        case State.UNKNOWN:
            return "forwarded" if conversation.cause == "forwarded" else "unknown"
        case State.ENDED:
            return "normalClearing"
        case State.MISSED | State.SHORT_RING if conversation.recorded:
            return "normalClearing"
        case _ if conversation.cause in (None, "normalClearing", "forwarded"):
            return "noAnswer"
        case _:
            return conversation.cause or "noAnswer"
