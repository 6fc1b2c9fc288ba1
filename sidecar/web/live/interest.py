"""What a page wants to be told, and updates told as it wants them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.search import CallSearch
from sidecar.store.calls.visibility import Viewer
from sidecar.store.missed.entries import MissedCall
from sidecar.store.pages.updates import PageUpdates
from sidecar.web.live.streams import Said, event
from sidecar.web.rendering.templates import Rendering
from sidecar.words.wording import Words

TOPICS = ("calls", "missed", "numbers", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What the events of a page depend on, whoever looks at it: made once for all pages with equal ones.

    Only the missed calls look different to whoever has taken them.
    """

    topic: str
    words: Words
    viewer: Viewer
    search: CallSearch


def said_of(updates: PageUpdates, interest: Interest, rendering: Rendering) -> Said:
    owners = _owners(updates, interest.viewer) if interest.topic == "missed" else ()
    return Said(
        to_all=b"".join(_pieces(updates, interest, rendering, None)),
        instead={owner: b"".join(_pieces(updates, interest, rendering, owner)) for owner in owners},
    )


def _pieces(updates: PageUpdates, interest: Interest, rendering: Rendering, owner: int | None) -> Iterator[bytes]:
    """As events for this owner of missed calls, or for everybody else."""
    calls, entries = updates.calls_for(interest.viewer), updates.missed_for(interest.viewer)
    if interest.topic == "calls":
        for number, call in calls.items():
            yield _call_event(number, call, interest, rendering)
    if interest.topic == "missed":
        for number, entry in entries.items():
            yield _missed_event(number, entry, owner, interest, rendering)
    if interest.topic == "numbers" and (calls or entries):
        yield event("refresh")
    if entries and (count := updates.open_missed.get(interest.viewer)) is not None:
        yield event("count", str(count))
    if calls or entries or not interest.viewer.only_own:  # a position alone would tell when colleagues telephone
        yield event("beat", position=updates.position)


def _call_event(number: int, call: ListedCall | None, interest: Interest, rendering: Rendering) -> bytes:
    if call is None or not interest.search.fits(call):
        return event("gone", f"call-{number}")
    return event("call", rendering.call_row(interest.words, call))


def _missed_event(
    number: int, entry: MissedCall | None, owner: int | None, interest: Interest, rendering: Rendering
) -> bytes:
    if entry is None:
        return event("gone", f"missed-{number}")
    mine = entry.owner_id is not None and entry.owner_id == owner
    return event("missed", rendering.missed_item(interest.words, entry, mine))


def _owners(updates: PageUpdates, viewer: Viewer) -> Collection[int]:
    """Whoever has taken one of the entries and may see this."""
    owners = {entry.owner_id for entry in updates.missed.values() if entry is not None and entry.owner_id is not None}
    return owners & {viewer.user_id} if viewer.only_own else owners
