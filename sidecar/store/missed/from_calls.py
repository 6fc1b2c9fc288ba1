"""Entries of the missed calls as calls open, extend, shrink and close them: read, decided in `calls`, written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Row,
    Select,
    bindparam,
    delete,
    func,
    select,
)

from sidecar.calls.identification import Certainty
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.missed import (
    Booking,
    Closing,
    Entry,
    Moves,
    Talk,
    Talks,
    Tally,
    Wanted,
    book,
    is_attempt,
    missed_key,
    moves_of,
    talks_to_look_up,
)
from sidecar.calls.sipgate.events import Direction
from sidecar.store.calls.tables import conversations
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.replicas.page_changes import Kind, note_changes
from sidecar.store.row_lists import adding, adding_with_ids, changing, execute_rows, ids_of_added
from sidecar.store.value_lists import is_one_of_many, rows_about

K = TypeVar("K", str, int)
LONGEST_RINGING = 86_400.0  # seconds
_TALLY = ("calls", "first_at", "last_at", "last_call_id", "line")


def _tallies() -> Select[Any]:
    """Of entries without some calls. Where no call is left there is no row."""
    own, entry = conversations.c, missed_parts.c.missed_id
    over = func.coalesce(own.ended_at, own.started_at)
    calls = (
        select(
            entry,
            own.id.label("last_call_id"),
            own.line,
            over.label("last_at"),
            func.min(over).over(partition_by=entry).label("first_at"),
            func.count().over(partition_by=entry).label("calls"),
            func.row_number().over(partition_by=entry, order_by=(over.desc(), own.id.desc())).label("place"),
        )
        .select_from(missed_parts.join(conversations, own.id == missed_parts.c.conversation_id))
        .where(is_one_of_many(entry), ~is_one_of_many(own.id, "without"))
        .subquery()
    )
    return select(calls).where(calls.c.place == 1)


def _talks_with(whom: Column[Any]) -> Select[Any]:
    """That have lasted long enough, with outside numbers, begun after an instant."""
    own, since = conversations.c, bindparam("since", type_=Float)
    return select(whom.label("whom"), own.answered_at, own.counts_at, own.agent, own.agent_id, own.direction).where(
        is_one_of_many(whom),
        own.started_at > since - LONGEST_RINGING,  # for the index
        own.answered_at > since,
        own.counts_at.is_not(None),
        own.test.is_(False),
        own.internal.is_(False),
    )


# Built once: that takes longer than running them.
_PARTS = select(missed_parts).where(is_one_of_many(missed_parts.c.conversation_id))
_ENTRIES = select(missed_calls, conversations.c.certainty, conversations.c.person_id).select_from(
    missed_calls.outerjoin(conversations, conversations.c.id == missed_calls.c.last_call_id)
)
_OPEN = _ENTRIES.where(is_one_of_many(missed_calls.c.key), (missed_calls.c.closed_at + 0.0).is_(None))
"""Found by the key: SQLite would rather look through all open ones, did it know that they are."""
_BY_ID = _ENTRIES.where(is_one_of_many(missed_calls.c.id))
_OPEN_OF_CUSTOMERS = (
    select(missed_calls, conversations.c.certainty, conversations.c.person_id)
    .select_from(conversations)
    .join(missed_parts, missed_parts.c.conversation_id == conversations.c.id)
    .join(missed_calls, missed_calls.c.id == missed_parts.c.missed_id)
    .where(
        is_one_of_many(conversations.c.person_id),
        conversations.c.certainty == str(Certainty.CERTAIN),
        missed_calls.c.last_call_id == conversations.c.id,
        missed_calls.c.closed_at.is_(None),
    )
)
_TALLIES = _tallies()
_TALKS_BY_NUMBER = _talks_with(conversations.c.number)
_TALKS_BY_CUSTOMER = _talks_with(conversations.c.person_id).where(
    conversations.c.person_id == conversations.c.talked_with
)
_LEAVE = delete(missed_parts).where(is_one_of_many(missed_parts.c.conversation_id))
_FORGET = delete(missed_calls).where(is_one_of_many(missed_calls.c.id))
_COUNTED = (*_TALLY, "closed_at", "closed_by", "closed_by_id", "closed_because")
_CHANGE = changing(missed_calls, _COUNTED, besides="version = missed_calls.version + 1")
_OPEN_NEW = adding_with_ids(missed_calls, ("key", "number", "caller", "note", "version", *_COUNTED))
_JOIN = adding(missed_parts, ("conversation_id", "missed_id"))


def bring_up_to_date(
    connection: Connection,
    calls: Sequence[ListedCall],
    *,
    now: float,
    regrouped: bool = False,
    fresh: Collection[int] = (),
) -> None:
    """Let these conversations, saved as they are now, open, extend, shrink and close entries.

    Again with the same conversations it changes nothing. `regrouped`: some of them have swallowed others.
    `fresh`: those that cannot have any part in an entry yet.
    """
    parts = rows_about(connection, _PARTS, {call.id for call in calls}.difference(fresh))
    moves = moves_of(calls, {row.conversation_id: row.missed_id for row in parts}, regrouped=regrouped)
    kept = _kept(connection, moves)
    shrinking = kept.keys() if regrouped else set(moves.leaving.values())
    entries = _recounted(connection, kept, shrinking, without=moves.leaving)
    talks = _talks_that_matter(connection, talks_to_look_up(moves, entries))
    booked = book(moves, entries, talks, now=now)
    changed = _write(connection, kept, booked, leaving=moves.leaving) | _attempted(connection, calls)
    note_changes(connection, Kind.MISSED, sorted(changed), now=now)


def count_anew(connection: Connection, ids: Collection[int], *, now: float) -> None:
    """Calls of these entries were deleted."""
    kept = {row.id: _entry(row) for row in rows_about(connection, _BY_ID, ids)}
    left = [Booking(entry=entry) for entry in _recounted(connection, kept, kept.keys())]
    note_changes(connection, Kind.MISSED, sorted(_write(connection, kept, left)), now=now)


def _attempted(connection: Connection, calls: Sequence[ListedCall]) -> set[int]:
    """Ids of the open entries that tell of these calls as attempts to call back."""
    attempts = [call for call in calls if is_attempt(call)]
    if not attempts:
        return set()
    by_key = rows_about(connection, _OPEN, {missed_key(call) for call in attempts})
    customers = {call.customer for call in attempts if call.customer is not None}
    by_customer = rows_about(connection, _OPEN_OF_CUSTOMERS, customers)
    return {row.id for row in (*by_key, *by_customer)}


def _kept(connection: Connection, moves: Moves) -> dict[int, Entry]:
    """The open entries of the keys, and those that calls leave."""
    by_key = rows_about(connection, _OPEN, moves.keys)
    by_customer = rows_about(connection, _OPEN_OF_CUSTOMERS, moves.customers)
    left = rows_about(connection, _BY_ID, moves.leaving.values())
    return {row.id: _entry(row) for row in (*by_key, *by_customer, *left)}


def _entry(row: Row[Any]) -> Entry:
    closing = None
    if row.closed_at is not None:
        closing = Closing(at=row.closed_at, by=row.closed_by, by_id=row.closed_by_id, because=row.closed_because)
    customer = row.person_id if row.certainty == Certainty.CERTAIN else None
    return Entry(
        id=row.id, key=row.key, number=row.number, caller=row.caller,
        customer=customer, tally=_tally(row), closing=closing,
    )  # fmt: skip


def _tally(row: Row[Any]) -> Tally:
    return Tally(**{name: getattr(row, name) for name in _TALLY})


def _recounted(
    connection: Connection, kept: Mapping[int, Entry], shrinking: Collection[int], without: Collection[int] = ()
) -> list[Entry]:
    """The entries; the shrinking ones with what they have left without these calls."""
    if not shrinking:
        return list(kept.values())
    rows = connection.execute(_TALLIES, {"many": list(shrinking), "without": list(without)})
    left = {row.missed_id: _tally(row) for row in rows}
    return [replace(entry, tally=left.get(number)) if number in shrinking else entry for number, entry in kept.items()]


def _talks_that_matter(connection: Connection, wanted: Wanted) -> Talks:
    """Each after its own instant at least."""
    return Talks(
        by_number=_talks_found(connection, _TALKS_BY_NUMBER, wanted.numbers),
        by_customer=_talks_found(connection, _TALKS_BY_CUSTOMER, wanted.customers),
    )


def _talks_found(connection: Connection, query: Select[Any], wanted: Mapping[K, float]) -> Mapping[K, Sequence[Talk]]:
    found: dict[K, list[Talk]] = defaultdict(list)
    if wanted:
        for row in connection.execute(query, {"many": list(wanted), "since": min(wanted.values())}):
            talk = Talk(
                at=row.answered_at, counts_at=row.counts_at, agent=row.agent, agent_id=row.agent_id,
                outbound=row.direction == Direction.OUT,
            )  # fmt: skip
            found[row.whom].append(talk)
    return found


def _write(
    connection: Connection, kept: Mapping[int, Entry], booked: Sequence[Booking], leaving: Collection[int] = ()
) -> set[int]:
    """Ids of the entries that look different now, or are gone. Old ones close before new ones of their key open."""
    changed = [each for each in booked if each.joining or each.entry != kept.get(each.entry.id or 0)]
    if leaving:
        connection.execute(_LEAVE, {"many": list(leaving)})
    emptied = [each.entry.id for each in changed if each.entry.tally is None]
    if emptied:
        connection.execute(_FORGET, {"many": emptied})
    old = [each for each in changed if each.entry.id is not None and each.entry.tally]
    execute_rows(connection, _CHANGE, [{"id": each.entry.id, **_columns(each.entry)} for each in old])
    new = [each for each in changed if each.entry.id is None]
    ids = _add(connection, [each.entry for each in new])
    _join(connection, {each.entry.id or 0: each for each in old} | dict(zip(ids, new, strict=True)))
    return {*(each.entry.id for each in changed if each.entry.id is not None), *ids}


def _add(connection: Connection, entries: Sequence[Entry]) -> Sequence[int]:
    rows = [
        {"key": entry.key, "number": entry.number, "caller": entry.caller, "note": "", "version": 1, **_columns(entry)}
        for entry in entries
    ]
    return ids_of_added(connection, _OPEN_NEW, rows)


def _join(connection: Connection, places: Mapping[int, Booking]) -> None:
    parts = [
        {"conversation_id": call, "missed_id": entry} for entry, booking in places.items() for call in booking.joining
    ]
    execute_rows(connection, _JOIN, parts)


def _columns(entry: Entry) -> dict[str, object]:
    closing = entry.closing
    return {
        **{name: getattr(entry.tally, name) for name in _TALLY},
        "closed_at": closing and closing.at,
        "closed_by": closing and closing.by,
        "closed_by_id": closing and closing.by_id,
        "closed_because": closing and str(closing.because),
    }
