"""Every hook as it came and how it was answered, and which conversation it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from operator import attrgetter
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Integer, Row, Select, bindparam, select, update

from sidecar.calls.reasons import Reason, reason_in
from sidecar.store.database import refuses_values
from sidecar.store.journal.tables import hooks
from sidecar.store.value_lists import is_one_of_many, rows_about


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRow:
    received_at: float  # UTC epoch seconds
    path: str  # in | out, of the URL
    content_type: str | None
    body: bytes
    source: str  # the client's address
    signature: str  # valid | invalid | missing | off
    event: str | None  # null where the form could not be read
    call_id: str | None
    direction: str | None
    caller: str | None
    callee: str | None
    status: str  # ok | unreadable | fault
    decision: str  # a `Reason` as text; words in rows of older releases
    rejected: bool
    answer: str  # the XML, its token replaced

    @property
    def reason(self) -> Reason:
        """Why it was answered so."""
        return reason_in(self.decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHook(HookRow):
    id: int
    conversation_id: int | None


NO_CONVERSATION = 0  # place of a hook that tells of no leg
NAMES = tuple(field.name for field in fields(HookRow))
NEWEST = 20_000  # rows among which one is looked for that may have been written a moment ago
_values = attrgetter(*NAMES)
_texts = attrgetter(*(name for name in NAMES if name not in {"received_at", "body", "rejected"}))
_COLUMNS = ", ".join(NAMES)
_INSERT = f"INSERT INTO hooks ({_COLUMNS}) VALUES "  # noqa: S608 - the names of our own columns
_MARKS = {"sqlite": ", ".join("?" for _ in NAMES), "postgresql": ", ".join("%s" for _ in NAMES)}
_SIZES = (256, 128, 64, 32, 16, 8, 4, 2, 1)  # rows of one INSERT: each size is compiled once
_COPY = f"COPY hooks ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_TYPES = [{"received_at": "float8", "body": "bytea", "rejected": "bool"}.get(name, "text") for name in NAMES]
_stored = select(hooks)
_WAITING = (
    _stored.where(hooks.c.conversation_id.is_(None), hooks.c.event.is_not(None))
    .order_by(hooks.c.id)
    .limit(bindparam("most", type_=Integer))
)
_WAITING_OF = _stored.where(
    hooks.c.conversation_id.is_(None), hooks.c.event.is_not(None), is_one_of_many(hooks.c.call_id)
)
_OF_CONVERSATIONS = _stored.where(is_one_of_many(hooks.c.conversation_id)).order_by(hooks.c.id)
_place = update(hooks).where(hooks.c.id == bindparam("hook")).values(conversation_id=bindparam("conversation"))


def append_hooks(connection: Connection, rows: Sequence[HookRow]) -> None:
    """All or none, in this order. Past SQLAlchemy's compiler: half of the time of a small commit went there."""
    values = [_storable_values(row) for row in rows]
    if len(values) > 1 and connection.dialect.name == "postgresql":
        _copy(connection, values)
    elif values:
        _insert(connection, values)


def append_hooks_singly(connection: Connection, rows: Sequence[HookRow]) -> dict[int, str]:
    """All that the database takes; the places of the others in `rows`, with the database's reason."""
    refused = {}
    for place, row in enumerate(rows):
        try:
            with connection.begin_nested():
                append_hooks(connection, [row])
        except Exception as error:
            if not refuses_values(error):
                raise
            refused[place] = type(error).__name__
    return refused


def was_appended(connection: Connection, row: HookRow) -> bool:
    """Whether exactly this row is among the newest: the answer to a commit may have been lost, not the commit."""
    newest = select(hooks.c.received_at, hooks.c.body).order_by(hooks.c.id.desc()).limit(NEWEST).subquery()
    same = select(newest.c.received_at).where(newest.c.received_at == row.received_at, newest.c.body == row.body)
    return connection.execute(same.limit(1)).first() is not None


def not_appended(connection: Connection, rows: Iterable[HookRow]) -> list[HookRow]:
    """Those of these rows, all of them of late, that are not in the database."""
    newest = select(hooks.c.received_at, hooks.c.body).order_by(hooks.c.id.desc()).limit(NEWEST)
    there = {(row.received_at, row.body) for row in connection.execute(newest)}
    return [row for row in rows if (row.received_at, row.body) not in there]


def waiting_hooks(connection: Connection, limit: int) -> list[StoredHook]:
    """Readable ones that belong to no conversation yet, oldest first."""
    return [_stored_hook(row) for row in connection.execute(_WAITING, {"most": limit}).all()]


def waiting_hooks_of(connection: Connection, call_ids: Iterable[str]) -> list[StoredHook]:
    """As `waiting_hooks`, those of some legs."""
    return [_stored_hook(row) for row in rows_about(connection, _WAITING_OF, call_ids)]


def hooks_of(connection: Connection, conversation_ids: Iterable[int]) -> dict[int, list[StoredHook]]:
    """Conversation to its hooks, oldest first; every id asked for is a key."""
    found: dict[int, list[StoredHook]] = {conversation_id: [] for conversation_id in conversation_ids}
    for row in rows_about(connection, _OF_CONVERSATIONS, found):
        found[row.conversation_id].append(_stored_hook(row))
    return found


def place_hooks(connection: Connection, places: Mapping[int, int]) -> None:
    """Hook id to conversation id."""
    if places:
        connection.execute(_place, [{"hook": hook, "conversation": place} for hook, place in places.items()])


def recent_hooks(connection: Connection, *, limit: int = 50, before: int | None = None) -> list[StoredHook]:
    """Newest first; `before`: only those with a smaller id."""
    newest = _stored.order_by(hooks.c.id.desc()).limit(limit)
    return _read(connection, newest if before is None else newest.where(hooks.c.id < before))


def find_hook(connection: Connection, hook_id: int) -> StoredHook | None:
    return next(iter(_read(connection, _stored.where(hooks.c.id == hook_id))), None)


def _read(connection: Connection, query: Select[Any]) -> list[StoredHook]:
    return [_stored_hook(row) for row in connection.execute(query)]


def _stored_hook(row: Row[Any]) -> StoredHook:
    return StoredHook(**row._mapping)  # noqa: SLF001 - the documented way to a row's names


def _insert(connection: Connection, values: Sequence[tuple[Any, ...]]) -> None:
    """As few steps as possible: after each one the interpreter's lock has to be won back from the loop."""
    marks = f"({_MARKS[connection.dialect.name]})"
    place = 0
    for size in _SIZES:
        while place + size <= len(values):
            together = tuple(chain.from_iterable(values[place : place + size]))
            connection.exec_driver_sql(_INSERT + ", ".join([marks] * size), together)
            place += size


def _copy(connection: Connection, values: Sequence[tuple[Any, ...]]) -> None:
    """A third of the time of as many INSERTs."""
    driver: psycopg.Connection[Any] = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for row in values:
            copy.write_row(row)


def _storable_values(row: HookRow) -> tuple[Any, ...]:
    """PostgreSQL refuses NUL in a text, both refuse lone surrogates; nearly all rows have neither."""
    values: tuple[Any, ...] = _values(row)
    together = "".join(filter(None, _texts(row)))
    try:
        together.encode()
    except UnicodeEncodeError:
        return tuple(map(_storable, values))
    return tuple(map(_storable, values)) if "\0" in together else values


def _storable(value: object) -> object:
    if isinstance(value, str) and ("\0" in value or not value.isascii()):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return value
