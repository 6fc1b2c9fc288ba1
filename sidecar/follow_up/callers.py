"""What the look-up finds out about callers, kept with their conversations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import compress

from sidecar.calls.conversation.conversation import Conversation
from sidecar.calls.identification import Identification
from sidecar.calls.numbers.numbers import e164_digits
from sidecar.calls.reasons import as_text
from sidecar.calls.sipgate.events import Direction
from sidecar.directory import identify, identify_all
from sidecar.store.calls.conversations import Caller, conversations_of_number, save_caller
from sidecar.store.database import Connection
from sidecar.store.missed.parts import note_entries_of
from sidecar.store.pages.changed_calls import note_changed_calls

Call = tuple[Conversation, Caller | None]  # with what is known of the caller already


class Callers:
    """Identifies a conversation's other party when it is folded, and again whenever more is known."""

    def __init__(self, *, country: str, clock: Callable[[], float]) -> None:
        self._country = country
        self._clock = clock

    def callers_of(self, connection: Connection, calls: Sequence[Call]) -> list[Caller | None]:
        """From the directory as it is; None where this number was looked up before and changes are followed."""
        numbers = [self._number_of(conversation) for conversation, _ in calls]
        is_new = [known is None or known.number != number for number, (_, known) in zip(numbers, calls, strict=True)]
        found = identify_all(connection, {number for number in compress(numbers, is_new) if number is not None})
        callers = {number: replace(caller_from(who), number=number) for number, who in found.items()}
        return [
            callers.get(number or "", Caller()) if new else None for number, new in zip(numbers, is_new, strict=True)
        ]

    def _number_of(self, conversation: Conversation) -> str | None:
        outbound = conversation.direction is Direction.OUT
        return e164_digits(conversation.callee if outbound else conversation.caller, self._country)

    def numbers_changed(self, connection: Connection, digits: Collection[str]) -> None:
        """Past conversations with these numbers are looked up again; called with every change of the directory."""
        by_number: dict[str, list[int]] = {}
        for conversation_id, number in conversations_of_number(connection, digits):
            by_number.setdefault(number, []).append(conversation_id)
        for number, ids in by_number.items():
            now = self._clock()
            save_caller(connection, ids, caller_from(identify(connection, number)), now=now)
            note_changed_calls(connection, ids, now=now)
            note_entries_of(connection, ids, now=now)  # they bear the name of their calls


def caller_from(found: Identification) -> Caller:
    sole = found.sole
    return Caller(
        certainty=str(found.certainty),
        person_id=sole.person_id if sole else None,
        organization_id=sole.organization_id if sole else None,
        identified_as=as_text(found.reason),
    )
