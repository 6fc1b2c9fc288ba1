"""Whom a request for export or erasure is about, and everything that is kept about them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import Connection, exists, select

from sidecar.calls.numbers.spellings import plain_spellings, spellings
from sidecar.store.calls.tables import conversations, outbox
from sidecar.store.journal.tables import hooks
from sidecar.store.metadata import metadata
from sidecar.store.people.tables import loose_numbers, numbers, organization_numbers, organizations, people
from sidecar.store.privacy.traces import NOBODY, Subject, find_traces, fragments, is_row

_SECRET = {"key", "grant"}  # columns that are nobody's business


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who has the number in Zammad, as last read: it comes back from there."""

    kind: str  # user | organization
    id: int
    name: str


def about_number(connection: Connection, digits: str) -> tuple[Subject, list[Holder]]:
    """A number (E.164 digits), and who has it in Zammad."""
    full = select(numbers.c.person_id).where(numbers.c.digits == digits)
    loose = select(loose_numbers.c.person_id).where(loose_numbers.c.digits == digits)
    who = select(people.c.id, people.c.name).where(people.c.id.in_(full.union(loose))).order_by(people.c.id)
    holders = [Holder(kind="user", id=row.id, name=row.name) for row in connection.execute(who)]
    which = select(organizations.c.id, organizations.c.name).join(organization_numbers)
    rows = connection.execute(which.where(organization_numbers.c.pattern == digits))
    holders += [Holder(kind="organization", id=row.id, name=row.name) for row in rows]
    return Subject(numbers=(digits,), by_number=spellings([digits])), holders


def about_person(connection: Connection, person_id: int) -> tuple[Subject, list[Holder]]:
    """A user of Zammad with the numbers nobody else has; nobody is named where the directory does not know them."""
    row = connection.execute(select(people).where(people.c.id == person_id)).first()
    if row is None:
        return Subject(person_id=person_id), []
    other = numbers.alias()
    shared = exists().where(other.c.digits == numbers.c.digits, other.c.person_id != person_id)
    own = select(numbers.c.digits).distinct().where(numbers.c.person_id == person_id, ~shared)
    digits = tuple(connection.scalars(own))
    every = select(numbers.c.digits).where(numbers.c.person_id == person_id)
    loose = select(loose_numbers.c.digits).where(loose_numbers.c.person_id == person_id)
    names = [row.email, row.name if " " in row.name else "", row.login if "@" in row.login else ""]
    subject = Subject(
        numbers=digits,
        person_id=person_id,
        by_number=spellings(digits) if digits else NOBODY,
        by_name=_names([name for name in names if name]),
        others=tuple(sorted(set(connection.scalars(every.union(loose))) - set(digits))),
        by_whole_name=re.compile(rf"\A{re.escape(row.name)}\Z") if row.name else NOBODY,
    )
    return subject, [Holder(kind="user", id=person_id, name=row.name)]


def needles_of(subject: Subject, written: Collection[str]) -> set[bytes]:
    """The bytes that must not be in a file any more: numbers, also as search words, and every spelling found."""
    texts = {*written, *subject.numbers}
    for digits in subject.numbers:
        texts |= {*plain_spellings(digits), digits[::-1]}
    return {
        form for text in texts for form in (text.encode(), json.dumps(text)[1:-1].encode(), quote_plus(text).encode())
    }


def _names(names: Collection[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else NOBODY


def export(connection: Connection, subject: Subject) -> Mapping[str, Any]:
    """Everything there is about it, ready for JSON: calls with their hooks, and rows of other tables by their name."""
    traces = find_traces(connection, subject)
    loose = select(hooks).where(hooks.c.id.in_(traces.hooks)).order_by(hooks.c.id)
    kept: dict[str, Any] = {
        "calls": [_call(connection, number) for number in sorted(traces.calls)],
        "hooks": [_readable(row._mapping) for row in connection.execute(loose)],  # noqa: SLF001 - SQLAlchemy's public name
    }
    for name, key in traces.rows:
        if row := connection.execute(select(metadata.tables[name]).where(is_row(metadata.tables[name], key))).first():
            kept.setdefault(name, []).append(_own_part(row._mapping, subject))  # noqa: SLF001
    return kept


def _call(connection: Connection, number: int) -> Mapping[str, Any]:
    row = connection.execute(select(conversations).where(conversations.c.id == number)).one()
    work = connection.execute(select(outbox).where(outbox.c.conversation_id == number).order_by(outbox.c.id))
    came = connection.execute(select(hooks).where(hooks.c.conversation_id == number).order_by(hooks.c.id))
    return {
        **_readable(row._mapping),  # noqa: SLF001
        "hooks": [_readable(hook._mapping) for hook in came],  # noqa: SLF001
        "outbox": [_readable(parcel._mapping) for parcel in work],  # noqa: SLF001
    }


def _readable(row: Mapping[Any, Any]) -> Mapping[str, Any]:
    shown = {str(name): value for name, value in row.items() if name not in _SECRET}
    return {
        name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value for name, value in shown.items()
    }


def _own_part(row: Mapping[Any, Any], subject: Subject) -> Mapping[str, Any]:
    """Of a value that tells of many (settings, lists of agents) only what tells of this one."""

    def part(value: Any) -> Any:
        if not isinstance(value, list | dict):
            return value
        return [piece for by in (subject.by_number, subject.by_name) for piece in fragments(value, by)]

    return {name: part(value) for name, value in _readable(row).items()}
