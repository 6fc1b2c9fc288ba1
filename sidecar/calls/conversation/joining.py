"""Which hooks belong together: whatever shares a leg, directly or through others, is one conversation.

Legs are named by their own id and by the one they came from. The `xcid` joins what these do not; two legs of which
sipgate says that they came from none are two calls, whatever they share (docs/reference/sipgate.md sections 1.2 and 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sidecar.calls.sipgate.events import CallEvent, KeysPressed

NO_ROOTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What leads from a hook to its conversation."""

    legs: tuple[str, ...]  # its own id first
    shared: str | None = None  # key of the xcid
    fresh: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.legs, self.shared) if self.shared else self.legs


def links_of(event: CallEvent) -> Links:
    if isinstance(event, KeysPressed):
        return Links(legs=(event.call_id,))
    legs = (event.call_id, event.orig_call_id) if event.orig_call_id else (event.call_id,)
    return Links(legs=legs, shared=f"x:{event.xcid}" if event.xcid else None, fresh=event.fresh)


@dataclass(slots=True, kw_only=True, eq=False)
class Gathering:
    """Hooks, keys and known conversations that prove to be one call. `hooks` are positions in the sequence given."""

    hooks: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)  # ids of the legs that came from none
    into: Gathering | None = None

    def joined_with(self, other: Gathering) -> Gathering:
        mine, others = self.whole(), other.whole()
        if others is not mine:
            if len(others.hooks) + len(others.keys) > len(mine.hooks) + len(mine.keys):
                mine, others = others, mine  # the larger one stays: moving it each time would cost a square
            mine.hooks += others.hooks
            mine.keys |= others.keys
            mine.conversations |= others.conversations
            mine.roots |= others.roots
            others.into = mine
        return mine

    def whole(self) -> Gathering:
        """The one this has become a part of."""
        found = self
        while found.into is not None:
            if found.into.into is not None:
                found.into = found.into.into  # a shorter way for the next one
            found = found.into
        return found


def gathered(
    hooks: Sequence[Links | None], known: Mapping[str, int], roots: Mapping[int, frozenset[str]]
) -> list[Gathering]:
    """One gathering for each call, in the order of its first hook.

    `known` leads from keys to conversations, `roots` from those to the legs of theirs that came from none.
    """
    home: dict[str | int, Gathering] = {}  # by legs and conversations
    sharing: dict[str, list[Gathering]] = {}
    for position, links in enumerate(hooks):
        if links is not None:
            gathering = _with_its_legs(position, links, home, known, roots)
            if links.shared:
                sharing.setdefault(links.shared, []).append(gathering)
    for key, those in sharing.items():
        if (number := known.get(key)) is not None:
            those.insert(0, home.setdefault(number, _conversation(number, roots)))
        _join_sharing(key, [gathering.whole() for gathering in those])
    unique = {id(whole): whole for gathering in home.values() if (whole := gathering.whole()).hooks}.values()
    for gathering in unique:
        gathering.hooks.sort()
    return sorted(unique, key=lambda gathering: gathering.hooks[0])


def _with_its_legs(
    position: int,
    links: Links,
    home: dict[str | int, Gathering],
    known: Mapping[str, int],
    roots: Mapping[int, frozenset[str]],
) -> Gathering:
    gathering = Gathering(hooks=[position], keys=set(links.keys), roots={links.legs[0]} if links.fresh else set())
    for leg in links.legs:
        if (number := known.get(leg)) is not None:
            gathering = home.setdefault(number, _conversation(number, roots)).joined_with(gathering)
    for leg in links.legs:
        gathering = home.setdefault(leg, gathering).joined_with(gathering)
    return gathering


def _conversation(number: int, roots: Mapping[int, frozenset[str]]) -> Gathering:
    return Gathering(conversations={number}, roots=set(roots.get(number, NO_ROOTS)))


def _join_sharing(key: str, those: Sequence[Gathering]) -> None:
    """All are one call, unless several begin by themselves: then the rest belongs to the last of those."""
    begin = list({id(gathering): gathering for gathering in those if gathering.roots}.values())
    last = begin[-1] if begin else those[0]
    for gathering in those:
        if not gathering.roots:
            last = last.joined_with(gathering)
    for other in begin[:-1]:
        other.keys.discard(key)
