"""After the answer: hooks of the journal become conversations, and conversations become work for Zammad.

One transaction does both, so that a crash leaves either nothing or all of it. Between replicas one folds at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import anyio
import structlog

from sidecar.calls.caller_log import Effect, Told, join_rows, plan_row
from sidecar.calls.conversation import Conversation, Habits, conversation_from, keys_of
from sidecar.calls.decide import SWITCHED_OFF
from sidecar.calls.desk import Desk
from sidecar.calls.events import CallEvent, Direction, Unreadable, read_hook
from sidecar.calls.joining import gathered
from sidecar.calls.legs import Heard
from sidecar.errors import StoreError
from sidecar.store import conversations as saved_calls
from sidecar.store import outbox
from sidecar.store.conversations import Caller, Known, SavedConversation
from sidecar.store.database import Connection, Database, serialised
from sidecar.store.journal import NO_CONVERSATION, StoredHook, hooks_of, place_hooks, waiting_hooks

TEST_CALLS = "sidecar-test-"  # how the callIds of `simulate` begin
AT_ONCE = 500  # hooks in one transaction
RUSH_STEPS, RUSH_STEP = 10, 0.02  # seconds: a rush holds a fold back for so long
POLL = 0.5  # seconds between looks for hooks that another process has taken down

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the fold asks of the parts around it, as of one moment."""

    habits: Habits
    desk: Desk
    identify: Callable[[Connection, Conversation, Caller | None], Caller | None]  # None: as it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call on the desk: the conversation it is known as, if any, with all its hooks, old and new."""

    id: int | None
    younger: tuple[int, ...]  # conversations that prove to be the same call
    keys: tuple[str, ...]  # that do not lead here yet
    hooks: tuple[int, ...]  # ids of the new ones
    heard: tuple[Heard, ...]
    unwanted: bool = False  # all of it was heard while the integration was switched off


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A case worked out: what is to be written of it. Without a record its hooks tell of no leg."""

    case: Case
    record: SavedConversation | None = None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What one transaction did."""

    hooks: int = 0
    effects: int = 0
    unknown: tuple[str, ...] = ()  # numbers of ringing callers nobody is known for
    wake_at: float | None = None
    more: bool = False


class FollowUp:
    """Folds whenever the journal has taken something down, and when time alone changes a conversation."""

    def __init__(
        self,
        *,
        database: Database,
        office: Callable[[], Office],
        clock: Callable[[], float],
        on_folded: Callable[[Folded], None],
        rush: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._office = office
        self._clock = clock
        self._on_folded = on_folded
        self._rush = rush  # whether more hooks come than can be folded beside them
        self._news = anyio.Event()

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        pause = 0.0
        while True:
            with anyio.move_on_after(pause):
                await self._news.wait()
            self._news = anyio.Event()
            await self._let_hooks_pass()
            folded = await self.fold()
            pause = 0.0 if folded.more else POLL
            if folded.wake_at is not None:
                pause = min(pause, max(0.01, folded.wake_at - self._clock()))

    async def _let_hooks_pass(self) -> None:
        """In a rush phones come first, but nobody waits for a dialog longer than this."""
        for _ in range(RUSH_STEPS):
            if not self._rush():
                return
            await anyio.sleep(RUSH_STEP)

    async def fold(self) -> Folded:
        """One transaction's worth; a fault in the database is logged and tried again later."""
        office, now = self._office(), self._clock()
        try:
            folded = await self._database.serially(
                "fold",
                lambda connection: work_out(connection, office, now=now),
                lambda connection, sheets: write_down(connection, sheets, office, now=now),
            )
        except StoreError as error:
            log.warning("fold_waits_for_database", problem=str(error))
            return Folded()
        except Exception:
            log.exception("fold_failed")
            folded = await self._fold_singly(office, now)
        if folded.hooks or folded.effects:
            self._on_folded(folded)
        return folded

    async def _fold_singly(self, office: Office, now: float) -> Folded:
        """One hook that cannot be folded must not hold up the others: it alone is set aside, and stays listed."""
        try:
            return await self._database.write(lambda connection: fold_waiting(connection, office, now=now, limit=1))
        except StoreError:
            return Folded()
        except Exception:
            log.exception("hook_set_aside")
            return await self._database.write(_set_aside_first)


def fold_waiting(connection: Connection, office: Office, *, now: float, limit: int = AT_ONCE) -> Folded:
    """Fold the waiting hooks, and the conversations whose time has come, in one transaction."""
    serialised(connection, "fold")
    return write_down(connection, work_out(connection, office, now=now, limit=limit), office, now=now)


def work_out(connection: Connection, office: Office, *, now: float, limit: int = AT_ONCE) -> list[Sheet]:
    """Everything but the writing: it needs no write lock, which the journal wants as well.

    Conversations that prove to be one are left for `write_down`: they take work back that may be sent meanwhile.
    """
    waiting = waiting_hooks(connection, limit)
    cases = _cases(connection, waiting, saved_calls.waking(connection, now=now, limit=limit))
    known = saved_calls.known_of(connection, [case.id for case in cases if case.id is not None])
    return [Sheet(case=case) if case.younger else _sheet(connection, case, known, office, now=now) for case in cases]


def write_down(connection: Connection, sheets: Sequence[Sheet], office: Office, *, now: float) -> Folded:
    sheets = [_joined(connection, sheet.case, office, now=now) if sheet.case.younger else sheet for sheet in sheets]
    _write(connection, sheets, now=now)
    hooks = sum(len(sheet.case.hooks) for sheet in sheets)
    return Folded(
        hooks=hooks,
        effects=sum(len(sheet.effects) for sheet in sheets),
        unknown=tuple(number for sheet in sheets if (number := _unknown_number(sheet.record))),
        wake_at=saved_calls.next_waking(connection),
        more=hooks >= AT_ONCE,
    )


def _cases(connection: Connection, waiting: Sequence[StoredHook], waking: Sequence[int]) -> list[Case]:
    heard = [heard_in(hook) for hook in waiting]
    keys = [keys_of(hook.event) if hook else () for hook in heard]
    known = saved_calls.conversations_with_keys(connection, chain.from_iterable(keys))
    gatherings = gathered(keys, known)
    touched = {number for gathering in gatherings for number in gathering.conversations}
    asleep = [number for number in waking if number not in touched]
    earlier = hooks_of(connection, [*touched, *asleep])
    cases = [Case(id=number, younger=(), keys=(), hooks=(), heard=_all_heard(earlier, [number])) for number in asleep]
    for gathering in gatherings:
        numbers = sorted(gathering.conversations)
        new = [hook for position in gathering.hooks if (hook := heard[position]) is not None]
        cases.append(
            Case(
                id=numbers[0] if numbers else None,
                younger=tuple(numbers[1:]),
                keys=tuple(sorted(gathering.keys - known.keys())),
                hooks=tuple(waiting[position].id for position in gathering.hooks),
                heard=(*_all_heard(earlier, numbers), *new),
                unwanted=not numbers and all(waiting[place].decision == SWITCHED_OFF for place in gathering.hooks),
            )
        )
    return cases


def _all_heard(earlier: dict[int, list[StoredHook]], numbers: Sequence[int]) -> tuple[Heard, ...]:
    hooks = chain.from_iterable(earlier.get(number, []) for number in numbers)
    return tuple(heard for hook in hooks if (heard := heard_in(hook)) is not None)


def heard_in(hook: StoredHook) -> Heard | None:
    """The hook as the fold sees it; None where this version cannot read it."""
    event: CallEvent | Unreadable = read_hook(
        hook.body, content_type=hook.content_type, path_direction=Direction(hook.path)
    )
    if isinstance(event, Unreadable):
        return None
    return Heard(at=hook.received_at, event=event, rejected=hook.decision if hook.rejected else None)


def _sheet(connection: Connection, case: Case, known: Mapping[int, Known], office: Office, *, now: float) -> Sheet:
    conversation = conversation_from(case.heard, now=now, habits=office.habits)
    if conversation is None or case.unwanted:
        return Sheet(case=case)
    before = known[case.id] if case.id is not None else Known()
    plan = plan_row(conversation, before.told, office.desk, now=now)
    record = _record(connection, case, conversation, plan.told, known=before.caller, office=office)
    return Sheet(case=case, record=record, effects=plan.effects)


def _joined(connection: Connection, case: Case, office: Office, *, now: float) -> Sheet:
    """Several conversations prove to be one: at most one of their rows is left to be told about."""
    known = saved_calls.known_of(connection, [number for number in (case.id, *case.younger) if number is not None])
    conversation = conversation_from(case.heard, now=now, habits=office.habits)
    if conversation is None or case.id is None:
        return Sheet(case=case)
    steps: list[Effect] = []
    row = known[case.id].told
    for number in case.younger:
        younger = known[number].told
        if younger.call_id and row.call_id and outbox.withdraw_row(connection, number, younger.call_id):
            younger = Told()  # nothing of it has reached Zammad: as if it had never been
        joined = join_rows(row, younger, conversation, office.desk, now=now)
        steps += joined.effects
        row = joined.told
    plan = plan_row(conversation, row, office.desk, now=now)
    record = _record(connection, case, conversation, plan.told, known=None, office=office)
    return Sheet(case=case, record=record, effects=(*steps, *plan.effects))


def _record(
    connection: Connection,
    case: Case,
    conversation: Conversation,
    told: Told,
    *,
    known: Caller | None,
    office: Office,
) -> SavedConversation:
    addressee = office.desk.addressee(conversation.talker) if conversation.talker else None
    return SavedConversation(
        id=case.id,
        conversation=conversation,
        told=told,
        caller=office.identify(connection, conversation, known),
        agent=addressee.name if addressee else None,
        agent_id=addressee.agent_id if addressee else None,
        test=any(leg.call_id.startswith(TEST_CALLS) for leg in conversation.legs),
    )


def _write(connection: Connection, sheets: Sequence[Sheet], *, now: float) -> None:
    records = [(sheet, sheet.record) for sheet in sheets if sheet.record is not None]
    ids = saved_calls.save_conversations(connection, [record for _, record in records], now=now)
    numbered = [(number, sheet) for number, (sheet, _) in zip(ids, records, strict=True)]
    for number, sheet in numbered:
        if sheet.case.younger:
            saved_calls.absorb(connection, number, sheet.case.younger)
    places = dict.fromkeys(chain.from_iterable(s.case.hooks for s in sheets if s.record is None), NO_CONVERSATION)
    places.update((hook, number) for number, sheet in numbered for hook in sheet.case.hooks)
    place_hooks(connection, places)
    saved_calls.add_keys(connection, {key: number for number, sheet in numbered for key in sheet.case.keys})
    outbox.put(connection, [(number, effect) for number, sheet in numbered for effect in sheet.effects], now=now)


def _set_aside_first(connection: Connection) -> Folded:
    serialised(connection, "fold")
    first = waiting_hooks(connection, 1)
    place_hooks(connection, {hook.id: NO_CONVERSATION for hook in first})
    return Folded(hooks=len(first), more=True)


def _unknown_number(record: SavedConversation | None) -> str | None:
    if record is None or record.caller is None or record.conversation.ended_at is not None:
        return None
    return record.caller.number if record.caller.certainty == "unknown" else None
