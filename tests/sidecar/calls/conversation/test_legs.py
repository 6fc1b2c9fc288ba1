"""Legs of one call among each other: the order of chains, circles included, and what finding it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.conversation.legs import Leg, count_origins
from sidecar.calls.sipgate.events import Direction

CHAIN = 999


def leg(call_id: str, origin: str | None) -> Leg:
    return Leg(
        call_id=call_id, orig_call_id=origin, direction=Direction.IN, caller="", callee="", users=(), user_ids=(),
        full_user_ids=(), diversion=None, began_at=0.0, pickups=(), hung_up_at=None, cause=None, rejected=None,
    )  # fmt: skip


def origins_one_by_one(start: Leg, legs: Mapping[str, Leg]) -> list[str]:
    """What the count is of, written down as a person would look it up."""
    found: list[str] = []
    origin = start.orig_call_id
    while origin is not None and origin in legs and origin != start.call_id and origin not in found:
        found.append(origin)
        origin = legs[origin].orig_call_id
    return found


class CountedLegs(Mapping[str, Leg]):
    """Counts how often somebody looks into it."""

    def __init__(self, legs: Mapping[str, Leg]) -> None:
        self._legs = legs
        self.looks = 0

    def __getitem__(self, key: str) -> Leg:
        self.looks += 1
        return self._legs[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._legs)

    def __len__(self) -> int:
        return len(self._legs)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([None, *"abcdefgh", "unknown"])), st.data())
def test_the_legs_before_one_are_counted_as_one_would_look_them_up(
    origins: dict[str, str | None], data: st.DataObject
) -> None:
    legs = {call_id: leg(call_id, origin) for call_id, origin in origins.items()}
    wanted = frozenset(data.draw(st.sets(st.sampled_from("abcdefgh"))))
    expected = {each: len(wanted.intersection(origins_one_by_one(legs[each], legs))) for each in legs}
    assert count_origins(legs, wanted) == expected


def test_a_chain_of_a_thousand_legs_costs_a_few_looks_at_each() -> None:
    for order in (range(CHAIN), reversed(range(CHAIN))):
        legs = CountedLegs({f"leg-{n}": leg(f"leg-{n}", f"leg-{n - 1}" if n else None) for n in order})
        counts = count_origins(legs, frozenset(legs))
        assert counts == {f"leg-{n}": n for n in range(CHAIN)}
        assert legs.looks < 4 * CHAIN


def test_a_circle_of_a_thousand_legs_costs_a_few_looks_at_each() -> None:
    legs = CountedLegs({f"leg-{n}": leg(f"leg-{n}", f"leg-{(n + 1) % CHAIN}") for n in range(CHAIN)})
    assert set(count_origins(legs, frozenset(legs)).values()) == {CHAIN - 1}
    assert legs.looks < 4 * CHAIN
