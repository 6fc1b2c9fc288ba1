"""Whether a call has ended by all that the journal says of it: the fold may be behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable

from sidecar.calls.conversation.conversation import Habits, conversation_from
from sidecar.calls.conversation.legs import Heard
from sidecar.calls.sipgate.events import HungUp
from sidecar.follow_up.cases import heard_in
from sidecar.store.calls.conversations import keys_of
from sidecar.store.calls.outbox import call_of
from sidecar.store.database import Connection, Database
from sidecar.store.journal.hooks import hooks_of, waiting_hooks_of
from sidecar.store.journal.rows import HookRow


def endings_in(
    database: Database, *, habits: Habits, clock: Callable[[], float], unwritten: Callable[[], Collection[HookRow]]
) -> Callable[[int], Awaitable[bool]]:
    """As `call_has_ended`, for whoever has the parcel only. Raises: StoreError."""

    async def has_ended(parcel_id: int) -> bool:
        now, rows = clock(), unwritten()
        return await database.read(
            lambda connection: call_has_ended(connection, parcel_id, now=now, habits=habits, unwritten=rows)
        )

    return has_ended


def call_has_ended(
    connection: Connection, parcel_id: int, *, now: float, habits: Habits, unwritten: Iterable[HookRow] = ()
) -> bool:
    """Whether nothing should be opened any more for the call a parcel is about; also true where that is gone.

    `unwritten`: hooks that are on their way to the journal.
    """
    call = call_of(connection, parcel_id)
    if call is None:
        return True
    number, ended_at = call
    if ended_at is not None:
        return True
    legs = keys_of(connection, number)
    news = [*waiting_hooks_of(connection, legs), *(row for row in unwritten if row.call_id in legs)]
    if not any(isinstance(said.event, HungUp) for said in _said_in(news)):
        return False
    heard = _said_in([*hooks_of(connection, [number])[number], *news])
    conversation = conversation_from(heard, now=now, habits=habits)
    return conversation is not None and conversation.ended_at is not None


def _said_in(rows: Iterable[HookRow]) -> list[Heard]:
    return [said for row in rows if (said := heard_in(row)) is not None]
