"""Hooks found by a number in any spelling or by a callId."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, or_, select

from sidecar.calls.numbers.numbers import e164_digits
from sidecar.store.calls.conversations import conversations_with_keys
from sidecar.store.calls.tables import conversations
from sidecar.store.journal.hooks import hooks_of
from sidecar.store.journal.rows import StoredHook
from sidecar.store.journal.tables import hooks

LOOKED_AT = 50_000  # of the newest: those of older calls are found through their conversations
CALLS = 50  # of one number


def find_hooks(connection: Connection, wanted: str, *, country: str, limit: int = 100) -> list[StoredHook]:
    """The newest first. `wanted`: a number, a callId or its beginning."""
    digits = e164_digits(wanted, country)
    found = {hook.id: hook for hook in _of_calls(connection, wanted, digits)}
    newest = select(hooks.c.id).order_by(hooks.c.id.desc()).limit(1).scalar_subquery() - LOOKED_AT
    query = select(hooks).where(hooks.c.id > newest, _tells_of(wanted, digits)).order_by(hooks.c.id.desc()).limit(limit)
    for row in connection.execute(query):
        found[row.id] = StoredHook(**row._mapping)  # noqa: SLF001 - the documented way to a row's names
    return sorted(found.values(), key=lambda hook: -hook.id)[:limit]


def _tells_of(wanted: str, digits: str | None) -> ColumnElement[bool]:
    spellings = {wanted, *([digits, f"+{digits}"] if digits else [])}
    return or_(
        hooks.c.caller.in_(spellings),
        hooks.c.callee.in_(spellings),
        hooks.c.call_id.startswith(wanted, autoescape=True),
    )


def _of_calls(connection: Connection, wanted: str, digits: str | None) -> Iterator[StoredHook]:
    places = list(conversations_with_keys(connection, [wanted]).values())
    if digits:
        with_number = select(conversations.c.id).where(conversations.c.number == digits)
        places += connection.execute(with_number.order_by(conversations.c.started_at.desc()).limit(CALLS)).scalars()
    for of_call in hooks_of(connection, places).values():
        yield from of_call
