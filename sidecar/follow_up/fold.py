"""After the answer: hooks of the journal become conversations, and conversations become work for Zammad.

One transaction does both, so that a crash leaves either nothing or all of it. Between replicas one folds at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from time import monotonic

import anyio
import structlog

from sidecar.calls.conversation.caller_log import Effect, ShowAnswer, Told, join_rows, plan_row
from sidecar.calls.conversation.conversation import NEXT_CALL, Conversation, State, conversation_from
from sidecar.calls.conversation.participants import agent_of
from sidecar.calls.conversation.phones import phone_uses
from sidecar.calls.identification import Certainty
from sidecar.calls.sipgate.events import Direction
from sidecar.errors import StoreError
from sidecar.follow_up.cases import Case, open_cases
from sidecar.follow_up.office import Office
from sidecar.store.calls import conversations as saved_calls
from sidecar.store.calls import outbox
from sidecar.store.calls.conversations import Caller, SavedConversation
from sidecar.store.calls.phones import take_phones
from sidecar.store.database import Connection, Database, RefusedError, serialised
from sidecar.store.journal.hooks import NO_CONVERSATION, place_hooks, waiting_hooks
from sidecar.store.pages.changed_calls import note_changed_calls
from sidecar.wake_up import WakeUp

TEST_CALLS = "sidecar-test-"  # how the callIds of `simulate` begin
AT_ONCE = 500  # hooks in one transaction
RUSH_STEPS, RUSH_STEP = 10, 0.02  # seconds: a rush holds a fold back for so long
REST, LONGEST_REST = 3.0, 0.05  # times as long as the last fold took, and seconds: what comes one by one gathers
POLL = 0.5  # seconds between looks for hooks that another process has taken down

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A case worked out: what is to be written of it. Without a record its hooks tell of no leg, or of a past call."""

    case: Case
    record: SavedConversation | None = None  # its caller comes last: all of them are looked up together
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What one transaction did."""

    cases: int = 0
    hooks: int = 0
    effects: int = 0
    unknown: tuple[str, ...] = ()  # numbers of ringing callers nobody is known for
    recognised: tuple[int, ...] = ()  # people who certainly ring, as found out just now
    dialogs: tuple[int, ...] = ()  # conversations with one to be sent
    heard_until: float = 0.0  # what was received before that is folded
    wake_at: float | None = None
    more: bool = False

    def and_then(self, other: Folded) -> Folded:
        """Both of them; `more` stays as it is here."""
        return Folded(
            cases=self.cases + other.cases,
            hooks=self.hooks + other.hooks,
            effects=self.effects + other.effects,
            unknown=(*self.unknown, *other.unknown),
            recognised=(*self.recognised, *other.recognised),
            dialogs=(*self.dialogs, *other.dialogs),
            wake_at=other.wake_at,
            more=self.more,
        )


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
        unheard_since: Callable[[], float | None] = lambda: None,
    ) -> None:
        self._database = database
        self._office = office
        self._clock = clock
        self._on_folded = on_folded
        self._rush = rush  # whether more hooks come than can be folded beside them
        self._unheard_since = unheard_since  # when the oldest hook came that is not in the database yet
        self._wake_up = WakeUp()

    def wake(self) -> None:
        self._wake_up.wake()

    async def run(self) -> None:
        pause = 0.0
        while True:
            await self._wake_up.wait(pause)
            await self._let_hooks_pass()
            began = monotonic()
            folded = await self.fold()
            await anyio.sleep(min(LONGEST_REST, REST * (monotonic() - began)))
            pause = 0.0 if folded.more else POLL
            if folded.wake_at is not None:
                pause = min(pause, max(0.02, folded.wake_at - self._clock()))

    async def _let_hooks_pass(self) -> None:
        """In a rush phones come first, but nobody waits for a dialog longer than this."""
        for _ in range(RUSH_STEPS):
            if not self._rush():
                return
            await anyio.sleep(RUSH_STEP)

    async def fold(self) -> Folded:
        """One transaction's worth; a fault in the database is logged and tried again later."""
        office, now = self._office(), self._heard_until()
        try:
            folded = await self._database.serially(
                "fold",
                lambda connection: work_out(connection, office, now=now),
                lambda connection, sheets: write_down(connection, sheets, office, now=now),
            )
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(error, RefusedError):
                log.warning("fold_waits_for_database", problem=str(error))
                return Folded()
            log.exception("fold_failed")
            folded = await self._fold_singly(office, now)
        self._on_folded(folded if folded.more else replace(folded, heard_until=now))
        return folded

    def _heard_until(self) -> float:
        """Time alone changes nothing as long as hooks from before are on their way: a row would be closed too early."""
        now, unheard_since = self._clock(), self._unheard_since()
        return now if unheard_since is None else min(now, unheard_since)

    async def _fold_singly(self, office: Office, now: float) -> Folded:
        """What cannot be folded must not hold up the rest: a hook is set aside, a conversation sleeps on."""
        folded = Folded(more=True)
        for limits, give_up in (((1, 0), _set_aside_first), ((0, 1), partial(_put_to_sleep_first, now=now))):
            for _ in range(AT_ONCE):
                try:
                    one = await self._database.write(partial(fold_waiting, office=office, now=now, limits=limits))
                except Exception as error:
                    if isinstance(error, StoreError) and not isinstance(error, RefusedError):
                        return folded
                    log.exception("given_up", what="conversation" if limits[1] else "hook")
                    await self._database.write(give_up)
                    return folded
                folded = folded.and_then(one)
                if not one.cases:
                    break
        return folded


def fold_waiting(
    connection: Connection, office: Office, *, now: float, limits: tuple[int, int] = (AT_ONCE, AT_ONCE)
) -> Folded:
    """Fold the waiting hooks, and the conversations whose time has come, in one transaction."""
    serialised(connection, "fold")
    return write_down(connection, work_out(connection, office, now=now, limits=limits), office, now=now)


def work_out(
    connection: Connection, office: Office, *, now: float, limits: tuple[int, int] = (AT_ONCE, AT_ONCE)
) -> list[Sheet]:
    """Everything but the writing: it needs no write lock, which the journal wants as well.

    Conversations that prove to be one are left for `write_down`: they take work back that may be sent meanwhile.
    """
    hooks, woken = limits
    waiting = waiting_hooks(connection, hooks)
    if 0 < hooks <= len(waiting):  # more of them may wait
        now = min(now, waiting[-1].received_at)
    cases = open_cases(connection, waiting, saved_calls.waking(connection, now=now, limit=woken))
    sheets = [Sheet(case=case) if case.younger else _sheet(case, office, now=now) for case in cases]
    return _with_callers(connection, sheets, office)


def write_down(connection: Connection, sheets: Sequence[Sheet], office: Office, *, now: float) -> Folded:
    joined = [_joined(connection, sheet.case, office, now=now) for sheet in sheets if sheet.case.younger]
    sheets = [sheet for sheet in sheets if not sheet.case.younger] + _with_callers(connection, joined, office)
    dialogs = _write(connection, sheets, office, now=now)
    hooks = sum(len(sheet.case.hooks) + len(sheet.case.surplus) for sheet in sheets)
    return Folded(
        cases=len(sheets),
        hooks=hooks,
        effects=sum(len(sheet.effects) for sheet in sheets),
        unknown=tuple(number for sheet in sheets if (number := _unknown_number(sheet.record))),
        recognised=tuple(person for sheet in sheets if (person := _ringing_person(sheet.record))),
        dialogs=dialogs,
        wake_at=saved_calls.next_waking(connection),
        more=hooks >= AT_ONCE,
    )


def _with_callers(connection: Connection, sheets: Sequence[Sheet], office: Office) -> list[Sheet]:
    """A conversation that was joined of several is looked up anew."""
    recorded = [(sheet, sheet.record) for sheet in sheets if sheet.record is not None]
    calls = [(record.conversation, None if sheet.case.younger else sheet.case.caller) for sheet, record in recorded]
    callers = office.identify(connection, calls) if calls else ()
    found = [
        replace(sheet, record=replace(record, caller=caller, customer=_customer(caller or sheet.case.caller)))
        for (sheet, record), caller in zip(recorded, callers, strict=True)
    ]
    return [*found, *(sheet for sheet in sheets if sheet.record is None)]


def _sheet(case: Case, office: Office, *, now: float) -> Sheet:
    conversation = conversation_from(case.heard, now=now, habits=office.habits, elsewhere=case.elsewhere)
    if conversation is None or case.is_past or case.unwanted:
        return Sheet(case=case)
    plan = plan_row(conversation, case.told, office.desk, now=now)
    record = _record(case, conversation, plan.told, office)
    return Sheet(case=case, record=record, effects=plan.effects)


def _joined(connection: Connection, case: Case, office: Office, *, now: float) -> Sheet:
    """Several conversations prove to be one: at most one of their rows is left to be told about."""
    conversation = conversation_from(case.heard, now=now, habits=office.habits, elsewhere=case.elsewhere)
    if conversation is None or case.id is None or case.is_past:
        return Sheet(case=case)
    steps: list[Effect] = []
    row = case.told
    for number in case.younger:
        younger = case.known[number].told
        if younger.call_id and row.call_id and outbox.withdraw_row(connection, number, younger.call_id, now=now):
            younger = Told()  # nothing of it has reached Zammad: as if it had never been
        joined = join_rows(row, younger, conversation, office.desk, now=now)
        steps += joined.effects
        row = joined.told
    plan = plan_row(conversation, row, office.desk, now=now)
    record = _record(case, conversation, plan.told, office)
    return Sheet(case=case, record=record, effects=(*steps, *plan.effects))


def _customer(caller: Caller | None) -> int | None:
    return caller.certain_person if caller else None


def _record(case: Case, conversation: Conversation, told: Told, office: Office) -> SavedConversation:
    agent = agent_of(conversation, office.desk.addressee)
    return SavedConversation(
        id=case.id,
        conversation=conversation,
        told=told,
        caller=None,
        agent=agent.name,
        agent_id=agent.agent_id,
        taking_part=office.taking_part(conversation),
        test=any(leg.call_id.startswith(TEST_CALLS) for leg in conversation.legs),
    )


def _write(connection: Connection, sheets: Sequence[Sheet], office: Office, *, now: float) -> tuple[int, ...]:
    """The conversations with a dialog to be sent."""
    records = [(sheet, sheet.record) for sheet in sheets if sheet.record is not None]
    ids = saved_calls.save_conversations(connection, [record for _, record in records], now=now)
    numbered = [(number, sheet.case) for number, (sheet, _) in zip(ids, records, strict=True)]
    for number, case in numbered:
        if case.younger:
            saved_calls.absorb(connection, number, case.younger)
    past = [sheet.case for sheet in sheets if sheet.record is None and sheet.case.is_past]
    numbered += [(case.id, case) for case in past if case.id is not None]
    saved_calls.let_sleep(connection, [number for case in past for number in case.known])
    _place(connection, numbered, sheets)
    _take_phones(connection, dict(zip(ids, (record.conversation for _, record in records), strict=True)), office)
    _tell_pages(connection, dict(zip(ids, (record for _, record in records), strict=True)), sheets, now=now)
    found = [
        (number, effect)
        for number, sheet in zip(ids, (sheet for sheet, _ in records), strict=True)
        for effect in sheet.effects
    ]
    outbox.put(connection, found, now=now)
    return tuple(number for number, effect in found if isinstance(effect, ShowAnswer) and effect.agent_id is not None)


def _tell_pages(
    connection: Connection, saved: Mapping[int, SavedConversation], sheets: Sequence[Sheet], *, now: float
) -> None:
    gone = [number for sheet in sheets if sheet.record is not None for number in sheet.case.younger]
    taking_part = {number: record.taking_part for number, record in saved.items()}
    fresh = [number for number, record in saved.items() if record.id is None]
    if saved:
        note_changed_calls(connection, list(saved), now=now, agents=taking_part, gone=gone, fresh=fresh)


def _place(connection: Connection, numbered: Sequence[tuple[int, Case]], sheets: Sequence[Sheet]) -> None:
    """Each new hook into its conversation; what tells of none, or is too much of the same, into no conversation."""
    cases = [sheet.case for sheet in sheets]
    places = dict.fromkeys(chain.from_iterable((*case.hooks, *case.surplus) for case in cases), NO_CONVERSATION)
    places.update((hook, number) for number, case in numbered for hook in case.hooks)
    place_hooks(connection, places)
    saved_calls.add_keys(connection, {key: number for number, case in numbered for key in case.keys})
    if surplus := [(case.id, len(case.surplus)) for case in cases if case.id is not None and case.surplus]:
        log.warning("hooks_too_many_for_one_call", conversations=surplus[:10])


def _take_phones(connection: Connection, saved: Mapping[int, Conversation], office: Office) -> None:
    uses = {number: phone_uses(conversation.legs) for number, conversation in saved.items()}
    take_phones(connection, uses, longest=office.habits.missing_hangup_after, wake_after=NEXT_CALL)


def _set_aside_first(connection: Connection) -> None:
    serialised(connection, "fold")
    place_hooks(connection, {hook.id: NO_CONVERSATION for hook in waiting_hooks(connection, 1)})


def _put_to_sleep_first(connection: Connection, *, now: float) -> None:
    serialised(connection, "fold")
    saved_calls.let_sleep(connection, saved_calls.waking(connection, now=now, limit=1))


def _unknown_number(record: SavedConversation | None) -> str | None:
    if record is None or record.caller is None or record.conversation.ended_at is not None:
        return None
    return record.caller.number if record.caller.certainty == Certainty.UNKNOWN else None


def _ringing_person(record: SavedConversation | None) -> int | None:
    if record is None or record.caller is None or record.conversation.state is not State.RINGING:
        return None
    inbound = record.conversation.direction is Direction.IN
    return record.caller.person_id if inbound and record.caller.certainty == Certainty.CERTAIN else None
