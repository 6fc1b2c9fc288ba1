"""After the answer: hooks of the journal become conversations, and conversations become work for Zammad.

One transaction does both, so that a crash leaves either nothing or all of it. Between replicas one folds at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import anyio
import structlog

from sidecar.calls.caller_log import Effect, Told, join_rows, plan_row
from sidecar.calls.conversation import Conversation, Habits, State, conversation_from, keys_of
from sidecar.calls.desk import Desk
from sidecar.calls.events import CallEvent, Direction, Unreadable, read_hook
from sidecar.calls.joining import gathered
from sidecar.calls.legs import Heard
from sidecar.errors import StoreError
from sidecar.store import conversations as saved_calls
from sidecar.store import outbox
from sidecar.store.conversations import Caller, SavedConversation
from sidecar.store.database import Connection, Database, serialised
from sidecar.store.journal import NO_CONVERSATION, StoredHook, hooks_of, place_hooks, waiting_hooks

TEST_CALLS = "sidecar-test-"  # how the callIds of `simulate` begin
AT_ONCE = 500  # hooks in one transaction
POLL = 0.5  # seconds between looks for hooks that another process has taken down

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the fold asks of the parts around it, as of one moment."""

    habits: Habits
    desk: Desk
    identify: Callable[[Connection, Conversation], Caller]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One call on the desk: the conversation it is known as, if any, with all its hooks, old and new."""

    id: int | None
    younger: tuple[int, ...]  # conversations that prove to be the same call
    keys: tuple[str, ...]  # that do not lead here yet
    hooks: tuple[int, ...]  # ids of the new ones
    heard: tuple[Heard, ...]


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
    ) -> None:
        self._database = database
        self._office = office
        self._clock = clock
        self._on_folded = on_folded
        self._news = anyio.Event()

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        pause = 0.0
        while True:
            with anyio.move_on_after(pause):
                await self._news.wait()
            self._news = anyio.Event()
            folded = await self.fold()
            pause = 0.0 if folded.more else POLL
            if folded.wake_at is not None:
                pause = min(pause, max(0.01, folded.wake_at - self._clock()))

    async def fold(self) -> Folded:
        """One transaction's worth; a fault in the database is logged and tried again later."""
        office, now = self._office(), self._clock()
        try:
            folded = await self._database.write(lambda connection: fold_waiting(connection, office, now=now))
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
    """Fold the waiting hooks and the conversations whose time has come."""
    serialised(connection, "fold")
    waiting = waiting_hooks(connection, limit)
    cases = _cases(connection, waiting, saved_calls.waking(connection, now=now, limit=limit))
    told = saved_calls.told_of(connection, [number for case in cases for number in _numbers(case)])
    records: list[SavedConversation] = []
    effects: list[list[Effect]] = []
    open_cases: list[Case] = []
    for case in cases:
        conversation = conversation_from(case.heard, now=now, habits=office.habits)
        if conversation is None:
            place_hooks(connection, dict.fromkeys(case.hooks, NO_CONVERSATION))
            continue
        steps, after = _plan(connection, case, conversation, told, office.desk, now=now)
        records.append(_record(connection, case, conversation, after, office))
        effects.append(steps)
        open_cases.append(case)
    _write(connection, open_cases, records, effects, now=now)
    return Folded(
        hooks=len(waiting),
        effects=sum(map(len, effects)),
        unknown=tuple(filter(None, map(_unknown_number, records))),
        wake_at=saved_calls.next_waking(connection),
        more=len(waiting) == limit,
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


def _plan(
    connection: Connection, case: Case, conversation: Conversation, told: dict[int, Told], desk: Desk, *, now: float
) -> tuple[list[Effect], Told]:
    steps: list[Effect] = []
    row = told.get(case.id, Told()) if case.id is not None else Told()
    for number in case.younger:
        younger = told.get(number, Told())
        if younger.call_id and row.call_id and outbox.withdraw_row(connection, number, younger.call_id):
            younger = Told()  # nothing of it has reached Zammad: as if it had never been
        joined = join_rows(row, younger, conversation, desk, now=now)
        steps += joined.effects
        row = joined.told
    plan = plan_row(conversation, row, desk, now=now)
    return [*steps, *plan.effects], plan.told


def _record(
    connection: Connection, case: Case, conversation: Conversation, told: Told, office: Office
) -> SavedConversation:
    talker = conversation.talker
    addressee = office.desk.addressee(talker) if talker else None
    return SavedConversation(
        id=case.id,
        conversation=conversation,
        told=told,
        caller=office.identify(connection, conversation),
        agent=addressee.name if addressee else None,
        agent_id=addressee.agent_id if addressee else None,
        test=any(leg.call_id.startswith(TEST_CALLS) for leg in conversation.legs),
    )


def _write(
    connection: Connection,
    cases: Sequence[Case],
    records: Sequence[SavedConversation],
    effects: Sequence[Sequence[Effect]],
    *,
    now: float,
) -> None:
    ids = saved_calls.save_conversations(connection, records, now=now)
    for case, number in zip(cases, ids, strict=True):
        if case.younger:
            saved_calls.absorb(connection, number, case.younger)
    saved_calls.add_keys(
        connection, {key: number for case, number in zip(cases, ids, strict=True) for key in case.keys}
    )
    place_hooks(connection, {hook: number for case, number in zip(cases, ids, strict=True) for hook in case.hooks})
    outbox.put(
        connection,
        [(number, effect) for number, steps in zip(ids, effects, strict=True) for effect in steps],
        now=now,
    )


def _set_aside_first(connection: Connection) -> Folded:
    serialised(connection, "fold")
    first = waiting_hooks(connection, 1)
    place_hooks(connection, {hook.id: NO_CONVERSATION for hook in first})
    return Folded(hooks=len(first), more=True)


def _numbers(case: Case) -> tuple[int, ...]:
    return case.younger if case.id is None else (case.id, *case.younger)


def _unknown_number(record: SavedConversation) -> str | None:
    ringing = record.conversation.state in (State.RINGING, State.ANSWERED)
    return record.caller.number if ringing and record.caller.certainty == "unknown" else None
