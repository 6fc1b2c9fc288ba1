"""Missed calls and their rows in Zammad's log: which have to be marked as done, which may have been ticked there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select, update

from sidecar.calls.conversation.parcels import ParcelKind, ParcelState
from sidecar.store.calls.tables import conversations, outbox
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.replicas.page_changes import Kind, note_changes, take_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsToMark:
    entry: int
    call_ids: tuple[str, ...]  # keys of rows in Zammad's log


def rows_to_mark(connection: Connection, *, limit: int = 50) -> list[RowsToMark]:
    """Oldest first. An entry waits while something of its calls is still on its way: a late hangup undoes the mark."""
    on_its_way = exists().where(
        outbox.c.conversation_id == missed_parts.c.conversation_id,
        outbox.c.state == ParcelState.PENDING,
        missed_parts.c.missed_id == missed_calls.c.id,
    )
    waiting = missed_calls.c.closed_at.is_not(None) & missed_calls.c.rows_marked_at.is_(None)
    query = select(missed_calls.c.id).where(waiting, ~on_its_way).order_by(missed_calls.c.id).limit(limit)
    entries = list(connection.execute(query).scalars())
    keys = _call_ids(connection, entries)
    return [RowsToMark(entry=entry, call_ids=tuple(keys[entry])) for entry in entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRow:
    """The row of the newest call of an open entry."""

    entry: int
    last_call_id: int  # of the conversation
    call_id: str  # key of the row in Zammad's log


def rows_to_watch(connection: Connection, *, limit: int = 500) -> list[WatchedRow]:
    """Newest calls first. Rows whose hangup is on its way, or was sent more than once, say nothing: that ticks them."""
    closing = (outbox.c.conversation_id == missed_calls.c.last_call_id) & (outbox.c.kind == ParcelKind.CLOSE_ROW)
    once = exists().where(closing, outbox.c.state == ParcelState.DONE, outbox.c.attempts <= 1)
    other = exists().where(closing, (outbox.c.state != ParcelState.DONE) | (outbox.c.attempts > 1))
    query = (
        select(missed_calls.c.id, missed_calls.c.last_call_id, conversations.c.told)
        .join(conversations, conversations.c.id == missed_calls.c.last_call_id)
        .where(missed_calls.c.closed_at.is_(None), once, ~other)
        .order_by(missed_calls.c.last_at.desc())
        .limit(limit)
    )
    found = ((entry, call, told.get("call_id")) for entry, call, told in connection.execute(query))
    return [WatchedRow(entry=entry, last_call_id=call, call_id=call_id) for entry, call, call_id in found if call_id]


def save_marks(connection: Connection, entry: int, *, marked: int, gone: int, now: float) -> None:
    take_turn(connection)
    unmarked = (missed_calls.c.id == entry) & missed_calls.c.rows_marked_at.is_(None)
    values = {"rows_marked_at": now, "rows_marked": marked, "rows_gone": gone}
    if connection.execute(update(missed_calls).where(unmarked).values(**values)).rowcount:
        note_changes(connection, Kind.MISSED, [entry], now=now)


def rows_to_untick(connection: Connection, entry: int) -> tuple[str, ...] | None:
    """Keys of the rows of an entry that is closed; None where they are still being marked."""
    marked = connection.execute(select(missed_calls.c.rows_marked_at).where(missed_calls.c.id == entry)).scalar()
    return None if marked is None else tuple(_call_ids(connection, [entry])[entry])


def _call_ids(connection: Connection, entries: Collection[int]) -> dict[int, Sequence[str]]:
    """Only of calls that have a row there."""
    joined = missed_parts.join(conversations, conversations.c.id == missed_parts.c.conversation_id)
    query = select(missed_parts.c.missed_id, conversations.c.told).select_from(joined)
    found: dict[int, list[str]] = defaultdict(list)
    for entry, told in connection.execute(query.where(missed_parts.c.missed_id.in_(entries))):
        if told.get("call_id"):
            found[entry].append(told["call_id"])
    return defaultdict(list, found)
