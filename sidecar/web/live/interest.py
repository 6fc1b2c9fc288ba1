"""What a page wants to be told, and updates told as it wants them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.missed_search import MissedSearch
from sidecar.calls.pages.presence import AgentNow
from sidecar.calls.pages.search import CallSearch
from sidecar.store.calls.visibility import Viewer
from sidecar.store.missed.entries import MissedCall
from sidecar.store.pages.updates import PageUpdates
from sidecar.web.live.streams import Said, event
from sidecar.web.rendering.party import about_call, who_calls
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
    missed: MissedSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Of the office beside the updates: agents who do something else now, and at whose phones which calls ring."""

    agents: Sequence[AgentNow] = ()
    rings: Mapping[int, Sequence[ListedCall]] = field(default_factory=dict)
    notified: Callable[[int], bool] = lambda _user_id: True  # whose phone switch is on
    said: dict[tuple[Words, Viewer], bytes] = field(default_factory=dict)  # of the agents


def said_of(updates: PageUpdates, interest: Interest, rendering: Rendering, news: News) -> Said:
    concerned = _owners(updates) if interest.topic == "missed" else frozenset()
    concerned |= updates.concerned
    if interest.viewer.restricted:
        concerned &= {interest.viewer.user_id}

    def told(person: int | None) -> bytes:
        return b"".join(_pieces(updates, interest, rendering, news, person))

    return Said(to_all=told(None), concerned=concerned, told=told)


def _pieces(
    updates: PageUpdates, interest: Interest, rendering: Rendering, news: News, person: int | None
) -> Iterator[bytes]:
    """As events for this person, or for everybody whom the updates do not concern."""
    calls, entries = updates.calls_for(interest.viewer), updates.missed_for(interest.viewer)
    if interest.topic == "calls":
        for number, call in calls.items():
            yield _call_event(number, call, interest, rendering)
        yield _office_events(news, interest, rendering)
    if interest.topic == "missed":
        for number, entry in entries.items():
            yield _missed_event(number, entry, person, interest, rendering)
    if interest.topic == "numbers" and (calls or entries or updates.office):
        yield event("refresh")
    if entries and (count := updates.open_missed.get(interest.viewer)) is not None:
        yield event("count", str(count))
    if person is not None and person in updates.concerned:
        yield ringing_event(person, news, interest.words)
        yield event("desk")
    if calls or entries or not interest.viewer.restricted:  # a position alone would tell when colleagues telephone
        yield event("beat", position=updates.position)


def _office_events(news: News, interest: Interest, rendering: Rendering) -> bytes:
    """Made once for all who speak so and see the same, whatever they search for."""
    audience = interest.words, interest.viewer
    if audience not in news.said:
        shown = (rendering.agent_now(interest.words, seen_by(agent, interest.viewer)) for agent in news.agents)
        news.said[audience] = b"".join(event("agent", each) for each in shown)
    return news.said[audience]


def seen_by(agent: AgentNow, viewer: Viewer) -> AgentNow:
    """Without the call where the viewer may not see it."""
    return agent if agent.call is None or viewer.may_see(agent.call) else replace(agent, call=None)


def ringing_event(person: int, news: News, words: Words) -> bytes:
    """All calls that ring at this person's phones, for a script: it counts them and notifies of new ones."""
    rings = news.rings.get(person, ())
    told = [
        {"id": call.id, "who": who_calls(call, words), "about": about_call(call, words), "notify": notify}
        for call in rings
        for notify in [not call.outbound and not call.internal and news.notified(person)]
    ]
    return event("ringing", json.dumps(told, ensure_ascii=False))


def _call_event(number: int, call: ListedCall | None, interest: Interest, rendering: Rendering) -> bytes:
    if call is None or not interest.search.fits(call):
        return event("gone", f"call-{number}")
    return event("call", rendering.call_row(interest.words, call))


def _missed_event(
    number: int, entry: MissedCall | None, owner: int | None, interest: Interest, rendering: Rendering
) -> bytes:
    if entry is None or not _fits(entry, interest.missed):
        return event("gone", f"missed-{number}")
    mine = entry.owner_id is not None and entry.owner_id == owner
    return event("missed", rendering.missed_item(interest.words, entry, mine))


def _fits(entry: MissedCall, search: MissedSearch) -> bool:
    is_open = entry.closed_at is None
    return search.fits(entry.words, line=entry.line, owner_id=entry.owner_id, is_open=is_open)


def _owners(updates: PageUpdates) -> frozenset[int]:
    """Whoever has taken one of the entries."""
    return frozenset(entry.owner_id for entry in updates.missed.values() if entry and entry.owner_id is not None)
