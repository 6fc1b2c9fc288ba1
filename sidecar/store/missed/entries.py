"""The missed calls as people see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from sidecar.calls.identification import Certainty
from sidecar.calls.numbers.numbers import WITHHELD
from sidecar.calls.pages.listing import are_organizations, names_of_several, perhaps_named, words_about
from sidecar.calls.pages.missed import TriedCallback, phones_rung
from sidecar.calls.pages.missed_search import MissedSearch, Whose
from sidecar.store.calls.search import has_term
from sidecar.store.calls.tables import conversations
from sidecar.store.calls.visibility import Viewer
from sidecar.store.calls.voicemails import Voicemail
from sidecar.store.missed.attempts import Waiting, attempts_to_reach
from sidecar.store.missed.callbacks.shown import ShownTicket, tickets_of_calls
from sidecar.store.missed.notes import Note, notes_of
from sidecar.store.missed.parts import Part, parts_of, seen_by
from sidecar.store.missed.tables import missed_calls
from sidecar.store.missed.visibility import visible_missed
from sidecar.store.missed.voicemails import voicemails_of_missed
from sidecar.store.people.tables import organizations, people

LATELY = 20  # entries that were closed last
EVERYTHING = MissedSearch()
_columns = missed_calls.c
_open = _columns.closed_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCall:
    """All missed calls of one number since somebody last talked to it. `version` grows with each change."""

    id: int
    number: str | None  # E.164 digits
    caller: str
    line: str
    calls: int
    first_at: float
    last_at: float
    last_call_id: int
    version: int
    owner_id: int | None
    owner: str | None
    note: str
    closed_at: float | None
    closed_by_id: int | None
    closed_by: str | None
    closed_because: str | None  # a calls.missed.ClosedBecause
    rows_marked_at: float | None
    rows_marked: int | None  # rows of Zammad's own log
    rows_gone: int | None  # not listed there any more
    person_id: int | None = None  # of the last call
    person: str | None = None
    organization: str | None = None
    certainty: str | None = None
    identified_as: str | None = None
    rang: float | None = None  # seconds
    phones: tuple[str, ...] = ()  # whose phones rang
    attempts: tuple[TriedCallback, ...] = ()  # to call back; talks are none
    ticket: ShownTicket | None = None  # that its last call became, or is told in
    notes: tuple[Note, ...] = ()
    voicemail: Voicemail | None = None  # the newest message

    @property
    def perhaps(self) -> tuple[str, ...]:
        """Names of those whose number it is only in one of several readings."""
        return perhaps_named(self.certainty, self.identified_as)

    @property
    def several(self) -> tuple[str, ...]:
        """Names of all whose number it is, where it is not one person's or organization's."""
        return names_of_several(self.certainty, self.identified_as)

    @property
    def words(self) -> frozenset[str]:
        """Everything it is found by."""
        names = (self.person, self.organization, *self.perhaps, *self.several)
        return words_about(names, self.number or self.caller or WITHHELD)

    @property
    def somewhere(self) -> bool:
        """Whether these are organizations: somebody there."""
        return are_organizations(self.identified_as)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVersion:
    """An entry as somebody has seen it."""

    id: int
    version: int
    owner_id: int | None = None


_MADE_HERE = {"phones", "attempts", "ticket", "notes", "voicemail"}
_NAMES = tuple(field.name for field in fields(MissedCall) if field.name not in _MADE_HERE)
_WITH_NAMES = (
    missed_calls.outerjoin(conversations, conversations.c.id == _columns.last_call_id)
    .outerjoin(people, people.c.id == conversations.c.person_id)
    .outerjoin(organizations, organizations.c.id == conversations.c.organization_id)
)
_read_all = select(
    missed_calls,
    conversations.c.person_id,
    people.c.name.label("person"),
    organizations.c.name.label("organization"),
    conversations.c.certainty,
    conversations.c.identified_as,
    conversations.c.waiting.label("rang"),
    conversations.c.story,
).select_from(_WITH_NAMES)


def open_missed(
    connection: Connection,
    viewer: Viewer,
    search: MissedSearch = EVERYTHING,
    *,
    before: tuple[float, int] | None = None,
    limit: int = 200,
) -> list[MissedCall]:
    """Those that need somebody, last call first. `before`: only those behind the one with this last call and id."""
    query = _read_all.where(_open, visible_missed(viewer), *_conditions(search), *_ownership(search))
    if before is not None:
        at, entry = before
        query = query.where((_columns.last_at < at) | ((_columns.last_at == at) & (_columns.id < entry)))
    return _read(connection, query.order_by(_columns.last_at.desc(), _columns.id.desc()).limit(limit), viewer)


def closed_missed(
    connection: Connection, viewer: Viewer, search: MissedSearch = EVERYTHING, *, limit: int = LATELY
) -> list[MissedCall]:
    """Last closed first."""
    query = _read_all.where(_columns.closed_at.is_not(None), visible_missed(viewer), *_conditions(search))
    return _read(connection, query.order_by(_columns.closed_at.desc(), _columns.id.desc()).limit(limit), viewer)


def count_open(
    connection: Connection, viewer: Viewer, search: MissedSearch = EVERYTHING, *, lines: Collection[str] = ()
) -> int:
    """Those at these lines alone, if any are named."""
    conditions = (_open, visible_missed(viewer), *_conditions(search), *_ownership(search))
    query = select(func.count()).select_from(missed_calls).where(*conditions)
    return connection.execute(query.where(_columns.line.in_(lines)) if lines else query).scalar_one()


def open_versions(connection: Connection, viewer: Viewer, search: MissedSearch, *, limit: int) -> list[OpenVersion]:
    """Of all that the search finds, last call first: enough to close them as they are now."""
    conditions = (_open, visible_missed(viewer), *_conditions(search), *_ownership(search))
    query = select(_columns.id, _columns.version, _columns.owner_id).where(*conditions)
    rows = connection.execute(query.order_by(_columns.last_at.desc(), _columns.id.desc()).limit(limit))
    return [OpenVersion(id=row.id, version=row.version, owner_id=row.owner_id) for row in rows]


def _conditions(search: MissedSearch) -> list[ColumnElement[bool]]:
    line = [] if search.line is None else [_columns.line == search.line]
    return [*line, *(has_term(term, _columns.last_call_id) for term in search.terms)]


def _ownership(search: MissedSearch) -> list[ColumnElement[bool]]:
    match search.whose:
        case Whose.ALL:
            return []
        case Whose.MINE:
            return [_columns.owner_id == search.person]
        case Whose.UNASSIGNED:
            return [_columns.owner_id.is_(None)]


def find_missed(connection: Connection, ids: Collection[int], viewer: Viewer) -> dict[int, MissedCall]:
    query = _read_all.where(_columns.id.in_(ids), visible_missed(viewer))
    return {entry.id: entry for entry in _read(connection, query, viewer)}


def _read(connection: Connection, query: Select[Any], viewer: Viewer) -> list[MissedCall]:
    found = [
        MissedCall(**{name: getattr(row, name) for name in _NAMES}, phones=phones_rung(row.story or ()))
        for row in connection.execute(query)
    ]
    attempts = attempts_to_reach(connection, [_waiting(entry) for entry in found])
    tickets = tickets_of_calls(connection, [entry.last_call_id for entry in found])
    notes = notes_of(connection, [entry.id for entry in found])
    voicemails = voicemails_of_missed(connection, [entry.id for entry in found])
    entries = [
        replace(
            entry,
            attempts=own,
            ticket=tickets.get(entry.last_call_id),
            notes=notes.get(entry.id, ()),
            voicemail=voicemails.get(entry.id),
        )
        for entry, own in zip(found, attempts, strict=True)
    ]
    return _of_visible_calls(connection, entries, viewer)


def of_calls(entry: MissedCall, parts: Sequence[Part]) -> MissedCall:
    """The entry as if it consisted of these calls alone, oldest first."""
    last = parts[-1]
    return replace(
        entry, calls=len(parts), first_at=parts[0].at, last_at=last.at, last_call_id=last.call_id, line=last.line
    )


def _of_visible_calls(connection: Connection, entries: list[MissedCall], viewer: Viewer) -> list[MissedCall]:
    if not viewer.restricted or not entries:
        return entries
    parts = parts_of(connection, [entry.id for entry in entries])
    return [of_calls(entry, seen_by(parts[entry.id], viewer)) for entry in entries]


def _waiting(entry: MissedCall) -> Waiting:
    customer = entry.person_id if entry.certainty == Certainty.CERTAIN else None
    return Waiting(number=entry.number, customer=customer, since=entry.first_at, until=entry.closed_at)
