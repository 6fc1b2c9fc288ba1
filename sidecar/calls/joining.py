"""Which hooks belong together: whatever shares a key, directly or through others, is one conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Hooks, keys and known conversations that prove to be one call. `hooks` are positions in the sequence given."""

    hooks: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)

    def take_in(self, other: Gathering) -> None:
        self.hooks += other.hooks
        self.keys |= other.keys
        self.conversations |= other.conversations


def gathered(keys_of_hooks: Sequence[Sequence[str]], known: Mapping[str, int]) -> list[Gathering]:
    """One gathering for each call, in the order of its first hook; `known` leads from keys to conversations."""
    home: dict[str, Gathering] = {}
    conversations: dict[int, Gathering] = {}
    for position, keys in enumerate(keys_of_hooks):
        mine = Gathering(hooks=[position], keys=set(keys), conversations={known[key] for key in keys if key in known})
        met = [home[key] for key in keys if key in home]
        met += [conversations[number] for number in mine.conversations if number in conversations]
        for other in {id(gathering): gathering for gathering in met}.values():
            mine.take_in(other)
        home.update(dict.fromkeys(mine.keys, mine))
        conversations.update(dict.fromkeys(mine.conversations, mine))
    unique = {id(gathering): gathering for gathering in home.values()}.values()
    for gathering in unique:
        gathering.hooks.sort()
    return sorted(unique, key=lambda gathering: gathering.hooks[0])
