"""What open pages have to be told: the changed calls and entries as they are now, read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.presence import RunningCall
from sidecar.store.calls.listed import listed_calls
from sidecar.store.calls.visibility import SEES_ALL, Viewer
from sidecar.store.missed.entries import MissedCall, count_open, find_missed, of_calls
from sidecar.store.missed.parts import Part, count_open_for, parts_of, seen_by
from sidecar.store.pages.desks import running_calls
from sidecar.store.replicas.page_changes import Kind, PageChange, changes_after, oldest_position, position

MOST = 500  # changes told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUpdates:
    """Everything up to `position`. None: the call or entry is no more."""

    position: int
    calls: Mapping[int, ListedCall | None] = field(default_factory=dict)
    missed: Mapping[int, MissedCall | None] = field(default_factory=dict)
    open_missed: Mapping[Viewer, int] = field(default_factory=dict)  # how many there are; only where entries changed
    ended_sessions: frozenset[str] = frozenset()
    running: tuple[RunningCall, ...] = ()  # only where calls or the office changed
    office: bool = False  # whether agents or their phone switches did
    # of the entries, only where somebody sees only some calls:
    missed_parts: Mapping[int, Sequence[Part]] = field(default_factory=dict)  # their calls
    missed_left: Mapping[int, Sequence[ListedCall]] = field(default_factory=dict)  # maybe until now: see `_left`

    @property
    def concerned(self) -> frozenset[int]:
        """Agents who took part in one of the calls."""
        return frozenset(agent for call in self.calls.values() if call for agent in call.agents)

    def calls_for(self, viewer: Viewer) -> Mapping[int, ListedCall | None]:
        """Those the viewer may see, and those that are no more.

        Of others they are not told even that something has happened: whoever took part in a call stays in it.
        """
        if not viewer.restricted:
            return self.calls
        return {number: call for number, call in self.calls.items() if call is None or viewer.may_see(call)}

    def missed_for(self, viewer: Viewer) -> Mapping[int, MissedCall | None]:
        """As `calls_for`. But an entry can lose a call, and be gone for whoever took part in that one alone."""
        if not viewer.restricted:
            return self.missed
        found: dict[int, MissedCall | None] = {}
        for number, entry in self.missed.items():
            if entry is None:
                found[number] = None
            elif seen := seen_by(self.missed_parts.get(number, ()), viewer):
                found[number] = of_calls(entry, seen)
            elif any(viewer.may_see(call) for call in self.missed_left.get(number, ())):
                found[number] = None
        return found


def read_updates(connection: Connection, after: int, viewers: Collection[Viewer]) -> PageUpdates | None:
    """What has changed after this position for these viewers; None: nothing."""
    changes = changes_after(connection, after, limit=MOST)
    return _updates(connection, changes, viewers) if changes else None


def read_updates_since(connection: Connection, after: int, viewer: Viewer) -> PageUpdates | None:
    """As `read_updates` for one viewer who was away; None where that is too much, or not known any more."""
    if not oldest_position(connection) <= after <= position(connection):
        return None
    changes = changes_after(connection, after, limit=MOST)
    if len(changes) == MOST:
        return None
    return _updates(connection, changes, [viewer]) if changes else PageUpdates(position=after)


def updates_of_office(connection: Connection, at: int) -> PageUpdates:
    """Of agents alone, for pages that know everything up to this position."""
    return PageUpdates(position=at, running=running_calls(connection), office=True)


def _updates(connection: Connection, changes: Sequence[PageChange], viewers: Collection[Viewer]) -> PageUpdates:
    call_ids, entry_ids = _subjects(changes, Kind.CALL), _subjects(changes, Kind.MISSED)
    calls = listed_calls(connection, call_ids)
    entries = find_missed(connection, entry_ids, SEES_ALL) if entry_ids else {}
    some_restricted = any(viewer.restricted for viewer in viewers)
    return PageUpdates(
        position=changes[-1].id,
        calls={number: calls.get(number) for number in call_ids},
        missed={number: entries.get(number) for number in entry_ids},
        open_missed=_open_missed(connection, viewers) if entry_ids else {},
        running=running_calls(connection) if call_ids else (),
        ended_sessions=frozenset(change.session for change in changes if change.session),
        missed_parts=parts_of(connection, entry_ids) if some_restricted else {},
        missed_left=_left(entries.values(), calls.values()) if some_restricted else {},
    )


def _subjects(changes: Sequence[PageChange], kind: Kind) -> list[int]:
    """Each once, in the order of the last change."""
    subjects = (change.subject for change in reversed(changes) if change.kind is kind)
    return list(dict.fromkeys(subject for subject in subjects if subject is not None))[::-1]


def _left(entries: Iterable[MissedCall | None], calls: Iterable[ListedCall | None]) -> dict[int, Sequence[ListedCall]]:
    """Entries to the changed calls with the same caller.

    A call that proves not to be missed leaves its entry in the transaction in which it changes: both are told together.
    """
    by_caller: dict[str, list[ListedCall]] = defaultdict(list)
    for call in calls:
        if call is not None:
            by_caller[call.number or call.other_party].append(call)
    return {entry.id: by_caller.get(entry.number or entry.caller, ()) for entry in entries if entry is not None}


def _open_missed(connection: Connection, viewers: Collection[Viewer]) -> dict[Viewer, int]:
    """A few queries, however many viewers."""
    restricted = [viewer for viewer in viewers if viewer.restricted]
    counts: dict[Viewer, int] = {}
    if len(restricted) < len(viewers):
        everything = count_open(connection, SEES_ALL)
        counts = {viewer: everything for viewer in viewers if not viewer.restricted}
    if restricted:
        counts |= count_open_for(connection, restricted)
    return counts
