"""Where something stands about a number or a person: every table is looked through, also those yet to come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import unquote_plus

from sqlalchemy import Connection, Row, Table, and_, or_, select

from sidecar.calls.numbers.spellings import may_be_spelled
from sidecar.calls.reasons import as_json, as_text, reason_in, texts_in
from sidecar.store import schema
from sidecar.store.calls.tables import call_agents, call_keys, call_phones, call_words, conversations, outbox
from sidecar.store.journal.tables import hooks
from sidecar.store.missed.callbacks.tables import callback_calls, callbacks
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.pages.tables import web_sessions
from sidecar.store.people.tables import people

Key = tuple[Any, ...]
HIDDEN = "…"  # what stands where something was taken out
OF_CALLS = (  # go with their call
    *(conversations, hooks, outbox, call_keys, call_words, call_agents, call_phones, missed_parts),
    callback_calls,
)
NOBODY = re.compile(r"(?!)")
_READ_AT_ONCE = 1000
_CODED = '{"code":'  # how a reason in a text column begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom it is about. A number takes its calls along; a name is only taken out of what stays."""

    numbers: tuple[str, ...] = ()  # E.164 digits
    person_id: int | None = None
    by_number: re.Pattern[str] = NOBODY
    by_name: re.Pattern[str] = NOBODY
    others: tuple[str, ...] = ()  # numbers that somebody else has, too, or that may be read so: their calls stay
    by_whole_name: re.Pattern[str] = NOBODY  # what these calls say of who it may have been; also a name of one word

    def mentions(self, expression: re.Pattern[str], text: str) -> list[str]:
        """What one of the two expressions finds in the text."""
        if expression is self.by_number and self.numbers and not may_be_spelled(self.numbers, text):
            return []
        return [match.group() for match in expression.finditer(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    calls: frozenset[int] = frozenset()  # conversations, with everything that refers to them
    hooks: frozenset[int] = frozenset()  # outside these calls
    rows: tuple[tuple[str, Key], ...] = ()  # name of a table and the key of a row in it
    written: frozenset[str] = frozenset()  # the spellings that were found

    def __bool__(self) -> bool:
        return bool(self.calls or self.hooks or self.rows)


def find_traces(connection: Connection, subject: Subject) -> Traces:
    """Reads everything there is, a table at a time; nothing is locked meanwhile."""
    written: set[str] = set()
    calls = _calls_by_column(connection, subject)
    loose: dict[int, int | None] = {}
    for row in _mentioning(connection, conversations, subject, subject.by_number, written):
        calls.add(row.id)
    for row in _mentioning(connection, outbox, subject, subject.by_number, written):
        calls.add(row.conversation_id)
    for row in _mentioning(connection, hooks, subject, subject.by_number, written):
        loose[row.id] = row.conversation_id
        calls.update(filter(None, [row.conversation_id]))
    for row in _mentioning(connection, hooks, subject, subject.by_name, written):
        loose.setdefault(row.id, row.conversation_id)
    return Traces(
        calls=frozenset(calls),
        hooks=frozenset(number for number, call in loose.items() if call not in calls),
        rows=tuple(dict.fromkeys(_rows(connection, subject, calls, written))),
        written=frozenset(written),
    )


def _calls_by_column(connection: Connection, subject: Subject) -> set[int]:
    own = conversations.c
    by_number = own.number.in_(subject.numbers)
    about = by_number if subject.person_id is None else or_(by_number, own.person_id == subject.person_id)
    return set(connection.scalars(select(own.id).where(about)))


def _rows(connection: Connection, subject: Subject, calls: set[int], written: set[str]) -> Iterator[tuple[str, Key]]:
    for table in schema.metadata.sorted_tables:
        if table not in OF_CALLS:
            for row in _mentioning(connection, table, subject, subject.by_number, written):
                yield table.name, key_of(table, row)
        if table in (conversations, outbox) or table not in OF_CALLS:
            call = {conversations: "id", outbox: "conversation_id"}.get(table)
            for row in _mentioning(connection, table, subject, subject.by_name, written):
                if not call or getattr(row, call) not in calls:
                    yield table.name, key_of(table, row)
    if subject.person_id is not None:
        yield from _rows_of_person(connection, subject.person_id)
        yield from ((conversations.name, (call,)) for call in _naming(connection, subject) if call not in calls)


def _naming(connection: Connection, subject: Subject) -> Iterator[int]:
    """Calls from numbers of several people that name this person among them."""
    own = conversations.c
    query = select(own.id, own.identified_as).where(own.number.in_(subject.others), own.identified_as.is_not(None))
    for row in connection.execute(query):
        if any(map(subject.by_whole_name.search, texts_in(reason_in(row.identified_as)))):
            yield row.id


def _rows_of_person(connection: Connection, person_id: int) -> Iterator[tuple[str, Key]]:
    columns = (
        (people, "id"), (web_sessions, "user_id"), (missed_calls, "owner_id"), (missed_calls, "closed_by_id"),
        (conversations, "agent_id"), (conversations, "talked_with"), (call_agents, "agent_id"),
        (callbacks, "person_id"),
    )  # fmt: skip
    for table, name in columns:
        for row in connection.execute(select(*table.primary_key).where(table.c[name] == person_id)):
            yield table.name, tuple(row)


def key_of(table: Table, row: Row[Any]) -> Key:
    return tuple(getattr(row, column.name) for column in table.primary_key)


def is_row(table: Table, key: Key) -> Any:
    """The condition for the row with this key."""
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def _mentioning(
    connection: Connection, table: Table, subject: Subject, expression: re.Pattern[str], written: set[str]
) -> list[Row[Any]]:
    if expression is NOBODY:
        return []
    found = []
    with connection.execute(select(table).execution_options(yield_per=_READ_AT_ONCE)) as rows:
        for row in rows:
            text = text_of(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
            if mentions := subject.mentions(expression, text):
                written.update(mentions)
                found.append(row)
    return found


def text_of(values: Mapping[Any, Any]) -> str:
    """Everything a row says, as text."""
    return "\0".join(_text(value) for value in values.values())


def _text(value: object) -> str:
    match value:
        case str() if value.startswith(_CODED):
            return "\0".join(texts_in(reason_in(value)))
        case str():
            return value
        case bytes():
            return unquote_plus(value.decode("utf-8", "replace"))  # of a form
        case list() | dict():
            return "\0".join(_leaves(value))
        case _:
            return ""


def _leaves(value: object) -> Iterator[str]:
    """What JSON says: the quotation marks in a name are written otherwise there."""
    match value:
        case list():
            yield from chain.from_iterable(map(_leaves, value))
        case dict():
            yield from chain.from_iterable(map(_leaves, chain.from_iterable(value.items())))
        case _:
            yield str(value)


def scrubbed(value: Any, expression: re.Pattern[str]) -> Any:
    """The value without what the expression finds in it, as deep as it goes."""
    match value:
        case str() if value.startswith(_CODED):
            return as_text(reason_in(scrubbed(as_json(reason_in(value)), expression)))
        case str():
            return expression.sub(HIDDEN, value)
        case list():
            return [scrubbed(item, expression) for item in value]
        case dict():
            return {scrubbed(key, expression): scrubbed(item, expression) for key, item in value.items()}
        case _:
            return value


def fragments(value: Any, expression: re.Pattern[str]) -> list[Any]:
    """The innermost pieces of JSON that say something about it."""
    match value:
        case list() | dict():
            items = value.values() if isinstance(value, dict) else value
            deeper = [piece for item in items if isinstance(item, list | dict) for piece in fragments(item, expression)]
            return deeper or ([value] if expression.search(_text(value)) else [])
        case _:
            return []
