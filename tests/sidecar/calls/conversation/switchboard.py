"""The fold and the plan played event by event in memory, against a model of Zammad's caller log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sidecar.calls.conversation.caller_log import CloseRow, Effect, OpenRow, ShowAnswer, Told, join_rows, plan_row
from sidecar.calls.conversation.conversation import Conversation, Habits, conversation_from
from sidecar.calls.conversation.desk import Addressee, Desk, Party
from sidecar.calls.conversation.joining import gathered, links_of
from sidecar.calls.conversation.legs import AnswerHabits, Heard
from sidecar.calls.reasons import Reason
from sidecar.calls.sipgate.events import CallEvent

HABITS = Habits(
    answers=AnswerHabits(queue_names=frozenset({"support"})), shortest_ring=0.0
)  # traces are played without pauses
LONG_AFTER = 20_000.0  # seconds: every limit has passed


@dataclass(slots=True, kw_only=True)
class Row:
    """A row of Zammad's caller log (docs/reference/zammad.md section 1.3)."""

    direction: str
    state: str = "newCall"
    done: bool = False
    shown: str | None = None
    cause: str | None = None


@dataclass(slots=True, kw_only=True)
class CallerLog:
    rows: dict[str, Row] = field(default_factory=dict)
    dialogs: list[int] = field(default_factory=list)

    def apply(self, effect: Effect) -> None:
        match effect:
            case OpenRow():
                assert effect.call_id not in self.rows, "newCall was sent twice"
                self.rows[effect.call_id] = Row(direction=effect.direction, done=effect.direction == "out")
            case ShowAnswer():
                self._answer(self.rows[effect.call_id], effect)
            case CloseRow():
                self._close(self.rows[effect.call_id], effect)

    def _answer(self, row: Row, effect: ShowAnswer) -> None:
        assert row.state != "hangup", "an answer after the hangup opens nothing"
        row.state, row.done = "answer", True
        row.shown = effect.user or row.shown
        if effect.agent_id is not None:
            self.dialogs.append(effect.agent_id)

    def _close(self, row: Row, effect: CloseRow) -> None:
        assert row.state != "hangup", "hangup was sent twice: a missed call would count as handled"
        missed = row.direction == "in" and row.state == "newCall" and effect.cause != "forwarded"
        row.done = not (missed or row.shown == "voicemail")
        row.state, row.cause = "hangup", effect.cause


def addressee(pickup: Party) -> Addressee:
    agent = int(pickup.user_id[1:]) if pickup.user_id else None
    return Addressee(name=pickup.user, agent_id=agent)


DESK = Desk(addressee=addressee, written=lambda number: number or "anonymous")


@dataclass(slots=True, kw_only=True)
class _Call:
    told: Told = field(default_factory=Told)
    heard: list[Heard] = field(default_factory=list)
    conversation: Conversation | None = None

    def roots(self) -> frozenset[str]:
        return frozenset(links.legs[0] for heard in self.heard if (links := links_of(heard.event)).fresh)


@dataclass(slots=True, kw_only=True)
class Switchboard:
    """Hears events one by one, each followed at once by fold and plan, as `follow_up` does with the database."""

    desk: Desk = DESK
    habits: Habits = HABITS
    log: CallerLog = field(default_factory=CallerLog)
    calls: dict[int, _Call] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    now: float = 1_000.0

    def hear(self, event: CallEvent, *, rejected: Reason | None = None) -> None:
        self._fold(*self._take_down(event, rejected))

    def call_in_one(self, *events: CallEvent) -> None:
        """Events of one known call, folded together."""
        for event in events:
            call, younger = self._take_down(event, None)
        self._fold(call, younger)

    def _take_down(self, event: CallEvent, rejected: Reason | None) -> tuple[_Call, list[_Call]]:
        self.now += 0.01
        roots = {number: call.roots() for number, call in self.calls.items()}
        gathering = gathered([links_of(event)], self.keys, roots)[0]
        numbers = sorted(gathering.conversations) or [len(self.keys) + 1]
        call = self.calls.setdefault(numbers[0], _Call())
        younger = [self.calls.pop(number) for number in numbers[1:]]
        call.heard += [heard for other in younger for heard in other.heard]
        call.heard.append(Heard(at=self.now, event=event, rejected=rejected))
        self.keys.update({key: numbers[0] for key, number in self.keys.items() if number in numbers})
        self.keys.update(dict.fromkeys(gathering.keys - self.keys.keys(), numbers[0]))
        return call, younger

    def pass_time(self, until: float) -> None:
        """Wake each conversation when it asked to be woken, up to the instant given."""
        while wakes := [call for call in self.calls.values() if self._due(call, until)]:
            self.now = max(self.now, min(self._wake_at(call) for call in wakes))
            for call in wakes:
                self._fold(call, [])
        self.now = until

    def conversations(self) -> list[Conversation]:
        return [call.conversation for call in self.calls.values() if call.conversation is not None]

    def _fold(self, call: _Call, younger: Sequence[_Call]) -> None:
        call.conversation = conversation_from(call.heard, now=self.now, habits=self.habits)
        if call.conversation is None:
            return
        for other in younger:
            plan = join_rows(call.told, other.told, call.conversation, self.desk, now=self.now)
            self._carry_out(plan.effects)
            call.told = plan.told
        plan = plan_row(call.conversation, call.told, self.desk, now=self.now)
        self._carry_out(plan.effects)
        call.told = plan.told

    def _carry_out(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self.log.apply(effect)

    @staticmethod
    def _wake_at(call: _Call) -> float:
        assert call.conversation is not None
        assert call.conversation.wake_at is not None
        return call.conversation.wake_at

    def _due(self, call: _Call, until: float) -> bool:
        conversation = call.conversation
        return conversation is not None and conversation.wake_at is not None and conversation.wake_at <= until


def played(events: Iterable[CallEvent]) -> Switchboard:
    """A switchboard that has heard these events in this order, and then nothing for hours."""
    board = Switchboard()
    for event in events:
        board.hear(event)
    board.pass_time(board.now + LONG_AFTER)
    return board
