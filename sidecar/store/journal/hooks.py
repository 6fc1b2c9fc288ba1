"""Hooks as they are read, and which conversation each of them belongs to.

On SQLite `hooks` is a view: the rows of the local journal with their places, which lie in the database.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, and_, bindparam, func, select, text, update

from sidecar.store.journal.rows import StoredHook
from sidecar.store.journal.tables import hook_places, hooks
from sidecar.store.value_lists import is_one_of_many, rows_about

NO_CONVERSATION = 0  # place of a hook that tells of no leg
_PLACES = {"sqlite": hook_places, "postgresql": hooks}  # where it stands which conversation a hook belongs to
_LAST_PLACED = select(func.coalesce(func.max(hook_places.c.hook_id), 0)).scalar_subquery()
_NOT_PLACED = {"sqlite": hooks.c.id > _LAST_PLACED, "postgresql": hooks.c.conversation_id.is_(None)}
_IS_WAITING = {name: and_(not_placed, hooks.c.event.is_not(None)) for name, not_placed in _NOT_PLACED.items()}
_places_of_many = select(hook_places.c.hook_id).where(is_one_of_many(hook_places.c.conversation_id))
_OF_MANY = {"sqlite": hooks.c.id.in_(_places_of_many), "postgresql": is_one_of_many(hooks.c.conversation_id)}
_stored = select(hooks)
_WAITING = {
    name: _stored.where(waiting).order_by(hooks.c.id).limit(bindparam("most", type_=Integer))
    for name, waiting in _IS_WAITING.items()
}
_WAITING_OF = {name: _stored.where(waiting, is_one_of_many(hooks.c.call_id)) for name, waiting in _IS_WAITING.items()}
_OF_CONVERSATIONS = {name: _stored.where(of_many).order_by(hooks.c.id) for name, of_many in _OF_MANY.items()}
_PLACE = {
    "sqlite": text(
        "INSERT OR REPLACE INTO hook_places (hook_id, conversation_id)"
        " SELECT CAST(key AS INTEGER), value FROM json_each(:places)"
    ),
    "postgresql": text(
        "UPDATE hooks SET conversation_id = CAST(placed.value AS bigint)"
        " FROM json_each_text(CAST(:places AS json)) AS placed WHERE hooks.id = CAST(placed.key AS bigint)"
    ),
}


def is_waiting(connection: Connection) -> ColumnElement[bool]:
    """The condition on a hook: readable, and nobody has looked at it yet."""
    return _IS_WAITING[connection.dialect.name]


def last_placed(connection: Connection) -> int:
    """SQLite: the highest id of a hook that has a place; 0 where none has."""
    last: int = connection.execute(select(_LAST_PLACED)).scalar_one()
    return last


def waiting_hooks(connection: Connection, limit: int) -> list[StoredHook]:
    """The oldest first."""
    return [_stored_hook(row) for row in connection.execute(_WAITING[connection.dialect.name], {"most": limit}).all()]


def waiting_hooks_of(connection: Connection, call_ids: Iterable[str]) -> list[StoredHook]:
    """As `waiting_hooks`, those of some legs."""
    return [_stored_hook(row) for row in rows_about(connection, _WAITING_OF[connection.dialect.name], call_ids)]


def hooks_of(connection: Connection, conversation_ids: Iterable[int]) -> dict[int, list[StoredHook]]:
    """Conversation to its hooks, oldest first; every id asked for is a key."""
    found: dict[int, list[StoredHook]] = {conversation_id: [] for conversation_id in conversation_ids}
    for row in rows_about(connection, _OF_CONVERSATIONS[connection.dialect.name], found):
        found[row.conversation_id].append(_stored_hook(row))
    return found


def place_hooks(connection: Connection, places: Mapping[int, int]) -> None:
    """Hook id to conversation id. In the order of ids: what is left out below the last one is never looked at."""
    if places:
        connection.execute(_PLACE[connection.dialect.name], {"places": json.dumps(places)})


def move_hooks(connection: Connection, *, to: int, out_of: Collection[int]) -> None:
    """From conversations into one of them."""
    table = _PLACES[connection.dialect.name]
    connection.execute(update(table).where(table.c.conversation_id.in_(out_of)).values(conversation_id=to))


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
