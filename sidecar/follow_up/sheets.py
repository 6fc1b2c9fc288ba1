"""A fold on paper: what its hooks make of each call, and then all of it written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from sidecar.calls.conversation.caller_log import Effect, ShowAnswer, Told, join_rows, plan_row
from sidecar.calls.conversation.conversation import NEXT_CALL, Conversation, State, conversation_from
from sidecar.calls.conversation.participants import agent_of
from sidecar.calls.conversation.phones import phone_uses
from sidecar.calls.identification import Certainty
from sidecar.calls.sipgate.events import Direction
from sidecar.follow_up.cases import Case, open_cases
from sidecar.follow_up.office import Office
from sidecar.store.calls import conversations as saved_calls
from sidecar.store.calls import outbox
from sidecar.store.calls.conversations import Caller, SavedConversation
from sidecar.store.calls.phones import take_phones
from sidecar.store.database import Connection
from sidecar.store.journal.hooks import NO_CONVERSATION, place_hooks, waiting_hooks
from sidecar.store.pages.changed_calls import note_changed_calls

TEST_CALLS = "sidecar-test-"  # how the callIds of `simulate` begin
AT_ONCE = 500  # hooks in one transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A call worked out: what is to be written of it."""

    case: Case
    record: SavedConversation  # its caller comes last: all of them are looked up together
    effects: tuple[Effect, ...]
    number: int = 0  # of its conversation, once that is saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """All that one fold has on its desk."""

    sheets: Sequence[Sheet]
    aside: Sequence[Case]  # nothing is made of these: their hooks tell of no leg, or of a past call
    joins: Sequence[Case]  # several conversations prove to be one: that takes work back which may be sent meanwhile


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


def work_out(
    connection: Connection, office: Office, *, now: float, limits: tuple[int, int] = (AT_ONCE, AT_ONCE)
) -> Pile:
    """Everything but the writing: it needs no write lock, which others want as well."""
    hooks, woken = limits
    waiting = waiting_hooks(connection, hooks)
    if 0 < hooks <= len(waiting):  # more of them may wait
        now = min(now, waiting[-1].received_at)
    cases = open_cases(connection, waiting, saved_calls.waking(connection, now=now, limit=woken))
    done = [_worked_out(case, office, now=now) for case in cases if not case.younger]
    return Pile(
        sheets=_with_callers(connection, done, office),
        aside=[each for each in done if isinstance(each, Case)],
        joins=[case for case in cases if case.younger],
    )


def write_down(connection: Connection, pile: Pile, office: Office, *, now: float) -> Folded:
    joined = [_joined(connection, case, office, now=now) for case in pile.joins]
    sheets = _saved(connection, [*pile.sheets, *_with_callers(connection, joined, office)], now=now)
    aside = [*pile.aside, *(each for each in joined if isinstance(each, Case))]
    _place(connection, sheets, aside)
    _take_phones(connection, sheets, office)
    _tell_pages(connection, sheets, now=now)
    outbox.put(connection, [(sheet.number, effect) for sheet in sheets for effect in sheet.effects], now=now)
    cases = [*(sheet.case for sheet in sheets), *aside]
    hooks = sum(len(case.hooks) + len(case.surplus) for case in cases)
    return Folded(
        cases=len(cases),
        hooks=hooks,
        effects=sum(len(sheet.effects) for sheet in sheets),
        unknown=tuple(number for sheet in sheets if (number := _unknown_number(sheet.record))),
        recognised=tuple(person for sheet in sheets if (person := _ringing_person(sheet.record))),
        dialogs=tuple(sheet.number for sheet in sheets if any(map(_is_dialog, sheet.effects))),
        wake_at=saved_calls.next_waking(connection),
        more=hooks >= AT_ONCE,
    )


def _worked_out(case: Case, office: Office, *, now: float) -> Sheet | Case:
    """The case as it is where nothing can be made of it."""
    conversation = conversation_from(case.heard, now=now, habits=office.habits, elsewhere=case.elsewhere)
    if conversation is None or case.is_past or case.unwanted:
        return case
    plan = plan_row(conversation, case.told, office.desk, now=now)
    return Sheet(case=case, record=_record(case, conversation, plan.told, office), effects=plan.effects)


def _joined(connection: Connection, case: Case, office: Office, *, now: float) -> Sheet | Case:
    """Several conversations prove to be one: at most one of their rows is left to be told about."""
    conversation = conversation_from(case.heard, now=now, habits=office.habits, elsewhere=case.elsewhere)
    if conversation is None or case.is_past:
        return case
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
    return Sheet(case=case, record=_record(case, conversation, plan.told, office), effects=(*steps, *plan.effects))


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


def _with_callers(connection: Connection, done: Sequence[Sheet | Case], office: Office) -> list[Sheet]:
    """The sheets; a conversation that was joined of several is looked up anew."""
    sheets = [each for each in done if isinstance(each, Sheet)]
    if not sheets:
        return []
    known = [None if sheet.case.younger else sheet.case.caller for sheet in sheets]
    conversations = [sheet.record.conversation for sheet in sheets]
    found = office.identify(connection, list(zip(conversations, known, strict=True)))
    return [_with_caller(sheet, caller) for sheet, caller in zip(sheets, found, strict=True)]


def _with_caller(sheet: Sheet, found: Caller | None) -> Sheet:
    caller = found or sheet.case.caller
    customer = caller.certain_person if caller else None
    return replace(sheet, record=replace(sheet.record, caller=found, customer=customer))


def _saved(connection: Connection, sheets: Sequence[Sheet], *, now: float) -> list[Sheet]:
    """With the numbers of their conversations."""
    numbers = saved_calls.save_conversations(connection, [sheet.record for sheet in sheets], now=now)
    numbered = [replace(sheet, number=number) for sheet, number in zip(sheets, numbers, strict=True)]
    for sheet in numbered:
        if sheet.case.younger:
            saved_calls.absorb(connection, sheet.number, sheet.case.younger)
    return numbered


def _place(connection: Connection, sheets: Sequence[Sheet], aside: Sequence[Case]) -> None:
    """Each new hook into its conversation; what tells of none, or is too much of the same, into no conversation."""
    past = [case for case in aside if case.is_past]
    saved_calls.let_sleep(connection, [number for case in past for number in case.known])
    cases = [*(sheet.case for sheet in sheets), *aside]
    homes = [*((sheet.number, sheet.case) for sheet in sheets), *((case.id, case) for case in past if case.id)]
    places = {hook: NO_CONVERSATION for case in cases for hook in (*case.hooks, *case.surplus)}
    places.update((hook, number) for number, case in homes for hook in case.hooks)
    place_hooks(connection, places)
    saved_calls.add_keys(connection, {key: number for number, case in homes for key in case.keys})
    if surplus := [(case.id, len(case.surplus)) for case in cases if case.id is not None and case.surplus]:
        log.warning("hooks_too_many_for_one_call", conversations=surplus[:10])


def _take_phones(connection: Connection, sheets: Sequence[Sheet], office: Office) -> None:
    uses = {sheet.number: phone_uses(sheet.record.conversation.legs) for sheet in sheets}
    take_phones(connection, uses, longest=office.habits.missing_hangup_after, wake_after=NEXT_CALL)


def _tell_pages(connection: Connection, sheets: Sequence[Sheet], *, now: float) -> None:
    if sheets:
        note_changed_calls(
            connection,
            [sheet.number for sheet in sheets],
            now=now,
            agents={sheet.number: sheet.record.taking_part for sheet in sheets},
            gone=[number for sheet in sheets for number in sheet.case.younger],
            fresh=[sheet.number for sheet in sheets if sheet.record.id is None],
        )


def _is_dialog(effect: Effect) -> bool:
    return isinstance(effect, ShowAnswer) and effect.agent_id is not None


def _unknown_number(record: SavedConversation) -> str | None:
    if record.caller is None or record.conversation.ended_at is not None:
        return None
    return record.caller.number if record.caller.certainty == Certainty.UNKNOWN else None


def _ringing_person(record: SavedConversation) -> int | None:
    if record.caller is None or record.conversation.state is not State.RINGING:
        return None
    inbound = record.conversation.direction is Direction.IN
    return record.caller.person_id if inbound and record.caller.certainty == Certainty.CERTAIN else None
