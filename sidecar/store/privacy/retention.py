"""What is old is forgotten: raw hooks after days, calls with everything that belongs to them after months."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import anyio
from sqlalchemy import Connection, Select, and_, delete, exists, or_, select

from sidecar.store.calls.tables import conversations
from sidecar.store.database import Database
from sidecar.store.journal.hooks import NO_CONVERSATION, is_waiting
from sidecar.store.journal.keeping import HookStore, delete_hooks_of
from sidecar.store.journal.tables import hooks
from sidecar.store.missed.callbacks.tables import callbacks
from sidecar.store.missed.tables import missed_calls
from sidecar.store.pages.dialled import forget_dialled
from sidecar.store.pages.sessions import forget_expired_sessions
from sidecar.store.replicas.page_changes import Kind, forget_changes, note_changes, take_turn

DAY = 86_400.0
PORTION = 200  # rows in one transaction: the journal waits no longer than it takes to delete so many
PAUSE = 0.1  # seconds between portions
PAGES_LOOK_BACK = DAY  # an open page that was away for longer is loaded anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    hooks: int = 0
    calls: int = 0
    missed: int = 0

    @property
    def more(self) -> bool:
        """Whether there may be more that is too old."""
        return PORTION in (self.hooks, self.calls, self.missed)


async def forget_all_old(
    database: Database, store: HookStore, *, now: float, hooks_days: float, calls_days: float
) -> None:
    """In small portions with a pause after each: hooks are never kept from the disk for long. Raises: StoreError."""
    forget = partial(forget_old, store=store, now=now, hooks_days=hooks_days, calls_days=calls_days)
    while (await database.write(forget)).more:  # noqa: ASYNC110 - it waits for no event, it gives way
        await anyio.sleep(PAUSE)


def forget_old(
    connection: Connection, store: HookStore, *, now: float, hooks_days: float, calls_days: float
) -> Forgotten:
    """One portion of what is too old, in one short transaction.

    Hooks of a call that has not ended stay, and so do hooks nobody has looked at yet: calls are made of them.
    """
    take_turn(connection)
    forget_changes(connection, before=now - PAGES_LOOK_BACK)
    forget_expired_sessions(connection, now=now)
    forget_dialled(connection, before=now - calls_days * DAY)
    return Forgotten(
        hooks=_forget_hooks(connection, store, before=now - hooks_days * DAY),
        calls=_forget_calls(connection, store, before=now - calls_days * DAY, now=now),
        missed=_forget_missed(connection, before=now - calls_days * DAY, now=now),
    )


def delete_calls(connection: Connection, store: HookStore, ids: Collection[int], *, now: float) -> None:
    """Conversations with their hooks, keys, words, work for Zammad and whatever else refers to them."""
    delete_hooks_of(connection, store, ids)
    connection.execute(delete(conversations).where(conversations.c.id.in_(ids)))
    note_changes(connection, Kind.CALL, ids, now=now)


def _forget_hooks(connection: Connection, store: HookStore, *, before: float) -> int:
    own = conversations.c
    unfinished = exists().where(
        own.id == hooks.c.conversation_id, or_(own.ended_at.is_(None), own.wake_at.is_not(None))
    )
    settled = or_(hooks.c.conversation_id == NO_CONVERSATION, hooks.c.conversation_id.is_(None), ~unfinished)
    old = select(hooks.c.id).where(hooks.c.received_at < before, ~is_waiting(connection), settled).order_by(hooks.c.id)
    if (first_kept := connection.scalar(_first_since(before))) is not None:
        old = old.where(hooks.c.id < first_kept)
    ids = list(connection.scalars(old.limit(PORTION)))
    if ids:
        store.delete(connection, ids)
    return len(ids)


def _first_since(instant: float) -> Select[tuple[int]]:
    """The id of the first hook received since then: in a large journal only what is older is to be looked through."""
    return select(hooks.c.id).where(hooks.c.received_at >= instant).order_by(hooks.c.id).limit(1)


def _forget_calls(connection: Connection, store: HookStore, *, before: float, now: float) -> int:
    own = conversations.c
    old = select(own.id).where(and_(own.started_at < before, own.ended_at < before)).order_by(own.started_at)
    ids = list(connection.scalars(old.limit(PORTION)))
    if ids:
        delete_calls(connection, store, ids, now=now)
    return len(ids)


def _forget_missed(connection: Connection, *, before: float, now: float) -> int:
    ids = list(connection.scalars(select(missed_calls.c.id).where(missed_calls.c.last_at < before).limit(PORTION)))
    connection.execute(delete(callbacks).where(callbacks.c.changed_at < before))
    if ids:
        connection.execute(delete(missed_calls).where(missed_calls.c.id.in_(ids)))
        note_changes(connection, Kind.MISSED, ids, now=now)
    return len(ids)
