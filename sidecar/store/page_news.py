"""What open pages have to be told: the changed calls and entries as they are now, read together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from sidecar.calls.listing import ListedCall
from sidecar.store.listed_calls import listed_calls
from sidecar.store.missed import MissedCall, count_open, find_missed
from sidecar.store.page_changes import Kind, PageChange, changes_after, oldest_position, position
from sidecar.store.visibility import Viewer

MOST = 500  # changes told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Everything up to `position`. None: the call or entry is gone, or was never visible to that viewer."""

    position: int
    calls: Mapping[int, ListedCall | None]
    missed: Mapping[Viewer, Mapping[int, MissedCall | None]]
    open_missed: Mapping[Viewer, int]  # how many there are; only where entries changed
    ended_sessions: frozenset[str]


def read_news(connection: Connection, after: int, viewers: Collection[Viewer]) -> News | None:
    """What has changed after this position for these viewers; None: nothing."""
    changes = changes_after(connection, after, limit=MOST)
    return _news(connection, changes, viewers) if changes else None


def read_missing(connection: Connection, after: int, viewer: Viewer) -> News | None:
    """As `read_news` for one viewer who was away; None where that is too much, or not known any more."""
    if not oldest_position(connection) <= after <= position(connection):
        return None
    changes = changes_after(connection, after, limit=MOST)
    if len(changes) == MOST:
        return None
    return _news(connection, changes, [viewer]) if changes else _nothing(after)


def _news(connection: Connection, changes: Sequence[PageChange], viewers: Collection[Viewer]) -> News:
    call_ids, entry_ids = _subjects(changes, Kind.CALL), _subjects(changes, Kind.MISSED)
    calls = listed_calls(connection, call_ids)
    return News(
        position=changes[-1].id,
        calls={number: calls.get(number) for number in call_ids},
        missed={viewer: _entries(connection, entry_ids, viewer) for viewer in viewers} if entry_ids else {},
        open_missed={viewer: count_open(connection, viewer) for viewer in viewers} if entry_ids else {},
        ended_sessions=frozenset(change.session for change in changes if change.session),
    )


def _nothing(after: int) -> News:
    return News(position=after, calls={}, missed={}, open_missed={}, ended_sessions=frozenset())


def _subjects(changes: Sequence[PageChange], kind: Kind) -> list[int]:
    """Each once, in the order of the last change."""
    subjects = (change.subject for change in reversed(changes) if change.kind is kind)
    return list(dict.fromkeys(subject for subject in subjects if subject is not None))[::-1]


def _entries(connection: Connection, ids: Collection[int], viewer: Viewer) -> dict[int, MissedCall | None]:
    found = find_missed(connection, ids, viewer)
    return {number: found.get(number) for number in ids}
