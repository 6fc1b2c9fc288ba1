"""Takes everything about a number or a person out of the database, while the service goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, delete, select, update

from sidecar.calls.reasons import because
from sidecar.codes.faults import Unusable
from sidecar.errors import StoreError
from sidecar.store.calls.tables import call_agents, conversations
from sidecar.store.database import Database, serialised
from sidecar.store.journal.keeping import HookStore, hook_store
from sidecar.store.journal.rules_copy import RulesCopy
from sidecar.store.metadata import metadata
from sidecar.store.missed.callbacks.tables import callbacks
from sidecar.store.missed.from_calls import count_anew
from sidecar.store.missed.tables import missed_calls, missed_parts
from sidecar.store.pages.changed_calls import note_changed_calls
from sidecar.store.pages.tables import web_sessions
from sidecar.store.people.tables import loose_numbers, numbers, organizations, people
from sidecar.store.privacy.retention import delete_calls
from sidecar.store.privacy.traces import HIDDEN, Key, Subject, Traces, find_traces, is_row, scrubbed, text_of
from sidecar.store.replicas.page_changes import take_turn

T = TypeVar("T")
PORTION = 100  # calls or rows in one transaction: hooks want to be written, too
ROUNDS = 5  # a running service may be just about to write more


def erase(database: Database, subject: Subject, *, now: float) -> Traces:
    """What was found and is gone now. Small transactions; a running service goes on beside it.

    Raises:
        StoreError: the database cannot be used, or more comes in than can be erased.

    """
    total = Traces()
    with closing(hook_store(database)) as store:
        for _ in range(ROUNDS):
            with database.reading() as connection:
                traces = find_traces(connection, subject)
            if not traces:
                _forget_copy(database, subject)
                return total
            total = _both(total, traces)
            _remove(database, store, subject, traces, now=now)
    raise StoreError(because(Unusable.STILL_WRITTEN))


def _forget_copy(database: Database, subject: Subject) -> None:
    """Of the rules, in the local journal: a service that runs makes it anew when the rules have changed."""
    copy = RulesCopy(database.local_journal)
    said = "\0".join(text_of({"value": each.value}) for each in copy.load().values())
    if subject.by_number.search(said) or subject.by_name.search(said):
        copy.forget()


def _both(one: Traces, other: Traces) -> Traces:
    return Traces(
        calls=one.calls | other.calls,
        hooks=one.hooks | other.hooks,
        rows=tuple(dict.fromkeys((*one.rows, *other.rows))),
        written=one.written | other.written,
    )


def _remove(database: Database, store: HookStore, subject: Subject, traces: Traces, *, now: float) -> None:
    """Calls first: what is said of them elsewhere is made anew without them."""
    for calls in _portions(sorted(traces.calls)):
        _write(database, partial(_remove_calls, store=store, ids=calls, now=now))
    for some in _portions(sorted(traces.hooks)):
        _write(database, partial(store.delete, ids=some))
    for rows in _portions(traces.rows):
        _write(database, partial(_clean_rows, subject=subject, rows=rows, now=now))


def _write(database: Database, work: Callable[[Connection], None]) -> None:
    """In the order in which the fold and the synchronisation take their turns, so that nobody waits in a circle."""
    with database.writing() as connection:
        serialised(connection, "fold")
        serialised(connection, "people")
        take_turn(connection)
        work(connection)


def _remove_calls(connection: Connection, store: HookStore, ids: Sequence[int], now: float) -> None:
    entries = set(connection.scalars(select(missed_parts.c.missed_id).where(missed_parts.c.conversation_id.in_(ids))))
    delete_calls(connection, store, ids, now=now)
    count_anew(connection, entries, now=now)


def _clean_rows(connection: Connection, subject: Subject, rows: Sequence[tuple[str, Key]], now: float) -> None:
    calls = []
    for name, key in rows:
        table = metadata.tables[name]
        _clean_row(connection, subject, table, key)
        if table is conversations:
            calls.append(key[0])
    if calls:
        note_changed_calls(connection, calls, now=now)


def _clean_row(connection: Connection, subject: Subject, table: Table, key: Key) -> None:
    """Delete it where it is all about the subject, else take out what tells of it."""
    row = connection.execute(select(table).where(is_row(table, key))).first()
    if row is None:
        return
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    if _is_about(subject, table, values):
        connection.execute(delete(table).where(is_row(table, key)))
        if table in (numbers, loose_numbers):  # it may be written there in words nobody finds
            kept_texts = {values["field"]: HIDDEN} if values["field"] in people.columns else {}
            own = people.c.id == values["person_id"]
            connection.execute(update(people).where(own).values({**kept_texts, "read_as": ""}))
        return
    changes = _without_person(subject, table, values)
    for name, value in values.items():
        clean = scrubbed(scrubbed(changes.get(name, value), subject.by_number), subject.by_name)
        if table is conversations and name == "identified_as" and values["number"] in subject.others:
            clean = scrubbed(clean, subject.by_whole_name)
        if clean != value:
            changes[name] = clean
    if changes:
        connection.execute(
            update(table).where(is_row(table, key)).values({**changes, **_marks(table, values, changes)})
        )


def _is_about(subject: Subject, table: Table, values: Mapping[str, Any]) -> bool:
    if subject.person_id is not None and (table, subject.person_id) in (
        (people, values.get("id")),
        (web_sessions, values.get("user_id")),
        (call_agents, values.get("agent_id")),
    ):
        return True
    if table is missed_calls:
        return values["number"] in subject.numbers
    if table is callbacks:  # its ticket stays in Zammad
        return values["number"] in subject.numbers or values["person_id"] in {subject.person_id} - {None}
    return bool(subject.by_number.search(text_of({column.name: values[column.name] for column in table.primary_key})))


def _without_person(subject: Subject, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that name somebody by id."""
    pairs = {
        missed_calls: (("owner_id", "owner"), ("closed_by_id", "closed_by")),
        conversations: (("agent_id", "agent"), ("talked_with", "talked_with")),
    }
    changes: dict[str, Any] = {}
    for number, name in pairs.get(table, ()):
        if subject.person_id is not None and values[number] == subject.person_id:
            changes |= {number: None, name: None}
    return changes


def _marks(table: Table, values: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whoever has read the row before notices; a record of Zammad's is read anew with the next pass."""
    if table is people:
        return {"read_as": "", "cti_numbers_wanted": changes.get("cti_numbers", values["cti_numbers"])}
    if table is organizations:
        return {"read_as": ""}
    return {"version": values["version"] + 1} if "version" in values else {}


def _portions(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, PORTION)):
        yield some
