"""What calls of one number make of the list of missed calls.

m30 was missed at 30, at t40 somebody talked, at T40 until it counts at 65.

Shown by paviro/MMM-FRITZ-Box-Callmonitor 7 (a mailbox that picks up is no talk).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.calls.conversation.conversation import State
from sidecar.calls.pages.listing import ListedCall
from sidecar.calls.pages.missed import (
    Booking,
    Closing,
    Entry,
    Talk,
    Talks,
    Tally,
    book,
    is_attempt,
    missed_key,
    moves_of,
    phones_rung,
    talks_to_look_up,
)

NUMBER = "491713920010"
LASTING = {"t": 0.0, "T": 25.0}  # seconds until a talk counts


MISSED = ListedCall(
    id=1, direction="in", internal=False, test=False, state=State.MISSED, caller=NUMBER, callee="4930", number=NUMBER,
    line="", agent=None, agent_id=None, started_at=10.0, answered_at=None, ended_at=10.0, waiting=None, talking=None,
    certainty=None, person_id=None, person=None, organization_id=None, organization=None, identified_as=None,
    agents=frozenset(),
)  # fmt: skip


def call(place: int, at: float = 10.0, /, **changes: Any) -> ListedCall:
    """Missed, unless changed."""
    return replace(MISSED, **{"id": place, "line": f"line {place}", "started_at": at, "ended_at": at, **changes})


def talk(at: float, *, outbound: bool = False, lasting: float = 0.0) -> Talk:
    """`lasting`: until it counts."""
    return Talk(at=at, counts_at=at + lasting, agent="Jane Doe", agent_id=4, outbound=outbound)


def entry(*at: float, closed_at: float | None = None, number: int = 1) -> Entry:
    """Of calls that were missed then."""
    tally = Tally(calls=len(at), first_at=min(at), last_at=max(at), last_call_id=0, line="line 0") if at else None
    closing = None if closed_at is None else Closing(at=closed_at, by="Jane Doe", by_id=4, because="talked in")
    return Entry(id=number, key=NUMBER, number=NUMBER, caller=NUMBER, tally=tally, closing=closing)


def booked(
    story: str, kept: Sequence[Entry] = (), filed: Sequence[tuple[ListedCall, int]] = (), now: float = 0.0
) -> list[Booking]:
    """`filed`: calls as they are now, which were put into these entries before."""
    words = [(word[0], float(word[1:])) for word in story.split()]
    calls = [call(place + 1, at) for place, (kind, at) in enumerate(words) if kind == "m"]
    talks = Talks(by_number={NUMBER: [talk(at, lasting=LASTING[kind]) for kind, at in words if kind in LASTING]})
    moves = moves_of([*calls, *(each for each, _ in filed)], {each.id: place for each, place in filed}, regrouped=False)
    return book(moves, kept, talks, now=now)


def told(bookings: Sequence[Booking]) -> str:
    """`1: 10-30 x2 t40`: entry 1 has two calls from 10 to 30 and a talk at 40 has closed it."""
    return ", ".join(_told(each.entry) for each in bookings)


def _told(entry: Entry) -> str:
    tally = entry.tally
    calls = f"{tally.first_at:.0f}-{tally.last_at:.0f} x{tally.calls}" if tally else "empty"
    return f"{entry.id or 'new'}: {calls}" + (f" t{entry.closing.at:.0f}" if entry.closing else "")


@pytest.mark.parametrize(
    ("story", "kept", "becomes"),
    [
        ("m10", [], "new: 10-10 x1"),
        ("m10 m30", [], "new: 10-30 x2"),
        ("m30 m10", [], "new: 10-30 x2"),
        ("m30", [entry(10, 20)], "1: 10-30 x3"),
        ("m5", [entry(10, 20)], "1: 5-20 x3"),
        ("t30", [entry(10, 20)], "1: 10-20 x2 t30"),
        ("t30 t25", [entry(10, 20)], "1: 10-20 x2 t25"),
        ("t15", [entry(10, 20)], "1: 10-20 x2"),
        ("t20", [entry(10, 20)], "1: 10-20 x2"),
        ("m10 t20 m30", [], "new: 10-10 x1 t20, new: 30-30 x1"),
        ("m10 m30 t40", [], "new: 10-30 x2 t40"),
        ("t15 m20 t30 m40 t50", [entry(10)], "1: 10-10 x1 t15, new: 20-20 x1 t30, new: 40-40 x1 t50"),
        ("m10 t20", [entry(5, closed_at=30)], "1: 5-5 x1 t30, new: 10-10 x1 t20"),
        ("t20", [], ""),
        ("m10 T20 m30", [], "new: 10-30 x2"),
        ("m10 T20 m45", [], "new: 10-10 x1 t45, new: 45-45 x1"),
        ("m10 T20 t30", [], "new: 10-10 x1 t30"),
    ],
)
def test_calls_open_extend_and_close_entries(story: str, kept: list[Entry], becomes: str) -> None:
    assert told(booked(story, kept)) == becomes


@pytest.mark.parametrize(
    ("kept", "story", "becomes"),
    [
        (entry(), "", "1: empty"),
        (entry(10), "", "1: 10-10 x1"),
        (entry(closed_at=30), "", "1: empty t30"),
        (entry(), "t20", "1: empty"),
        (entry(), "m30 t20", "1: 30-30 x1"),
        (entry(), "m10 t20", "1: 10-10 x1 t20"),
        (entry(10), "t20", "1: 10-10 x1 t20"),
    ],
)
def test_an_entry_that_has_lost_a_call_goes_on_with_what_is_left(kept: Entry, story: str, becomes: str) -> None:
    answered = call(99, answered_at=20.0, counts_at=30.0, state=State.ENDED)
    assert told(booked(story, [kept], filed=[(answered, 1)])) == becomes


def test_the_last_call_gives_the_entry_its_line() -> None:
    (booking,) = booked("m10 m30 m20")
    tally = booking.entry.tally
    assert tally
    assert (tally.line, tally.last_call_id) == ("line 2", 2)
    assert booking.joining == (1, 3, 2)


@pytest.mark.parametrize(("outbound", "because"), [(False, "talked in"), (True, "talked out")])
def test_a_closed_entry_says_who_closed_it_how_and_when_that_was_known(*, outbound: bool, because: str) -> None:
    moves = moves_of([call(1)], {}, regrouped=False)
    (booking,) = book(moves, [], Talks(by_number={NUMBER: [talk(20, outbound=outbound)]}), now=50)
    assert booking.entry.closing == Closing(at=50, by="Jane Doe", by_id=4, because=because)


@pytest.mark.parametrize(
    ("one", "joins", "looked_at"),
    [
        (call(1), True, True),
        (call(1, test=True), False, False),
        (call(1, state=State.BLOCKED), False, False),
        (call(1, state=State.RINGING, ended_at=None), False, False),
        (call(1, state=State.ANSWERED, answered_at=20.0, counts_at=30.0), False, True),
        (call(1, state=State.ANSWERED, answered_at=20.0), False, False),
        (call(1, state=State.SHORT_RING), False, False),
        (call(1, state=State.ENDED, answered_at=20.0, counts_at=30.0, test=True), False, False),
        (call(1, state=State.ENDED, answered_at=20.0, counts_at=30.0, internal=True), False, False),
    ],
)
def test_which_calls_have_to_do_with_the_list(one: ListedCall, *, joins: bool, looked_at: bool) -> None:
    moves = moves_of([one], {}, regrouped=False)
    assert (bool(moves.joining), bool(moves.keys)) == (joins, looked_at)


def test_a_call_joins_once_and_leaves_once_it_proves_not_to_be_missed() -> None:
    still, answered = call(1), call(2, state=State.ENDED, answered_at=20.0)
    moves = moves_of([still, answered], {1: 7, 2: 7}, regrouped=False)
    assert (moves.joining, dict(moves.leaving)) == ((), {2: 7})


def test_calls_that_swallowed_others_have_their_entries_counted_anew() -> None:
    assert moves_of([call(1)], {1: 7}, regrouped=False).keys == frozenset()
    assert moves_of([call(1)], {1: 7}, regrouped=True).keys == {NUMBER}


def test_talks_are_looked_up_since_the_last_missed_call() -> None:
    moves = moves_of([call(1, 30), call(2, 40), call(3, number=None)], {}, regrouped=False)
    kept = [entry(10, 20), entry(5, closed_at=7, number=2), entry(number=3)]
    assert talks_to_look_up(moves, []).numbers == {NUMBER: 30}
    assert talks_to_look_up(moves, kept).numbers == {NUMBER: 20}


def of_customer(place: int, at: float = 10.0, /, **changes: Any) -> ListedCall:
    return call(place, at, **{"certainty": "certain", "person_id": 7, **changes})


def test_a_talk_with_the_customer_on_another_number_closes_their_entry() -> None:
    moves = moves_of([of_customer(1)], {}, regrouped=False)
    assert talks_to_look_up(moves, []).customers == {7: 10}
    (booking,) = book(moves, [], Talks(by_customer={7: [talk(20)]}), now=50)
    assert booking.entry.closing


@pytest.mark.parametrize("doubtful", [{"certainty": "several"}, {"person_id": None}, {"person_id": 8}])
def test_a_talk_with_anybody_else_does_not(doubtful: dict[str, Any]) -> None:
    moves = moves_of([of_customer(1, **doubtful)], {}, regrouped=False)
    (booking,) = book(moves, [], Talks(by_customer={7: [talk(20)]}), now=50)
    assert not booking.entry.closing


def test_entries_of_whom_somebody_talked_with_are_looked_at() -> None:
    talked = {"state": State.ENDED, "answered_at": 20.0, "counts_at": 30.0, "person_id": 7, "certainty": "certain"}
    moves = moves_of([call(1, **talked, talked_with=7), call(2, **talked)], {}, regrouped=False)
    assert moves.customers == {7}


@pytest.mark.parametrize(
    ("one", "key"),
    [
        (call(1), NUMBER),
        (call(1, number=None, caller="anonymous"), "call:1"),
        (call(1, number=None, caller=" "), "call:1"),
        (call(1, number=None, caller="Sip.User@example.com"), "raw:sip.user@example.com"),
        (call(1, number=None, direction="out", callee="*12"), "raw:*12"),
    ],
)
def test_calls_fold_into_one_entry_by_number_and_withheld_ones_stand_alone(one: ListedCall, key: str) -> None:
    assert missed_key(one) == key


@given(
    kinds=st.lists(st.sampled_from("mmtT"), max_size=9),
    cuts=st.sets(st.integers(min_value=1, max_value=8), max_size=3),
)
def test_it_makes_no_difference_in_how_many_portions_calls_are_heard_of(kinds: list[str], cuts: set[int]) -> None:
    story = [f"{kind}{10 * place}" for place, kind in enumerate(kinds, start=1)]
    assert _at_last(story, {0, len(story)} | {cut for cut in cuts if cut < len(story)}) == _at_last(
        story, {0, len(story)}
    )


def _at_last(story: list[str], cuts: set[int]) -> list[str]:
    """All entries after these portions of the story, talks of earlier portions that count by then still being known."""
    entries: list[Entry] = []
    for begin, end in pairwise([*sorted(cuts), len(story) + 3]):
        talks = [word for word in story if float(word[1:]) + LASTING.get(word[0], 1e9) <= 10 * end]
        heard = [*talks, *(word for word in story[begin:end] if word[0] == "m")]
        entries = [each.entry for each in booked(" ".join(heard), entries)]
    return sorted(_told(each).partition(": ")[2] for each in entries)


@pytest.mark.parametrize(
    ("legs", "names"),
    [
        ([{"direction": "in", "users": ["Jane", "Max"], "user_ids": ["w0", "w1"]}], ("Jane", "Max")),
        ([{"direction": "in", "users": ["Jane"], "user_ids": ["w0", "w1"]}], ("Jane", "w1")),
        ([{"direction": "in", "user_ids": ["w0"]}], ("w0",)),
        ([{"direction": "in", "users": ["Jane"]}, {"direction": "in", "users": ["Max", "Jane"]}], ("Jane", "Max")),
        ([{"direction": "in", "users": ["Jane"]}, {"direction": "in", "users": ["voicemail"]}], ("Jane",)),
        ([{"direction": "in", "users": ["Jane"], "rejected": {"code": "blocked.row"}}], ()),
        ([{"direction": "out", "users": ["Jane"]}], ()),
        ([{"direction": "in"}], ()),
        ([], ()),
    ],
)
def test_whose_phones_rang(legs: list[dict[str, object]], names: tuple[str, ...]) -> None:
    assert phones_rung(legs) == names


@pytest.mark.parametrize(
    ("changes", "attempted"),
    [
        ({}, True),
        ({"state": State.ENDED, "answered_at": 5.0}, True),  # a talk that was too short
        ({"state": State.UNKNOWN}, True),
        ({"counts_at": 9.0}, False),
        ({"ended_at": None}, False),
        ({"direction": "in"}, False),
        ({"number": None}, False),
        ({"test": True}, False),
        ({"internal": True}, False),
    ],
)
def test_what_is_an_attempt_to_call_back(changes: dict[str, Any], *, attempted: bool) -> None:
    assert is_attempt(call(1, **{"direction": "out", "state": State.NOT_REACHED, **changes})) is attempted
